// What the page's modules may rely on besides: what its templates hold, and its own shapes.

/** By data-role. */
interface Roles {
  announcement: HTMLElement;
  answer: HTMLElement;
  canvas: Canvas;
  cursor: HTMLElement;
  desk: Desk;
  detail: HTMLElement;
  digit: HTMLElement & Told<"digit">;
  fingers: HTMLElement & { firstElementChild: HTMLElement };
  headline: HTMLElement;
  hint: HTMLElement;
  keep: HTMLInputElement;
  label: HTMLElement;
  languages: HTMLFormElement & Told<"tokenUrl">;
  legend: HTMLElement;
  seen: DrawnCanvas;
  share: HTMLElement;
  source: HTMLElement;
  why: SVGElement;
}

/** By data-action. */
interface Actions {
  clear: HTMLButtonElement;
  copy: HTMLButtonElement & Told<"text" | "textDone">;
  eraser: HTMLButtonElement;
  fingers: HTMLButtonElement;
  png: HTMLButtonElement;
  redo: HTMLButtonElement;
  retry: HTMLButtonElement & Told<"textAgain" | "textDrawing" | "textPicture">;
  svg: HTMLButtonElement;
  undo: HTMLButtonElement;
  why: HTMLButtonElement;
  width: HTMLButtonElement & Told<string>;
}

/** By another selector. */
interface Others {
  ".fill": SVGElement;
  "[data-candidate]": HTMLElement & Told<"candidate">;
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

/** An element whose data-attributes the template writes. */
interface Told<Name extends string> {
  readonly dataset: DOMStringMap & Record<Name, string>;
}

/** Has a context, not null: no browser without one comes here, and no canvas here has one of another kind. */
type DrawnCanvas = { getContext(kind: "2d", options?: CanvasRenderingContext2DSettings): Context } & HTMLCanvasElement;

type Context = CanvasRenderingContext2D;

interface Document {
  createElement(tag: "canvas"): DrawnCanvas;
}

type Canvas = DrawnCanvas & Told<"textPenDown" | "textPenUp"> & { parentElement: HTMLElement };

type Desk = HTMLElement &
  Told<
    | "device"
    | "mostPoints"
    | "offlineUrl"
    | "patienceMs"
    | "predictUrl"
    | "textBlank"
    | "textBlankPicture"
    | "textEmpty"
    | "textEmptyDetail"
    | "textFailed"
    | "textHeadlineBlank"
    | "textHeadlineNotADigit"
    | "textHeadlineSeveral"
    | "textHeadlineUnsure"
    | "textNearly"
    | "textNotADigit"
    | "textSeveral"
    | "textSure"
    | "textTwo"
    | "textUnsure"
    | "textWaiting"
    | "textWhy"
    | "textWhyLoading"
    | "textWhyNot"
    | "tokenUrl"
  >;

interface Navigator {
  /** In some browsers. */
  readonly connection?: { readonly saveData?: boolean };
}

type Candidates = import("../digit_recognition/static/digit_recognition/answer/candidates.js").Candidates;
type Device = import("../digit_recognition/static/digit_recognition/answer/device.js").Device;
type Drawing = import("../digit_recognition/static/digit_recognition/draw/drawing.js").Drawing;
type Pen = import("../digit_recognition/static/digit_recognition/draw/pen.js").Pen;
type Unanswered = import("../digit_recognition/static/digit_recognition/answer/server.js").Unanswered;

/** Why no answer came. Each has its words, data-text-…, but "dropped": nobody hears of that. */
type Failure =
  | "broken"
  | "busy"
  | "dropped"
  | "expired"
  | "here"
  | "large"
  | "late"
  | "loading"
  | "offline"
  | "refused"
  | "unavailable"
  | "unreachable"
  | "unreadable";

/** What the button after a failure offers: to ask again, or to go back to what was there. null: no button. */
type Retry = "again" | "drawing" | "picture" | null;

/** Tells those who do not see the page. */
type Say = (text: string) => void;

/** The site's addresses and limits. */
interface Site {
  url: string;
  /** Empty where the page was kept for visits without a network. */
  token: string;
  tokenUrl: string;
  patienceMs: number;
  mostPoints: number;
}

type Send = (body: BodyInit, signal: AbortSignal) => Promise<Response>;

interface Readers {
  device: Device;
  server: Ask;
  /** Whether nothing may be sent. */
  staysHere(): boolean;
}

interface Listeners {
  answered(answer: AnswerFrom, asked: Question): void;
  failed(error: Unanswered, asked: Question): void;
}

/** Puts a file into the drawing; fails where it is no picture. */
type PutPicture = (file: Blob) => Promise<void>;

interface PictureListeners {
  /** A picture is being opened. */
  begun(): void;
  /** A file was no picture. */
  failed(error: Unanswered): void;
}

type TakeFiles = (files: Iterable<File>) => void;

/** How an answer is shown. */
interface Manner {
  /** Whether the pen has lifted: what changes with every move is not announced. */
  settled: boolean;
  /** Whether the drawing looks like several digits. */
  several: boolean;
  /** Whether it is a picture, and was not drawn here. */
  picture: boolean;
}

interface Words {
  headline: string;
  glyph?: string;
  /** Of the glyph: how large it is. */
  kind?: string;
  digit?: string;
  detail?: string;
  source?: string;
}

/** A candidate as it is shown. */
interface Bar {
  share: number;
  text: string;
  best: boolean;
  /** Whether a click asks why. */
  asks: boolean;
  /** Whether it is explained. */
  marked: boolean;
}

/** What each button beside the canvas does; some return what to say. */
interface Tools extends Record<"undo" | "redo" | "clear" | "png" | "svg" | "retry", () => void> {
  eraser: () => string;
  width: () => string;
}

/** The worker's address and what it loads; null where the server has no usable model. */
type DeviceParts = { engine: string; task: Task } | null;

type AskEngine = <Kind extends Heard>(
  drawn: { strokes?: Place[][]; picture?: Blob; why?: boolean },
  signal: AbortSignal,
) => Promise<Kind>;

/** A question that the engine has not answered. */
interface Waiting {
  message: Asking;
  timer: number;
  /** How often it was sent. */
  sent: number;
  resolve(answer: unknown): void;
  reject(reason: unknown): void;
}

interface Span {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The gesture of a pointer that draws or rubs out. */
interface Gesture {
  id: number;
  /** "mouse", "touch" or "pen". */
  type: string;
  last: Point;
  /** How far it went. */
  way: number;
  rubs: boolean;
}
