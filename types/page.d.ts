// Types for the page's modules: the elements in its templates, and the shapes that only the page uses.

/** By data-role. */
interface Roles {
  brackets: SVGElement;
  announcement: HTMLElement;
  answer: HTMLElement;
  canvas: Canvas;
  cursor: HTMLElement;
  desk: Desk;
  detail: HTMLElement;
  digit: HTMLElement & WithData<"digit">;
  fingers: HTMLElement & { firstElementChild: HTMLElement };
  headline: HTMLElement;
  hint: HTMLElement;
  keep: HTMLInputElement;
  label: HTMLElement;
  languages: HTMLFormElement & WithData<"tokenUrl">;
  legend: HTMLElement;
  number: HTMLElement;
  seen: DrawnCanvas;
  share: HTMLElement;
  source: HTMLElement;
  why: SVGElement;
}

/** By data-action. */
interface Actions {
  clear: HTMLButtonElement;
  copy: HTMLButtonElement & WithData<"text" | "textDone">;
  eraser: HTMLButtonElement;
  fingers: HTMLButtonElement;
  png: HTMLButtonElement;
  redo: HTMLButtonElement;
  retry: HTMLButtonElement & WithData<"textAgain" | "textDrawing" | "textPicture">;
  svg: HTMLButtonElement;
  undo: HTMLButtonElement;
  why: HTMLButtonElement;
  width: HTMLButtonElement & WithData<string>;
}

/** By another selector. */
interface Others {
  ".fill": SVGElement;
  "[data-candidate]": HTMLElement & WithData<"candidate">;
  "[data-example]": HTMLButtonElement;
  "[name=csrfmiddlewaretoken]": HTMLInputElement;
  "input[type=file]": HTMLInputElement & { files: FileList };
  form: HTMLFormElement;
  polyline: SVGPolylineElement;
  select: HTMLSelectElement;
}

interface ParentNode {
  querySelector<Role extends keyof Roles>(selector: `[data-role=${Role}]`): Roles[Role];
  querySelector<Action extends keyof Actions>(selector: `[data-action=${Action}]`): Actions[Action];
  querySelector<Other extends keyof Others>(selector: Other): Others[Other];
  querySelectorAll<Other extends keyof Others>(selector: Other): NodeListOf<Others[Other]>;
}

type FindRole = <Role extends keyof Roles>(role: Role) => Roles[Role];
type FindAction = <Action extends keyof Actions>(action: Action) => Actions[Action];

/** An element with these data-attributes, which the template writes. */
interface WithData<Name extends string> {
  readonly dataset: DOMStringMap & Record<Name, string>;
}

/** Its context is never null: all supported browsers have one, and the page asks for no other kind. */
type DrawnCanvas = { getContext(kind: "2d", options?: CanvasRenderingContext2DSettings): Context } & HTMLCanvasElement;

type Context = CanvasRenderingContext2D;

interface Document {
  createElement(tag: "canvas"): DrawnCanvas;
}

type Canvas = DrawnCanvas & WithData<"textPenDown" | "textPenUp"> & { parentElement: HTMLElement };

type Desk = HTMLElement &
  WithData<
    | "device"
    | "mostPoints"
    | "rejects"
    | "offlineUrl"
    | "patienceMs"
    | "readUrl"
    | "textBest"
    | "textBlank"
    | "textBlankPicture"
    | "textEmpty"
    | "textEmptyDetail"
    | "textFailed"
    | "textHeadlineBlank"
    | "textHeadlineNotADigit"
    | "textHeadlineNotANumber"
    | "textHeadlineSeveralLines"
    | "textHeadlineTooLong"
    | "textHeadlineUnsure"
    | "textNearly"
    | "textNotADigit"
    | "textNotANumber"
    | "textSeveralLines"
    | "textSure"
    | "textTooLong"
    | "textTwo"
    | "textUnsure"
    | "textWaiting"
    | "textWhy"
    | "textWhyLoading"
    | "textWhyNot"
    | "tokenUrl"
  >;

interface Navigator {
  /** Only in some browsers. */
  readonly connection?: { readonly saveData?: boolean };
}

