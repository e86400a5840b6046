// Runs before the page's own scripts and notes when the pen moved, who was asked, and when the answer was in the page
// and on the screen. Of the page it knows the messages to and from its worker, its fetch, and where the answer stands.

(() => {
  const MOVED = "onpointerrawupdate" in globalThis ? "pointerrawupdate" : "pointermove";
  /** @type {Watch} */
  const watch = { moves: 0, answers: [], ready: null, shift: 0, moved: 0, again };
  globalThis.stopwatch = watch;
  const now = () => performance.now();

  /** @type {Pen | null} */
  let pen = null; // the newest event of the drawing; a question is always about the newest
  /** @type {Back | null} */
  let back = null; // the question whose answer has come and is not in the page yet
  /** @type {Worker | null} */
  let engine = null;
  /** @type {Asking[]} */
  const questions = []; // what the engine was asked
  /** @type {Map<unknown, (now: number) => void>} */
  const repeated = new Map(); // id → what to call once the engine has answered it again

  for (const kind of ["pointerdown", MOVED, "pointerup"]) {
    const hear = (/** @type {Event} */ event) => {
      if ((event instanceof PointerEvent && event.buttons) || kind === "pointerup") {
        pen = { lift: kind === "pointerup", event: event.timeStamp, heard: now(), waited: false };
        watch.moves += kind === MOVED ? 1 : 0;
      }
    };
    addEventListener(kind, hear, { capture: true });
  }

  const came = (/** @type {Asked} */ question) => {
    back = { ...question, back: now() };
    pen &&= { ...pen, waited: true }; // a question that is put from here on waited for this answer
  };

  globalThis.Worker &&= class extends Worker {
    /** @type {Map<unknown, Asked>} */
    #asked = new Map();

    /** @param {ConstructorParameters<typeof Worker>} given */
    constructor(...given) {
      super(...given);
      engine = this;
      this.addEventListener("message", (event) => this.#hear(event));
    }

    /** @param {MessageEvent} event */
    #hear(event) {
      const { id, ready, answer } = event.data;
      watch.ready ??= ready ? now() : null;
      const [heard, asked] = [repeated.get(id), this.#asked.get(id)];
      if (heard) {
        event.stopImmediatePropagation(); // the page did not ask
        heard(now());
      } else if (answer && asked) {
        came(asked);
      }
    }

    /** @override @param {ToEngine} data @param {[]} rest */
    postMessage(data, ...rest) {
      if ("strokes" in data && data.strokes && !repeated.has(data.id)) {
        questions.push(data);
        this.#asked.set(data.id, { ...pen, asked: now() });
      }
      super.postMessage(data, ...rest);
    }
  };

  const fetched = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    const question = { ...pen, asked: now() };
    const response = await fetched(...given);
    came(question);
    return response;
  };

  addEventListener("DOMContentLoaded", () => {
    const answer = document.querySelector("[data-role=answer]");
    const changed = () => {
      if (back && ["answered", "declined"].includes(answer.dataset.state)) {
        const shown = { ...back, shown: now() };
        back = null;
        requestAnimationFrame(() => afterwards(() => watch.answers.push({ ...shown, painted: now() })));
      }
    };
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(changed).observe(answer, all);
  });

  // The next task: once a frame's callbacks have run, it has been painted by then.
  /** @param {() => void} call */
  function afterwards(call) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = call;
    port2.postMessage(null);
  }

  /**
   * How long the engine takes for the last questions, in ms: one at a time, while the page has nothing else to do.
   * @param {number} count
   */
  async function again(count) {
    const times = [];
    for (const [place, question] of questions.slice(-count).entries()) {
      const id = `again ${place}`;
      const begun = now();
      const heard = await new Promise((resolve) => {
        repeated.set(id, resolve);
        engine?.postMessage({ ...question, id });
      });
      times.push(heard - begun);
    }
    return times;
  }

  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      watch.moved += value;
      watch.shift += hadRecentInput ? 0 : value;
    }
  }).observe({ type: "layout-shift", buffered: true });
})();
