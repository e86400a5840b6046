// Runs before the page's own scripts and notes when the pen moved, who was asked, and when the answer was in the page
// and on the screen. Of the page it knows the messages to and from its worker, its fetch, and where the answer stands.

(() => {
  const MOVED = "onpointerrawupdate" in globalThis ? "pointerrawupdate" : "pointermove";
  const watch = { moves: 0, answers: [], ready: null, shift: 0, moved: 0, again };
  globalThis.stopwatch = watch;
  const now = () => performance.now();

  let pen = null; // the newest event of the drawing; a question is always about the newest
  let back = null; // the question whose answer has come and is not in the page yet
  let engine = null;
  const questions = []; // what the engine was asked
  const repeated = new Map(); // id → what to call once the engine has answered it again

  for (const kind of ["pointerdown", MOVED, "pointerup"]) {
    const hear = (event) => {
      if (event.buttons || kind === "pointerup") {
        pen = { lift: kind === "pointerup", event: event.timeStamp, heard: now(), waited: false };
        watch.moves += kind === MOVED ? 1 : 0;
      }
    };
    addEventListener(kind, hear, { capture: true });
  }

  const came = (question) => {
    back = { ...question, back: now() };
    pen &&= { ...pen, waited: true }; // a question that is put from here on waited for this answer
  };

  globalThis.Worker &&= class extends Worker {
    #asked = new Map();

    constructor(...given) {
      super(...given);
      engine = this;
      this.addEventListener("message", (event) => this.#hear(event));
    }

    #hear(event) {
      const { id, ready, answer } = event.data;
      watch.ready ??= ready ? now() : null;
      if (repeated.has(id)) {
        event.stopImmediatePropagation(); // the page did not ask
        repeated.get(id)(now());
      } else if (answer && this.#asked.has(id)) {
        came(this.#asked.get(id));
      }
    }

    postMessage(data, ...rest) {
      if (data.strokes && !repeated.has(data.id)) {
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
  function afterwards(call) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = call;
    port2.postMessage(null);
  }

  /** How long the engine takes for the last questions, in ms: one at a time, while the page has nothing else to do. */
  async function again(count) {
    const times = [];
    for (const [place, question] of questions.slice(-count).entries()) {
      const id = `again ${place}`;
      const begun = now();
      const heard = await new Promise((resolve) => {
        repeated.set(id, resolve);
        engine.postMessage({ ...question, id });
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
