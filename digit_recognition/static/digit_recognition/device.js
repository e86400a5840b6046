// Asks the engine on this device, a worker: starts it, and knows whether it can answer. Knows nothing of its files.

import { Unanswered } from "./server.js";

const SIDE = 28;

/** Sends "change" whenever `state` does: "off", then "starting", then "ready" or "broken". */
export class Device extends EventTarget {
  #worker = null;
  #parts;
  #asked = new Map(); // id → {resolve, reject}
  #count = 0;
  #scratch = null;
  state = "off";

  /** parts: the worker's address and its task, {files: {wasm, strokes, pixels, model}, rule, model}; null if none. */
  constructor(parts) {
    super();
    this.#parts = parts;
  }

  /** Does nothing where it was started before. */
  start() {
    if (this.state !== "off") {
      return;
    }
    this.#become("starting");
    try {
      this.#worker = new Worker(this.#parts.engine, { type: "module" });
    } catch {
      this.#become("broken"); // no workers, no modules in them, or nothing to load
      return;
    }
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", () => this.#break());
    this.#worker.postMessage(this.#parts.task);
  }

  get ready() {
    return this.state === "ready";
  }

  /**
   * ({strokes} or {picture}, signal) → {digit, confidence, probabilities, reason, model, seen}; waits for the engine to
   * start. picture: an ImageData's {data, width, height}, upright.
   */
  async ask({ strokes, picture }, signal) {
    await this.#started();
    const id = (this.#count += 1);
    return new Promise((resolve, reject) => {
      if (!this.ready) {
        reject(new Unanswered("here"));
        return;
      }
      this.#asked.set(id, { resolve, reject });
      signal.addEventListener("abort", () => this.#settle(id, "reject", new Unanswered("dropped")), { once: true });
      this.#worker.postMessage({ id, strokes, picture });
    });
  }

  #started() {
    this.start();
    if (this.state !== "starting") {
      return undefined;
    }
    return new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
  }

  #hear({ id, ready, answer }) {
    if (ready) {
      this.#become("ready");
    } else if (answer) {
      this.#settle(id, "resolve", { ...answer, seen: this.#url(answer.seen) });
    } else {
      this.#break();
    }
  }

  #settle(id, outcome, value) {
    this.#asked.get(id)?.[outcome](value);
    this.#asked.delete(id);
  }

  #break() {
    this.#worker.terminate();
    this.#become("broken");
    for (const id of [...this.#asked.keys()]) {
      this.#settle(id, "reject", new Unanswered("here"));
    }
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  // 784 bytes, 0 paper to 255 ink, as the picture that the server would send.
  #url(seen) {
    this.#scratch ??= Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    const context = this.#scratch.getContext("2d", { willReadFrequently: true });
    const image = context.createImageData(SIDE, SIDE);
    seen.forEach((ink, place) => image.data.set([ink, ink, ink, 255], 4 * place));
    context.putImageData(image, 0, 0);
    return this.#scratch.toDataURL();
  }
}
