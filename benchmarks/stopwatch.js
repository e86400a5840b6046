// Runs before the page's scripts. Records when the pen moved, when the page asked, and when the answer was in the page
// and on the screen. Knows the page's worker messages, its fetch and its answer element.

(() => {
  const MOVED = "onpointerrawupdate" in globalThis ? "pointerrawupdate" : "pointermove";
  /** @type {Watch} */
  const watch = { moves: 0, answers: [], ready: null, shift: 0, moved: 0, again };
  globalThis.stopwatch = watch;
  const now = () => performance.now();

  /** @type {Pen | null} */
  let pen = null; // the last pointer event, which the next question is about
  /** @type {Back | null} */
  let back = null; // the question whose answer has come but is not in the page yet
  /** @type {Worker | null} */
  let engine = null;
  /** @type {Asking[]} */
  const questions = []; // all questions to the engine
  /** @type {Map<unknown, (now: number) => void>} */
  const repeated = new Map(); // id of a repeated question → its callback

  for (const kind of ["pointerdown", MOVED, "pointerup"]) {
    const hear = (/** @type {Event} */ event) => {
      if ((event instanceof PointerEvent && event.buttons) || kind === "pointerup") {
        pen = { lift: kind === "pointerup", event: event.timeStamp, heard: now(), waited: false };
        watch.moves += kind === MOVED ? 1 : 0;
      }
    };
    addEventListener(kind, hear, { capture: true });
  }

  const noteAnswer = (/** @type {Asked} */ question) => {
    back = { ...question, back: now() };
    pen &&= { ...pen, waited: true }; // the next question waited for this answer
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
        event.stopImmediatePropagation(); // the page did not ask this
        heard(now());
      } else if (answer && asked) {
        noteAnswer(asked);
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

  const fetchOriginal = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    const question = { ...pen, asked: now() };
    const response = await fetchOriginal(...given);
    noteAnswer(question);
    return response;
  };

  addEventListener("DOMContentLoaded", () => {
    const answer = document.querySelector("[data-role=answer]");
    const noteShown = () => {
      if (back && ["answered", "declined"].includes(answer.dataset.state)) {
        const shown = { ...back, shown: now() };
        back = null;
        requestAnimationFrame(() => runAfterPaint(() => watch.answers.push({ ...shown, painted: now() })));
      }
    };
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(noteShown).observe(answer, all);
  });

  // Called in an animation frame: runs `call` in the next task, when the frame has been painted.
  /** @param {() => void} call */
  function runAfterPaint(call) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = call;
    port2.postMessage(null);
  }

  /**
   * Repeats the last questions one at a time on an idle page. Returns the engine's times, in ms.
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
