// The keyboard, while the canvas has the focus: arrows move a pen, space puts it down and lifts it. Single keys work
// nowhere else.

const STEP = 1 / 40; // of the side
const FINE = 1 / 160; // with Shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function followKeys(canvas, drawing, pen, tools) {
  const cursor = new Cursor(canvas, drawing, pen);
  const single = {
    Escape: tools.clear,
    Delete: tools.clear,
    Backspace: tools.clear,
    Enter: tools.retry,
    e: tools.eraser,
    w: tools.width,
    " ": () => cursor.press(),
  };
  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey ? history(event, tools) : single[event.key];
    const arrow = ARROWS[event.key];
    if (event.altKey || !(act || arrow) || (event.repeat && event.key === " ")) {
      return;
    }
    event.preventDefault();
    if (arrow) {
      cursor.move(arrow, event.shiftKey ? FINE : STEP);
    } else {
      act();
    }
  });
  canvas.addEventListener("blur", () => cursor.leave());
}

function history({ key, shiftKey }, { undo, redo }) {
  return { z: shiftKey ? redo : undo, Z: redo, y: redo }[key];
}

class Cursor {
  #drawing;
  #pen;
  #mark;
  #place = [0.5, 0.5];
  #down = false;

  constructor(canvas, drawing, pen) {
    this.#drawing = drawing;
    this.#pen = pen;
    this.#mark = canvas.parentElement.querySelector("[data-role=cursor]");
    canvas.addEventListener("pointerdown", () => this.#hide());
  }

  move([across, down], step) {
    this.#place = [
      Math.min(1, Math.max(0, this.#place[0] + across * step)),
      Math.min(1, Math.max(0, this.#place[1] + down * step)),
    ];
    this.#show();
    if (this.#down) {
      this.#drawing.extend([[...this.#place, 0.5]]);
    }
  }

  press() {
    if (this.#down) {
      this.lift();
    } else {
      this.#down = true;
      this.#drawing.begin([...this.#place, 0.5], { width: this.#pen.width, pressed: false });
    }
    this.#show();
  }

  lift() {
    if (this.#down) {
      this.#down = false;
      this.#drawing.end();
    }
  }

  leave() {
    this.lift();
    this.#hide();
  }

  #show() {
    this.#mark.hidden = false;
    this.#mark.toggleAttribute("data-down", this.#down);
    this.#mark.style.left = `${this.#place[0] * 100}%`;
    this.#mark.style.top = `${this.#place[1] * 100}%`;
  }

  #hide() {
    this.#mark.hidden = true;
  }
}
