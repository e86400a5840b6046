// Copies the browser packages from node_modules into the app's static files, and records what was copied.
// Owns which files are taken; their versions are package.json's.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const TARGET = "digit_recognition/static/digit_recognition/vendor";

// The source map belongs to the script: hashed static files refuse a reference that leads nowhere.
const TAKEN = {
  signature_pad: ["LICENSE", "dist/signature_pad.min.js", "dist/signature_pad.min.js.map"],
};

for (const [name, files] of Object.entries(TAKEN)) {
  vendor(name, files);
}

function vendor(name, files) {
  const source = join("node_modules", name);
  const target = join(TARGET, name);
  const { version, license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const sha256 = Object.fromEntries(files.map((file) => copy(join(source, file), target)));
  const record = { name, version, license, sha256 };
  writeFileSync(join(target, "vendored.json"), `${JSON.stringify(record, null, 2)}\n`);
}

function copy(file, target) {
  const content = readFileSync(file);
  writeFileSync(join(target, basename(file)), content);
  return [basename(file), createHash("sha256").update(content).digest("hex")];
}
