// Asks the engine on this device, a worker. Starts it, restarts it if it dies, and knows whether it is ready. Does not
// know its files.

import { Unanswered } from "./server.js";

const SIDE = 28;
const PATIENCE_MS = 10_000; // for the engine to start
const ANSWER_PATIENCE_MS = 3000; // a worker that the system ended sends nothing
const PICTURE_PATIENCE_MS = 40_000; // for a large photo on a slow phone
const START_PATIENCE_MS = 120_000; // for the download over a slow network
const MOST_STARTS = 3;
const MOST_SENT = 2; // a question that killed two workers is not asked again

/** Sends "change" when `state` changes: "off", "starting", "ready" or "broken". A broken one may be started again. */
export class Device extends EventTarget {
  /** @type {Worker | undefined} */
  #worker;
  #parts;
  /** @type {Map<number, Waiting>} */
  #asked = new Map();
  #count = 0;
  #starts = 0;
  #worked = false; // true once it has been ready
  /** @type {number | undefined} */
  #startTimer;
  /** @type {"off" | "starting" | "ready" | "broken"} */
  state = "off";
  unsupported = false; // true if the model in use does not run in this browser

  /** @param {DeviceParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
  }

  /** Does nothing if it is starting or ready. */
  start() {
    if (this.state === "off" || (this.state === "broken" && !this.unsupported)) {
      this.#starts = 0;
      this.#start();
    }
  }

  get ready() {
    return this.state === "ready";
  }

  /** Waits for an engine that is starting, up to `PATIENCE_MS`. @type {Ask} */
  async ask({ strokes, picture }, signal) {
    /** @type {Answer<Uint8Array>} */
    const answer = await this.#put({ strokes, picture }, signal);
    return { ...answer, digits: answer.digits.map((digit) => ({ ...digit, seen: digit.seen && imageOf(digit.seen) })) };
  }

  /** Returns the effect of a character's ink on each digit, in squares in the question's unit. @type {Explain} */
  explain({ strokes, picture }, at, signal) {
    return this.#put({ strokes, picture, why: at }, signal);
  }

  /** @type {AskEngine} */
  #put({ strokes, ...question }, signal) {
    if (this.state === "off" || this.#worked) {
      this.start();
    }
    this.#count += 1;
    const id = this.#count;
    const message = /** @type {Asking} */ ({ ...question, id, strokes: strokes && pack(strokes) });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, "reject", new Unanswered("loading")), PATIENCE_MS);
      this.#asked.set(id, { message, resolve, reject, timer, sent: 0 });
      signal.addEventListener("abort", () => this.#drop(id), { once: true });
      if (this.ready) {
        this.#send(id);
      } else if (this.state === "broken") {
        this.#settle(id, "reject", this.#failure());
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
      this.#giveUp(); // no workers, or none with modules
      return;
    }
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", () => this.#break());
    this.#worker.postMessage(this.#parts.task);
    this.#startTimer = setTimeout(() => this.#break(), START_PATIENCE_MS);
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
  #hear({ id, ready, answer, unsupported }) {
    if (unsupported) {
      clearTimeout(this.#startTimer);
      this.unsupported = true;
      this.#worker?.terminate();
      this.#giveUp();
    } else if (ready) {
      clearTimeout(this.#startTimer);
      this.#worked = true;
      this.#become("ready");
      for (const waiting of this.#asked.keys()) {
        this.#send(waiting);
      }
    } else if (answer) {
      this.#settle(id, "resolve", answer);
    } else if (id) {
      this.#settle(id, "reject", new Unanswered(navigator.onLine ? "here" : "offline")); // only this question failed
    } else {
      this.#break();
    }
  }

  /** @param {number} id */
  #drop(id) {
    if (this.ready && this.#asked.get(id)?.message.why !== undefined) {
      this.#worker?.postMessage({ id, dropped: true }); // an answer would be finished before the worker reads this
    }
    this.#settle(id, "reject", new Unanswered("dropped"));
  }

  /** @type {(id: number, outcome: "resolve" | "reject", value: Heard | Unanswered) => void} */
  #settle(id, outcome, value) {
    clearTimeout(this.#asked.get(id)?.timer);
    this.#asked.get(id)?.[outcome](value);
    this.#asked.delete(id);
  }

  // The system may have ended a ready worker to free memory: the questions then wait for a new worker.
  #break() {
    const restarts = this.ready && this.#starts < MOST_STARTS;
    clearTimeout(this.#startTimer);
    this.#worker?.terminate();
    for (const [id, { timer, sent }] of [...this.#asked]) {
      clearTimeout(timer);
      if (sent === MOST_SENT) {
        this.#settle(id, "reject", new Unanswered("here"));
      }
    }
    if (restarts) {
      this.#start();
    } else {
      this.#giveUp();
    }
  }

  #giveUp() {
    this.#become("broken");
    for (const id of [...this.#asked.keys()]) {
      this.#settle(id, "reject", this.#failure());
    }
  }

  #failure() {
    return new Unanswered(this.unsupported ? "unsupported" : "here");
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

// One array for all strokes is copied to the worker faster: many small arrays take half a millisecond.
/** @type {(strokes: Place[][]) => Packed} */
function pack(strokes) {
  return { lengths: strokes.map(({ length }) => length), numbers: Float64Array.from(strokes.flat(2)) };
}
