// Wires the page: pen to drawing, drawing to question, question to result. Knows no HTTP and no pixels.

import { Device } from "./device.js";
import { Drawing } from "./drawing.js";
import { followKeys } from "./keys.js";
import { latestOf } from "./latest.js";
import { askNearest } from "./nearest.js";
import { Paint } from "./paint.js";
import { Pen } from "./pen.js";
import { Privacy, savesData, whenIdle } from "./privacy.js";
import { Result } from "./result.js";
import { askServer } from "./server.js";

const desk = document.querySelector("[data-role=desk]");
const canvas = desk.querySelector("[data-role=canvas]");
const hint = desk.querySelector("[data-role=hint]");
const action = (name) => desk.querySelector(`[data-action=${name}]`);

const drawing = new Drawing();
new Paint(canvas, drawing);
const pen = new Pen(canvas, drawing);
const result = new Result(desk);
const device = new Device(JSON.parse(desk.dataset.device));
const privacy = new Privacy(desk);
const server = askServer({
  url: desk.dataset.predictUrl,
  token: desk.querySelector("[name=csrfmiddlewaretoken]").value,
  patienceMs: Number(desk.dataset.patienceMs),
});
const question = latestOf(askNearest({ device, server, staysHere: () => privacy.staysHere }), {
  answered: (answer, { settled }) => result.showAnswer(answer, settled),
  failed: (error) => result.showFailed(error.kind ?? "broken"),
});

if (privacy.staysHere) {
  device.start();
} else if (!savesData()) {
  whenIdle(() => device.start());
}
privacy.addEventListener("change", () => privacy.staysHere && device.start());

drawing.addEventListener("change", () => {
  hint.hidden = !drawing.empty;
  // The server is asked when the pen lifts.
  if (device.ready && !drawing.empty) {
    ask(false);
  } else if (!drawing.empty) {
    question.drop();
    result.showWaiting();
  }
});
drawing.addEventListener("settle", () => {
  action("undo").disabled = !drawing.canUndo;
  action("redo").disabled = !drawing.canRedo;
  ask(true);
});

const tools = {
  undo: () => drawing.undo(),
  redo: () => drawing.redo(),
  clear: () => drawing.clear(),
  retry: () => ask(true),
  eraser: () => {
    pen.tool = pen.tool === "eraser" ? "pen" : "eraser";
    action("eraser").setAttribute("aria-pressed", String(pen.tool === "eraser"));
  },
};
for (const [name, use] of Object.entries(tools)) {
  action(name).addEventListener("click", use);
}
addEventListener("online", () => desk.querySelector("[data-state=failed]") && ask(true));
followKeys(canvas, drawing, pen, tools);

function ask(settled) {
  if (drawing.empty) {
    question.drop();
    result.showEmpty();
    return;
  }
  if (settled && !device.ready) {
    question.drop();
    result.showWaiting();
  }
  const side = canvas.clientWidth;
  const strokes = drawing.strokes.map(({ points }) => points.map(([x, y]) => [x * side, y * side]));
  question.put({ strokes, size: [side, side], settled });
}
