// Shapes that only the engine uses.

type Tensor = import("onnxruntime-web").TypedTensor<"float32">;

/** An ONNX graph. All our graphs return float32. */
interface Graph {
  /** outputs: to fetch; each takes 0.05 ms. */
  run<Name extends string>(
    inputs: Record<string, import("onnxruntime-web").Tensor>,
    outputs: Name[],
  ): Promise<Record<Name, Tensor>>;
}

interface PixelsDoor {
  cleaner: Graph;
  lineCleaner: Graph;
  placer: Graph;
}

/** Pictures for the network; and where each lies: left, top and side. */
interface Placed {
  picture: Tensor;
  place: Tensor;
}

/** A picture for the network, and its place. unit: the square of the question's own coordinates that is called 0 … 1. */
interface Seen extends Placed {
  unit: Sheet;
}

/** What the digit network says of pictures: ten probabilities of each, and its confidence. */
interface Asked {
  probabilities: Float32Array;
  confidence: Float32Array;
}

/** A question, unpacked. */
type Opened = { drawing: Place[][]; picture?: undefined } | { picture: Gray & { factor: number }; drawing?: undefined };

type Reason = "blank" | "not a digit" | "several digits" | "unsure";

/** What the digit network says of one drawing, and where that is, if known. */
interface Prediction {
  digit: number | null;
  confidence: number;
  /** Of the ten digits. */
  probabilities: number[];
  reason: Reason | null;
  /** The model's name. */
  model: string;
  /** The picture that the network saw, 28 × 28 px: 0 paper to 255 ink. */
  seen: Uint8Array;
  box?: Box;
}

/** onnxruntime-web's declarations need it; workers have no such type. */
type HTMLImageElement = never;

/** A picture's ink: 0 paper, about 1 typical ink. */
interface Ink {
  ink: Float32Array;
  width: number;
  height: number;
}

/** Cells over a picture; the corner and a cell's side in px. */
interface LabelledInk {
  /** Of each cell: 0, or the number of its part, from 1. */
  labels: Int32Array;
  /** Of the parts, in cells. */
  boxes: Box[];
  grid: Grid;
}

interface Grid {
  columns: number;
  rows: number;
  left: number;
  top: number;
  side: number;
}

/** A part that may be a digit: its box in any unit, its picture for the network. */
interface Part {
  box: Box;
  picture: Float32Array;
}

/** What the network reads in one part alone: the most likely digit, and the confidence in it. */
interface PartReading {
  box: Box;
  digit: number;
  confidence: number;
}

/** How two parts lie to each other; see recognizer/several.py. */
interface Placing {
  across: number;
  down: number;
  tall: number;
  low: number;
  level: number;
}

/** A line of writing, 32 px high: 0 paper, 255 ink. A place of the writing lies at (place - corner) · scale, px. */
interface LinePicture {
  picture: Uint8Array;
  width: number;
  corner: Place;
  scale: number;
}

/** Texts: the probability of each, ending in blank and in its last character. */
type Beams = Map<string, [blank: number, other: number]>;

/** How the old pixels count in a new one. first: the first of them. */
interface Tent {
  first: number;
  weights: number[];
}

/** A stroke of a line, or a part of one. stroke: its index. */
interface Piece {
  points: Place[];
  stroke: number;
}

/**
 * The ink of one character, 64 px high, from 0 to 1. left: its first column in the fine picture; isCut: true if it was
 * cut off from other ink.
 */
interface InkPiece {
  ink: Float32Array;
  width: number;
  left: number;
  isCut: boolean;
}

/**
 * A cut from top to bottom: its column in each row, px. beyond: 1 for the pixels on its right; ink: of each part there,
 * in levels.
 */
interface Seam {
  columns: number[];
  beyond: Uint8Array;
  ink: number[];
}

interface InkCutter {
  cut: (centres: number[]) => Seam[][];
  piece: (left: Seam, right: Seam) => InkPiece;
}

/** A line's picture to cut. labels: the part of each pixel, from 1; count: of the parts; beside: see `besideParts`. */
interface CutLine {
  picture: Uint8Array;
  ink: Float32Array;
  width: number;
  labels: Int32Array;
  count: number;
  beside: Int32Array;
  fine: Float32Array;
}

/** owner: the index of the piece's character. */
interface Owned {
  owner: number;
  piece: Piece;
}

/** Ways to share one stroke: whole to one character or the other, or cut. */
type Choice = [best: Owned[], second: Owned[], cut: Owned[]];

/** A text, and the line network's probability of it. */
interface Found {
  text: string;
  probability: number;
}

/** A text to weigh. See recognizer/numbers/weighing.py. */
interface Candidate extends Found {
  ofDigits: number[];
  ofCutDigits: number[];
  hasBeside: boolean;
}

/** What the confidence depends on. */
interface Evidence {
  lead: number;
  doubt: number;
  found: number;
  beside: number;
}

/** The ink of one character: of a drawing its pieces, of a picture 96 × 96 px. See recognizer/numbers/reader.py. */
interface Cut {
  /** Equal for equal ink, empty for none. */
  key: string;
  /** In the unit of what is read. */
  box: Box;
  pieces: Piece[];
  /** True if it was cut off from other ink. */
  isCut: boolean;
  /** True if a stroke stands beside the longest one. */
  hasBeside: boolean;
  strokes: number[];
  ink: Ink | null;
  /** Where the door's 0 … 1 (pieces) or px (ink) lie, in the unit of what is read. */
  unit: Sheet;
}

/** The ways to cut a line. best: the one with the highest sum of scores; score: how well ink fits a character. */
interface Ways {
  cuts: Cut[];
  best: (score: (at: number, cut: Cut) => number) => Cut[];
}

/** A line of writing that can be cut. centres: where its characters lie, px. */
interface CuttableLine {
  picture: LinePicture;
  hasLostInk: boolean;
  cut: (centres: number[]) => Ways;
}

/** A line of a picture's writing, and its box in the picture's px. */
interface PictureLine {
  line: CuttableLine;
  box: Box;
}

/** A text to weigh, its characters' ink, and what the digit network says of each; null for a sign or point. */
interface Judged extends Candidate {
  way: Cut[];
  predictions: (Prediction | null)[];
}

/** What the line network proposes: its chances at each place, and the likely texts; none if no character is found. */
interface Proposed {
  chances: Float32Array;
  texts: Found[];
}

/** The networks that read a line. chances: of a line picture, 16 for each 2 px; predict: what each character alone is. */
interface LineNetworks {
  chances: (picture: Uint8Array, width: number) => Promise<Float32Array>;
  predict: (cuts: Cut[]) => Promise<Prediction[]>;
  weights: WeightsByAllow;
  /** The name of the digit model. */
  model: string;
}

/** The answer to a line of writing; see recognizer/numbers/reading.py. */
interface Reading {
  text: string | null;
  confidence: number;
  /** cut: of a digit that is read alone, for its explanation. */
  digits: { text: string; prediction: Prediction | null; box: Box; strokes: number[]; cut?: Cut }[];
  alternatives: Found[];
  reason: ReadingReason | null;
  /** The name of the digit model. */
  model: string;
  /** Of the line; null for blank. */
  box: Box | null;
}

/** networks: of drawings or of pictures; predict: reads all that is given as one digit. */
interface NumberTask {
  networks: LineNetworks;
  predict: () => Promise<Prediction>;
  allow: Allow;
}
