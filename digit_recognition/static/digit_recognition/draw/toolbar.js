// The toolbar: what each button does to the drawing and the pen. Shortcut keys use the same functions.

import { savePng, saveSvg } from "./save.js";

/** @type {Record<string, number>} */
const WIDTHS = { fine: 1 / 64, medium: 1 / 32, broad: 1 / 14 }; // of the canvas's side

/**
 * Returns the tools, for the shortcut keys. `retry` asks for the answer again.
 * @type {(desk: Desk, drawing: Drawing, pen: Pen, retry: () => void) => Tools}
 */
export function followToolbar(desk, drawing, pen, retry) {
  /** @type {FindAction} */
  const button = (name) => desk.querySelector(`[data-action=${name}]`);
  const tools = {
    undo: () => drawing.undo(),
    redo: () => drawing.redo(),
    clear: () => drawing.clear(),
    eraser: () => {
      const rubs = pen.tool === "pen" && !drawing.picture; // pictures cannot be erased
      chooseTool(rubs ? "eraser" : "pen");
      return button(rubs ? "eraser" : "width").title;
    },
    width: () => {
      chooseTool("pen");
      return changeWidth(pen, button("width"));
    },
    png: () => savePng(drawing),
    svg: () => saveSvg(drawing),
    retry,
  };
  /** @param {Pen["tool"]} tool */
  const chooseTool = (tool) => {
    pen.tool = tool;
    button("eraser").setAttribute("aria-pressed", String(tool === "eraser"));
  };
  for (const [name, use] of /** @type {[keyof Tools, () => void][]} */ (Object.entries(tools))) {
    button(name).addEventListener("click", use);
  }
  pen.width = WIDTHS.medium;
  const show = () => {
    const [undo, redo, eraser] = [button("undo"), button("redo"), button("eraser")];
    const focused = [undo, redo, eraser].find((tool) => tool === document.activeElement);
    undo.disabled = !drawing.canUndo;
    redo.disabled = !drawing.canRedo;
    eraser.disabled = Boolean(drawing.picture);
    if (drawing.picture || drawing.empty) {
      chooseTool("pen"); // nothing can be erased
    }
    if (focused) {
      [focused, undo, redo].find(({ disabled }) => !disabled)?.focus(); // a disabled button loses the focus
    }
    button("png").disabled = drawing.empty;
    button("svg").disabled = drawing.strokes.length === 0;
  };
  drawing.addEventListener("settle", show);
  return tools;
}

// Changes to the next width; after the last comes the first. Returns what to say.
/** @type {(pen: Pen, button: Actions["width"]) => string} */
function changeWidth(pen, button) {
  const names = Object.keys(WIDTHS);
  const name = names[(names.indexOf(button.dataset.width) + 1) % names.length];
  pen.width = WIDTHS[name];
  button.dataset.width = name;
  const label = button.querySelector("[data-role=label]");
  button.title = button.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`];
  label.textContent = button.title;
  return button.title;
}
