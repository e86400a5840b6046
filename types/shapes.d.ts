// The shapes that modules share. They stand here because browsers would download types inside modules.

/** In shares of the canvas's side; pressure from 0 to 1. */
type Point = [x: number, y: number, pressure: number];

/** In any unit. A Point is a Place, too. */
type Place = readonly [x: number, y: number, ...rest: number[]];

interface Style {
  /** In shares of the canvas's side. */
  width: number;
  /** True if pressure changes the width. */
  pressed: boolean;
}

interface Stroke extends Style {
  points: Point[];
}

/** A part of a stroke as an SVG path, in shares of the side. */
interface Line {
  width: number;
  path: string;
}

/** A quadratic curve. */
type Bend = [from: Point, control: Point, to: Point];

/** One byte a pixel. */
interface Gray {
  gray: Uint8Array;
  width: number;
  height: number;
}

interface Picture {
  /** The file to read. */
  file: Blob;
  /** For the screen: upright, at most 1,024 px a side. */
  shown: ImageBitmap;
  /** Width and height of the file's picture, px. */
  size: [width: number, height: number];
  /** The colour under transparent pixels. */
  paper: string;
  /** True if this browser cannot read the file, and the server has to. */
  foreign?: boolean;
}

interface Header {
  /** "" if unknown. */
  format: string;
  /** Width times height, 0 if unknown. */
  pixels: number;
}

/** Strokes or a picture. */
interface State {
  strokes: Stroke[];
  picture: Picture | null;
}

/** The input of a question: strokes, with the canvas's size, or a picture's file. */
type Drawn =
  | { strokes: Place[][]; size?: [width: number, height: number]; picture?: undefined; foreign?: undefined }
  | { picture: Blob; foreign?: boolean; size?: undefined; strokes?: undefined };

/** A square, such as the canvas, in the unit of a question's input. */
interface Sheet {
  left: number;
  top: number;
  side: number;
}

/** settled: the pen has lifted. again: the server has answered, and now the device is asked, which can explain. */
type Question = Drawn & { sheet: Sheet; settled: boolean; again: boolean };

/** left, top, right, bottom; y down. */
type Box = [left: number, top: number, right: number, bottom: number];

type ReadingReason = "blank" | "not a number" | "several lines" | "too long" | "unsure";

/** One character of an answer. */
interface Character<Seen = ImageData> {
  text: string;
  /** In the unit of the question's input. */
  box: Box;
  strokes: number[];
  /** null for a sign, point or comma, as are the next two. */
  confidence: number | null;
  /** Of the ten digits. */
  probabilities: number[] | null;
  /** The picture that the network saw, 28 × 28 px. */
  seen: Seen | null;
}

/** The server's JSON has the same fields; `seen` is a data URL there. See recognizer/numbers/reading.py. */
interface Answer<Seen = ImageData> {
  text: string | null;
  confidence: number;
  digits: Character<Seen>[];
  alternatives: { text: string; probability: number }[];
  reason: ReadingReason | null;
  /** The model's name. */
  model: string;
}

type From = "device" | "server" | "serverAlone"; // the last: the model in use does not run in browsers

interface AnswerFrom extends Answer {
  from: From;
}

/** Rejects with an `Unanswered`. */
type Ask<Kind = Answer> = (drawn: Drawn, signal: AbortSignal) => Promise<Kind>;

/** Explains the character at an index. */
type Explain = (drawn: Drawn, at: number, signal: AbortSignal) => Promise<Square[]>;

/** Takes pictures of 28 × 28 px in a row. Returns the ten probabilities of each. */
type ProbabilitiesOf = (pictures: Float32Array) => Promise<Float32Array>;

/** The effect of a bit of ink on each digit. x, y: the ink's centre; side: of its square. gains: see explain.js. */
interface Square {
  x: number;
  y: number;
  side: number;
  gains: number[];
}

/** The thresholds below which the model declines, from model.json. */
type Rule = { sure: number; digit: number };

/** How the chances of two networks become one; see recognizer/numbers/weighing.py. */
interface Weights {
  digits: number;
  least: number;
  cut_digits: number;
  cut_least: number;
  symbol: number;
  bias: number;
  lead: number;
  doubt: number;
  found: number;
  beside: number;
  sure: number;
}

/** What a reading may be: digits, or also one sign, point or comma. */
type Allow = "digits" | "number";

type WeightsByAllow = Record<Allow, Weights>;

/** What the engine loads: file addresses, the rule, the weights of drawings and of pictures, and the model's name. */
interface Task {
  files: Record<"wasm" | "strokes" | "cleaner" | "lineCleaner" | "placer" | "lines" | "model", string>;
  rule: Rule;
  weights: { strokes: WeightsByAllow; ink: WeightsByAllow };
  model: string;
}

/** Strokes in flat form: the number of points of each, and x and y of all points in turn. */
interface Packed {
  lengths: number[];
  numbers: Float64Array;
}

/** why: the index of the character to explain, instead of answering. */
type Asking = { id: number; why?: number } & (
  | { picture: Blob; strokes?: undefined }
  | { strokes: Packed; picture?: undefined }
);

type ToEngine = (Task & { id?: never }) | Asking | { id: number; dropped: true };

/** An answer or an explanation. */
type Heard = Answer<Uint8Array> | Square[];

type FromEngine =
  | { ready: true; id?: undefined; answer?: undefined; unsupported?: undefined }
  | { id: number; answer: Heard; ready?: undefined; unsupported?: undefined }
  | { id?: number; failed: string; ready?: undefined; answer?: undefined; unsupported?: true };
