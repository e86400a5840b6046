// Asks the engine on this device, a worker: starts it, and again should it die, and knows whether it can answer. Knows
// nothing of its files.

import { Unanswered } from "./server.js";

const SIDE = 28;
const PATIENCE_MS = 10_000; // with an engine that starts
const ANSWER_PATIENCE_MS = 3000; // a worker that the system ended says nothing
const PICTURE_PATIENCE_MS = 40_000; // a large photo on a slow phone
const START_PATIENCE_MS = 120_000; // the engine by a slow network
const MOST_STARTS = 3;
const MOST_SENT = 2; // a question that a worker died of twice is not asked again

/** Sends "change" whenever `state` does: "off", then "starting", then "ready" or "broken", from which it may start again. */
export class Device extends EventTarget {
  /** @type {Worker | undefined} */
  #worker;
  #parts;
  /** @type {Map<number, Waiting>} */
  #asked = new Map();
  #count = 0;
  #starts = 0;
  #worked = false; // whether it was ever ready
  /** @type {number | undefined} */
  #starting; // the timer of a start
  /** @type {"off" | "starting" | "ready" | "broken"} */
  state = "off";

  /** @param {DeviceParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
  }

  /** Does nothing where it was started before, unless that failed. */
  start() {
    if (this.state === "off" || this.state === "broken") {
      this.#starts = 0;
      this.#start();
    }
  }

  get ready() {
    return this.state === "ready";
  }

  /** Waits a while for the engine to start. @type {Ask} */
  async ask({ strokes, picture }, signal) {
    /** @type {Answer<Uint8Array>} */
    const { seen, ...answer } = await this.#put({ strokes, picture }, signal);
    return { ...answer, seen: imageOf(seen) };
  }

  /** What speaks for each digit, in the unit of what is given. @type {Ask<Square[]>} */
  explain({ strokes, picture }, signal) {
    return this.#put({ strokes, picture, why: true }, signal);
  }

  /** @type {AskEngine} */
  #put({ strokes, ...question }, signal) {
    if (this.state === "off" || this.#worked) {
      this.start();
    }
    this.#count += 1;
    const id = this.#count;
    const message = /** @type {Asking} */ ({ ...question, id, strokes: strokes && packed(strokes) });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, "reject", new Unanswered("loading")), PATIENCE_MS);
      this.#asked.set(id, { message, resolve, reject, timer, sent: 0 });
      signal.addEventListener("abort", () => this.#drop(id), { once: true });
      if (this.ready) {
        this.#send(id);
      } else if (this.state === "broken") {
        this.#settle(id, "reject", new Unanswered("here"));
      }
    });
  }

  #start() {
    this.#starts += 1;
    this.#become("starting");
    if (!this.#parts) {
      this.#giveUp();
      return;
    }
    try {
      this.#worker = new Worker(this.#parts.engine, { type: "module" });
    } catch {
      this.#giveUp(); // no workers, no modules in them, or nothing to load
      return;
    }
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", () => this.#break());
    this.#worker.postMessage(this.#parts.task);
    this.#starting = setTimeout(() => this.#break(), START_PATIENCE_MS);
  }

  /** @param {number} id */
  #send(id) {
    const asked = /** @type {Waiting} */ (this.#asked.get(id));
    clearTimeout(asked.timer);
    asked.timer = setTimeout(() => this.#break(), asked.message.picture ? PICTURE_PATIENCE_MS : ANSWER_PATIENCE_MS);
    asked.sent += 1;
    this.#worker?.postMessage(asked.message);
  }

  /** @param {FromEngine} message */
  #hear({ id, ready, answer }) {
    if (ready) {
      clearTimeout(this.#starting);
      this.#worked = true;
      this.#become("ready");
      for (const waiting of this.#asked.keys()) {
        this.#send(waiting);
      }
    } else if (answer) {
      this.#settle(id, "resolve", answer);
    } else if (id) {
      this.#settle(id, "reject", new Unanswered(navigator.onLine ? "here" : "offline")); // this one alone
    } else {
      this.#break();
    }
  }

  /** @param {number} id */
  #drop(id) {
    if (this.ready && this.#asked.get(id)?.message.why) {
      this.#worker?.postMessage({ id, dropped: true }); // other answers come before this could be heard
    }
    this.#settle(id, "reject", new Unanswered("dropped"));
  }

  /** @type {(id: number, outcome: "resolve" | "reject", value: Heard | Unanswered) => void} */
  #settle(id, outcome, value) {
    clearTimeout(this.#asked.get(id)?.timer);
    this.#asked.get(id)?.[outcome](value);
    this.#asked.delete(id);
  }

  // One that had answered may have been ended for its memory: what is asked waits for the next one.
  #break() {
    const again = this.ready && this.#starts < MOST_STARTS;
    clearTimeout(this.#starting);
    this.#worker?.terminate();
    for (const [id, { timer, sent }] of [...this.#asked]) {
      clearTimeout(timer);
      if (sent === MOST_SENT) {
        this.#settle(id, "reject", new Unanswered("here"));
      }
    }
    if (again) {
      this.#start();
    } else {
      this.#giveUp();
    }
  }

  #giveUp() {
    this.#become("broken");
    for (const id of [...this.#asked.keys()]) {
      this.#settle(id, "reject", new Unanswered("here"));
    }
  }

  /** @param {Device["state"]} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

// seen: 784 bytes, 0 paper to 255 ink.
/** @param {Uint8Array} seen */
function imageOf(seen) {
  const rgba = Uint32Array.from(seen, (ink) => ink * 0x010101 + 0xff000000); // 0xAABBGGRR
  return new ImageData(new Uint8ClampedArray(rgba.buffer), SIDE);
}

// One array for all strokes: it is copied to the worker at once, many small ones take half a millisecond.
/** @type {(strokes: Place[][]) => Packed} */
function packed(strokes) {
  return { lengths: strokes.map(({ length }) => length), numbers: Float64Array.from(strokes.flat(2)) };
}
