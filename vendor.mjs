// Copies browser packages from node_modules into the app's static files and records them. Owns the list of files;
// package.json pins the versions. The npm package onnxruntime-web has no licence file, so the licence comes from the
// onnxruntime Python package, which has the same source and is pinned in requirements/serving.txt.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TARGET = "digit_recognition/static/digit_recognition/vendor";
const ENGINE = "digit_recognition/device/wasm"; // the app serves these itself, already compressed

// The script refers to its source map: without that file, collecting hashed static files fails. The type check reads the
// declarations instead of the script.
const FILES = {
  "onnxruntime-web": [
    "dist/ort.wasm.bundle.min.mjs",
    "dist/ort.wasm.bundle.min.mjs.map",
    "dist/ort-wasm-simd-threaded.wasm",
    `${pythonPackageFolder("onnxruntime")}/LICENSE`,
    resolve("types/ort.wasm.bundle.min.d.mts"),
  ],
};

for (const [name, files] of Object.entries(FILES)) {
  vendor(name, files);
}

/** @type {(name: string) => string} */
function pythonPackageFolder(name) {
  const code = `import importlib.util as u, pathlib; print(pathlib.Path(u.find_spec("${name}").origin).parent)`;
  return execFileSync(".venv/bin/python", ["-c", code], { encoding: "utf8" }).trim();
}

/** @type {(name: string, files: string[]) => void} */
function vendor(name, files) {
  const source = join("node_modules", name);
  const target = join(TARGET, name);
  const { version, license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const sha256 = Object.fromEntries(files.map((file) => copy(resolve(source, file), target)));
  const record = { name, version, license, sha256 };
  writeFileSync(join(target, "vendored.json"), `${JSON.stringify(record, null, 2)}\n`);
}

/** @type {(file: string, target: string) => [name: string, sha256: string]} */
function copy(file, target) {
  const content = readFileSync(file);
  if (file.endsWith(".wasm")) {
    compress(content, join(ENGINE, basename(file)));
  } else {
    writeFileSync(join(target, basename(file)), content);
  }
  return [basename(file), createHash("sha256").update(content).digest("hex")];
}

/** @type {(content: Buffer, file: string) => void} */
function compress(content, file) {
  mkdirSync(ENGINE, { recursive: true });
  writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params })); // takes up to two minutes
}
