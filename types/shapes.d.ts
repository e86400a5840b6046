// The shapes that modules hand to each other. They stand here because browsers would load them with the modules.

/** In shares of the canvas's side; pressure from 0 to 1. */
type Point = [x: number, y: number, pressure: number];

/** In any unit. A point is one, too. */
type Place = readonly [x: number, y: number, ...rest: number[]];

interface Style {
  /** In shares of the canvas's side. */
  width: number;
  /** Whether pressure changes the width. */
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
  /** What is read. */
  file: Blob;
  /** What is shown: upright, at most 1,024 px a side. */
  shown: ImageBitmap;
  /** Width and height of what is read. */
  size: [width: number, height: number];
  /** The colour that it lies on, should it be transparent. */
  paper: string;
}

/** Strokes or a picture. */
interface State {
  strokes: Stroke[];
  picture: Picture | null;
}

/** What is asked about: strokes, with the canvas's size, or a picture's file. */
type Drawn =
  | { strokes: Place[][]; size?: [width: number, height: number]; picture?: undefined }
  | { picture: Blob; size?: undefined; strokes?: undefined };

/** Where the canvas lies in the unit of what is asked about. */
interface Sheet {
  left: number;
  top: number;
  side: number;
}

/** settled: whether the pen has lifted. again: whether it was answered, and is asked for the sake of another answer. */
type Question = Drawn & { sheet: Sheet; settled: boolean; again: boolean };

type Reason = "blank" | "not a digit" | "unsure";

interface Answer<Seen = ImageData> {
  digit: number | null;
  confidence: number;
  /** Of the ten digits. */
  probabilities: number[];
  reason: Reason | null;
  /** The model's name. */
  model: string;
  /** The picture that the network saw, 28 × 28 px. */
  seen: Seen;
}

interface AnswerFrom extends Answer {
  from: "device" | "server";
}

/** Fails with an `Unanswered`. */
type Ask<Kind = Answer> = (drawn: Drawn, signal: AbortSignal) => Promise<Kind>;

/** Pictures of 28 × 28 px, one after the other → the ten digits' probabilities of each. */
type ProbabilitiesOf = (pictures: Float32Array, count: number) => Promise<Float32Array>;

/** What a bit of ink does for each digit. x, y: its middle; side: of its square. */
interface Square {
  x: number;
  y: number;
  side: number;
  gains: number[];
}

/** When the model declines, as model.json has it. */
type Rule = { sure: number; digit: number };

/** What the engine loads: addresses, the rule and the model's name. */
interface Task {
  files: { wasm: string; strokes: string; pixels: string; model: string };
  rule: Rule;
  model: string;
}

/** How many points each stroke has, and x and y of all of them in turn. */
interface Packed {
  lengths: number[];
  numbers: Float64Array;
}

/** why: whether to explain instead of to answer. */
type Asking = { id: number; why?: boolean } & (
  | { picture: Blob; strokes?: undefined }
  | { strokes: Packed; picture?: undefined }
);

type ToEngine = (Task & { id?: never }) | Asking | { id: number; dropped: true };

/** An answer or an explanation. */
type Heard = Answer<Uint8Array> | Square[];

type FromEngine =
  | { ready: true; id?: undefined; answer?: undefined }
  | { id: number; answer: Heard; ready?: undefined }
  | { id?: number; failed: string; ready?: undefined; answer?: undefined };
