// Whether drawings stay on this device, which the visitor chooses and the browser remembers, and when it may load more.

const REMEMBERED = "keep-drawings-here";

/** Sends "change" when the visitor changes it, here or in another tab. */
export class Privacy extends EventTarget {
  #box;

  /** @param {Desk} desk */
  constructor(desk) {
    super();
    this.#box = desk.querySelector("[data-role=keep]");
    this.#box.checked = remembered();
    this.#box.addEventListener("change", () => {
      remember(this.#box.checked);
      this.dispatchEvent(new Event("change"));
    });
    addEventListener("storage", ({ key }) => key === REMEMBERED && this.#recall());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#recall()); // a page that one came back to
  }

  get staysHere() {
    return this.#box.checked || remembered();
  }

  #recall() {
    if (this.#box.checked !== remembered()) {
      this.#box.checked = remembered();
      this.dispatchEvent(new Event("change"));
    }
  }
}

/** Whether the browser asks for as little data as possible: then what loads by itself does not. */
export function savesData() {
  return Boolean(navigator.connection?.saveData) || matchMedia("(prefers-reduced-data: reduce)").matches;
}

/** Calls back once the page is loaded and has nothing better to do. @param {() => void} callback */
export function whenIdle(callback) {
  const wait = globalThis.requestIdleCallback ?? ((later) => setTimeout(later, 200));
  const loaded = () => wait(callback);
  if (document.readyState === "complete") {
    loaded();
  } else {
    addEventListener("load", loaded, { once: true });
  }
}

// A browser may refuse to remember anything: then the choice lasts as long as the page.
function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) === "true";
  } catch {
    return false;
  }
}

/** @param {boolean} keep */
function remember(keep) {
  try {
    localStorage.setItem(REMEMBERED, String(keep));
  } catch {
    // nothing to do
  }
}
