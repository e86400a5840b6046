// Wires the page: pen to question, question to result. Knows no HTTP and no drawing.

import { Device } from "./device.js";
import { latestOf } from "./latest.js";
import { askNearest } from "./nearest.js";
import { Pad } from "./pad.js";
import { Privacy, savesData, whenIdle } from "./privacy.js";
import { Result } from "./result.js";
import { askServer } from "./server.js";

const desk = document.querySelector("[data-role=desk]");
const canvas = desk.querySelector("[data-role=canvas]");
const hint = desk.querySelector("[data-role=hint]");

const pad = new Pad(canvas);
const result = new Result(desk);
const device = new Device(JSON.parse(desk.dataset.device));
const privacy = new Privacy(desk);
const server = askServer({
  url: desk.dataset.predictUrl,
  token: desk.querySelector("[name=csrfmiddlewaretoken]").value,
  patienceMs: Number(desk.dataset.patienceMs),
});
const question = latestOf(askNearest({ device, server, staysHere: () => privacy.staysHere }));

if (privacy.staysHere) {
  device.start();
} else if (!savesData()) {
  whenIdle(() => device.start());
}
privacy.addEventListener("change", () => privacy.staysHere && device.start());

pad.addEventListener("begin", () => {
  hint.hidden = true;
  question.drop();
  result.showWaiting();
});
pad.addEventListener("end", ask);
desk.querySelector("[data-action=clear]").addEventListener("click", clear);
desk.querySelector("[data-action=retry]").addEventListener("click", ask);
addEventListener("online", () => desk.querySelector("[data-state=failed]") && ask());
canvas.addEventListener("keydown", (event) => {
  const act = { Escape: clear, Delete: clear, Backspace: clear, Enter: ask }[event.key];
  if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    act();
  }
});

function ask() {
  if (pad.empty) {
    clear();
    return;
  }
  result.showWaiting();
  question.put(pad.drawing, {
    answered: (answer) => result.showAnswer(answer),
    failed: (error) => result.showFailed(error.kind ?? "broken"),
  });
}

function clear() {
  pad.clear();
  question.drop();
  hint.hidden = false;
  result.showEmpty();
}
