// The keyboard: undo and redo with Ctrl or Command on the whole page, single keys while the canvas has the focus. Arrow
// keys move a pen there; space lowers and lifts it.

const STEP = 1 / 40; // of the side
const SMALL_STEP = 1 / 160; // with Shift
const PRESSURE = 0.5;
const SAY_AFTER_MS = 150; // an answer clears the announcement; by then the first point's answer has come
/** @type {Record<string, [number, number]>} */
const ARROWS = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };

/** @type {(canvas: Canvas, drawing: Drawing, pen: Pen, tools: Tools, say: Say) => void} */
export function followKeys(canvas, drawing, pen, tools, say) {
  const cursor = new Cursor(canvas, drawing, pen);
  /** @type {Record<string, () => void>} */
  const single = {
    escape: tools.clear,
    delete: tools.clear,
    backspace: tools.clear,
    enter: tools.retry,
    e: () => say(tools.eraser()),
    w: () => say(tools.width()),
    " ": () => {
      cursor.press();
      if (cursor.down) {
        setTimeout(() => cursor.down && say(canvas.dataset.textPenDown), SAY_AFTER_MS);
      } else {
        say(canvas.dataset.textPenUp);
      }
    },
  };
  canvas.addEventListener("keydown", (event) => {
    const key = nameOf(event);
    const act = single[key];
    const arrow = ARROWS[key];
    if (event.altKey || event.ctrlKey || event.metaKey || !(act || arrow)) {
      return;
    }
    event.preventDefault(); // also on repeats: space would scroll
    if (arrow) {
      cursor.move(arrow, event.shiftKey ? SMALL_STEP : STEP);
    } else if (!event.repeat) {
      act();
    }
  });
  addEventListener("keydown", (event) => {
    const act = historyTool(nameOf(event), event.shiftKey, tools);
    if (act && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      act();
    }
  });
  canvas.addEventListener("blur", () => cursor.leave());
}

// The key in lower case. On keyboards with other than Latin letters, the key's place decides.
/** @param {KeyboardEvent} event */
function nameOf({ key, code }) {
  const isLatin = key.length > 1 || key <= "~";
  return (isLatin ? key : code.replace(/^Key/, "")).toLowerCase();
}

/** @param {string} key @param {boolean} shift @param {Tools} tools */
function historyTool(key, shift, { undo, redo }) {
  if (key === "z") {
    return shift ? redo : undo;
  }
  return key === "y" ? redo : undefined;
}

class Cursor {
  #drawing;
  #pen;
  #mark;
  /** @type {[number, number]} */
  #place = [0.5, 0.5];
  #down = false;
  #rubs = false;

  /** @param {Canvas} canvas @param {Drawing} drawing @param {Pen} pen */
  constructor(canvas, drawing, pen) {
    this.#drawing = drawing;
    this.#pen = pen;
    this.#mark = canvas.parentElement.querySelector("[data-role=cursor]");
    canvas.addEventListener("pointerdown", () => this.leave(), { capture: true }); // before the pointer draws
    drawing.addEventListener("settle", () => this.#rise()); // lifted or cleared
  }

  /** @type {(way: [number, number], step: number) => void} */
  move([across, down], step) {
    const from = this.#place;
    this.#place = [within(from[0] + across * step), within(from[1] + down * step)];
    this.#show();
    if (this.#down && this.#rubs) {
      this.#drawing.rub(from, this.#place, this.#pen.reach);
    } else if (this.#down) {
      this.#drawing.extend([[...this.#place, PRESSURE]]);
    }
  }

  get down() {
    return this.#down;
  }

  press() {
    if (this.#down) {
      this.lift();
    } else if (!this.#drawing.busy) {
      this.#down = true;
      this.#rubs = this.#pen.tool === "eraser";
      this.#begin();
    }
    this.#show();
  }

  lift() {
    if (this.#down) {
      this.#drawing.end();
      this.#rise();
    }
  }

  leave() {
    this.lift();
    this.#mark.hidden = true;
  }

  #begin() {
    if (this.#rubs) {
      this.#drawing.rub(this.#place, this.#place, this.#pen.reach);
    } else {
      this.#drawing.begin([...this.#place, PRESSURE], { width: this.#pen.width, pressed: false });
    }
  }

  #rise() {
    this.#down = false;
    this.#mark.toggleAttribute("data-down", false);
  }

  #show() {
    this.#mark.hidden = false;
    this.#mark.toggleAttribute("data-down", this.#down);
    this.#mark.style.left = `${this.#place[0] * 100}%`;
    this.#mark.style.top = `${this.#place[1] * 100}%`;
  }
}

/** @param {number} share */
function within(share) {
  return Math.min(1, Math.max(0, share));
}
