// The visitor's choice to keep drawings on this device, stored in the browser. Also: when the page may load more unasked.

const KEY = "keep-drawings-here";

/** Sends "change" when the visitor changes the choice, here or in another tab. */
export class Privacy extends EventTarget {
  #box;

  /** @param {Desk} desk */
  constructor(desk) {
    super();
    this.#box = desk.querySelector("[data-role=keep]");
    this.#box.checked = readChoice();
    this.#box.addEventListener("change", () => {
      storeChoice(this.#box.checked);
      this.dispatchEvent(new Event("change"));
    });
    addEventListener("storage", ({ key }) => key === KEY && this.#update());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#update()); // after the back button
  }

  /** True if nothing may be sent. */
  get staysHere() {
    return this.#box.checked || readChoice();
  }

  #update() {
    if (this.#box.checked !== readChoice()) {
      this.#box.checked = readChoice();
      this.dispatchEvent(new Event("change"));
    }
  }
}

/** True if the browser is set to save data. The page then loads the engine only when it is needed. */
export function savesData() {
  return Boolean(navigator.connection?.saveData) || matchMedia("(prefers-reduced-data: reduce)").matches;
}

/** Calls back when the page has loaded and is idle. @param {() => void} callback */
export function whenIdle(callback) {
  const wait = globalThis.requestIdleCallback ?? ((later) => setTimeout(later, 200));
  const waitForIdle = () => wait(callback);
  if (document.readyState === "complete") {
    waitForIdle();
  } else {
    addEventListener("load", waitForIdle, { once: true });
  }
}

// A browser may refuse to store anything: the choice then lasts as long as the page.
function readChoice() {
  try {
    return localStorage.getItem(KEY) === "true";
  } catch {
    return false;
  }
}

/** @param {boolean} keep */
function storeChoice(keep) {
  try {
    localStorage.setItem(KEY, String(keep));
  } catch {
    // the choice lasts as long as the page
  }
}