type Candidates = import("../digit_recognition/static/digit_recognition/answer/candidates.js").Candidates;
type Device = import("../digit_recognition/static/digit_recognition/answer/device.js").Device;
type Drawing = import("../digit_recognition/static/digit_recognition/draw/drawing.js").Drawing;
type Pen = import("../digit_recognition/static/digit_recognition/draw/pen.js").Pen;
type Unanswered = import("../digit_recognition/static/digit_recognition/answer/server.js").Unanswered;

/** Why no answer came. Each has a text, data-text-…, except "dropped", which is never shown. */
type Failure =
  | "broken"
  | "busy"
  | "dropped"
  | "expired"
  | "foreign"
  | "here"
  | "huge"
  | "unsupported"
  | "large"
  | "late"
  | "loading"
  | "offline"
  | "refused"
  | "unavailable"
  | "unreachable"
  | "unreadable";

/** What the button after a failure does: ask again, or go back to the drawing or picture. null: no button. */
type Retry = "again" | "drawing" | "picture" | null;

/** Announces a text to screen readers. */
type Say = (text: string) => void;

/** The site's addresses and limits. */
interface Site {
  url: string;
  /** Empty if the page comes from the offline cache. */
  token: string;
  tokenUrl: string;
  patienceMs: number;
  mostPoints: number;
}

type Send = (body: BodyInit, signal: AbortSignal) => Promise<Response>;

interface Readers {
  device: Device;
  server: Ask;
  /** True if nothing may be sent. */
  staysHere(): boolean;
}

interface Listeners {
  onAnswer(answer: AnswerFrom, asked: Question): void;
  onFailure(error: Unanswered, asked: Question): void;
}

/** Puts a file into the drawing; rejects if it cannot be opened. */
type PutPicture = (file: Blob) => Promise<void>;

interface PictureListeners {
  /** A file is being opened. */
  onStart(): void;
  /** A file could not be opened. */
  onFailure(error: Unanswered): void;
}

type TakeFiles = (files: Iterable<File>) => void;

/** How to show an answer. */
interface Manner {
  /** True once the pen has lifted: answers during a stroke are not announced. */
  settled: boolean;
  /** True for a picture, false for a drawing. */
  picture: boolean;
}

interface Words {
  headline: string;
  glyph?: string;
  /** The glyph's kind, which sets its size. */
  kind?: string;
  /** What can be copied. */
  text?: string;
  detail?: string;
  source?: string;
}

/** A candidate in view. */
interface Bar {
  share: number;
  text: string;
  best: boolean;
  /** True if a click asks why. */
  asks: boolean;
  /** True while it is explained. */
  marked: boolean;
}

/** The words for an answer. text: what can be copied. */
interface AnswerWords extends Words {
  state: "answered" | "declined";
  glyph: string;
  kind: string;
  detail: string;
}

/** A character in the row of a number. name: for screen readers. */
interface Letter {
  text: string;
  name: string;
  unsure: boolean;
  chosen: boolean;
}

/** The digit in view: its ten probabilities, its index in the answer, and who read it. */
interface Shown {
  probabilities: number[];
  at: number;
  from: From;
}

/** What each toolbar button does. Some return a text to announce. */
interface Tools extends Record<"undo" | "redo" | "clear" | "png" | "svg" | "retry", () => void> {
  eraser: () => string;
  width: () => string;
}

/** The worker's address and its task; null if the server has no usable model. */
type DeviceParts = { engine: string; task: Task } | null;

type AskEngine = <Kind extends Heard>(
  drawn: { strokes?: Place[][]; picture?: Blob; why?: number },
  signal: AbortSignal,
) => Promise<Kind>;

/** A question that waits for the engine. */
interface Waiting {
  message: Asking;
  timer: number;
  /** Number of times it was sent. */
  sent: number;
  resolve(answer: unknown): void;
  reject(reason: unknown): void;
}

/** A gesture that draws or erases. */
interface Gesture {
  id: number;
  /** "mouse", "touch" or "pen". */
  type: string;
  last: Point;
  /** Length of its path so far, in shares of the side. */
  way: number;
  /** True if it erases. */
  rubs: boolean;
}
