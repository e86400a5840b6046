// Wires the page: pen to drawing, drawing to question, question to result. Knows no HTTP and no pixels.

import { Brackets } from "./answer/brackets.js";
import { Device } from "./answer/device.js";
import { latestOf } from "./answer/latest.js";
import { askNearest } from "./answer/nearest.js";
import { Privacy, savesData, whenIdle } from "./answer/privacy.js";
import { Result } from "./answer/result.js";
import { askServer } from "./answer/server.js";
import { Drawing } from "./draw/drawing.js";
import { followFingers } from "./draw/fingers.js";
import { followGallery } from "./draw/gallery.js";
import { keepInTab } from "./draw/kept.js";
import { followKeys } from "./draw/keys.js";
import { Paint } from "./draw/paint.js";
import { Pen } from "./draw/pen.js";
import { followPictures } from "./draw/photo.js";
import { followCopy } from "./draw/save.js";
import { followToolbar } from "./draw/toolbar.js";
import { Why } from "./explain/why.js";
import { workOffline } from "./offline.js";

const desk = document.querySelector("[data-role=desk]");
const canvas = desk.querySelector("[data-role=canvas]");
const hint = desk.querySelector("[data-role=hint]");
const SLOW_MS = 300; // the device usually answers at once; after this the page shows that it is reading
/** @type {Question | null} */
let newest = null; // the last question
/** @type {Question | undefined} */
let answered; // the question whose answer is in view
/** @type {number | undefined} */
let slowTimer;
/** @type {Failure | null} */
let failure = null; // the failure in view

const drawing = new Drawing();
const paint = new Paint(canvas, drawing);
const pen = new Pen(canvas, drawing);
const result = new Result(desk);
const brackets = new Brackets(desk.querySelector("[data-role=brackets]"));
/** @type {Say} */
const say = (text) => result.announce(text);
const device = new Device(JSON.parse(desk.dataset.device));
const why = new Why(desk, result.candidates, device, say);
const privacy = new Privacy(desk);
const server = askServer({
  url: desk.dataset.readUrl,
  token: desk.querySelector("[name=csrfmiddlewaretoken]").value,
  tokenUrl: desk.dataset.tokenUrl,
  patienceMs: Number(desk.dataset.patienceMs),
  mostPoints: Number(desk.dataset.mostPoints),
});
const question = latestOf(askNearest({ device, server, staysHere: () => privacy.staysHere }), {
  onAnswer: (answer, asked) => {
    const { settled } = asked;
    stopSlowTimer();
    if (asked !== newest) {
      startSlowTimer();
      if (settled) {
        return; // it belongs to the previous drawing
      }
    }
    answered = asked;
    result.showAnswer(answer, { settled, picture: Boolean(asked.picture) });
    if (settled) {
      brackets.show(answer, asked.sheet);
    }
    showDigit();
  },
  onFailure: ({ kind = "broken" }, asked) =>
    asked === newest && fail(kind, ["unreadable", "huge"].includes(kind) ? null : "again"),
});

if (privacy.staysHere) {
  device.start();
} else if (!savesData()) {
  whenIdle(() => device.start());
}
device.addEventListener("change", () => device.ready && retryFailure());
result.number.addEventListener("choose", (event) => {
  const { detail: at } = /** @type {CustomEvent<number>} */ (event);
  result.choose(at);
  showDigit();
});
why.addEventListener("ask", () => {
  question.drop();
  ask(true, { again: true });
});
workOffline(desk.dataset.offlineUrl, device);
privacy.addEventListener("change", askAgain); // another reader may have to answer now

drawing.addEventListener("change", () => {
  hint.hidden = !drawing.empty;
  // While the pen moves, only the device is asked. A picture waits for "settle", which follows at once.
  if (drawing.empty || (device.ready && !drawing.picture)) {
    ask(false);
  } else {
    wait();
  }
});
drawing.addEventListener("settle", () => ask(true));

const tools = followToolbar(desk, drawing, pen, askAgain);
followFingers(desk, drawing, pen, say);
followKeys(canvas, drawing, pen, tools, say);
const gallery = followGallery(desk, drawing, pen, { onStart: bringIntoView });
const putPicture = followPictures(desk, drawing, {
  onStart: () => {
    gallery.finish();
    bringIntoView();
    wait();
  },
  onFailure: ({ kind }) => fail(kind, wayBack()),
});
followCopy(desk, say);
keepInTab(drawing, putPicture);
addEventListener("online", retryFailure);

// The device or the network is back. A file that could not be opened is not tried again.
function retryFailure() {
  if (failure && !["unreadable", "huge"].includes(failure)) {
    askAgain();
  }
}

// Shows where the digit in view is, and why it is read so. The device cannot read a foreign picture.
function showDigit() {
  const { shown } = result;
  brackets.mark(shown?.at ?? null);
  why.follow(answered?.foreign ? null : shown, answered);
}

function askAgain() {
  question.drop();
  if (privacy.staysHere) {
    device.start();
  }
  ask(true);
}

/** @type {(settled: boolean, how?: {again?: boolean}) => void} */
function ask(settled, { again = false } = {}) {
  failure = null;
  if (drawing.empty) {
    stopSlowTimer();
    question.drop();
    result.showEmpty();
    brackets.clear();
    why.follow(null);
    return;
  }
  if (settled && !device.ready) {
    wait();
  } else {
    startSlowTimer();
  }
  newest = {
    ...(drawing.picture ? questionOfPicture(drawing.picture) : questionOfStrokes(drawing.strokes)),
    settled,
    again,
  };
  question.put(newest);
}

/** @type {(drawn: Stroke[]) => Drawn & {sheet: Sheet}} */
function questionOfStrokes(drawn) {
  const { side } = paint;
  const strokes = drawn.map(({ points }) => points.map(([x, y]) => /** @type {Place} */ ([x * side, y * side])));
  return { strokes, size: [side, side], sheet: { left: 0, top: 0, side } };
}

/** @type {(picture: Picture) => Drawn & {sheet: Sheet}} */
function questionOfPicture({ file, foreign, size: [width, height] }) {
  const side = Math.max(width, height);
  return { picture: file, foreign, sheet: { left: (width - side) / 2, top: (height - side) / 2, side } };
}

function wait() {
  failure = null;
  stopSlowTimer();
  question.drop();
  showWaiting();
}

function startSlowTimer() {
  slowTimer ??= setTimeout(showWaiting, SLOW_MS);
}

function stopSlowTimer() {
  clearTimeout(slowTimer);
  slowTimer = undefined;
}

function showWaiting() {
  result.showWaiting();
  why.follow(null);
}

// On a phone the gallery and the form are far below the sheet. The answer is right below the sheet or beside it.
function bringIntoView() {
  const { top, bottom } = canvas.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    canvas.parentElement.scrollIntoView({ behavior: calm ? "instant" : "smooth" });
  }
}

/** After a file that cannot be opened: offers what is still there. @type {() => Retry} */
function wayBack() {
  if (drawing.empty) {
    return null;
  }
  return drawing.picture ? "picture" : "drawing";
}

/** @type {(kind: Failure, retry: Retry) => void} */
function fail(kind, retry) {
  stopSlowTimer();
  question.drop();
  failure = kind;
  result.showFailed(kind, retry);
  why.follow(null);
}
