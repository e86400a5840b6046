// Shapes that only the engine uses.

type Tensor = import("onnxruntime-web").TypedTensor<"float32">;

/** An ONNX graph. All our graphs return float32. */
interface Graph {
  run(inputs: Record<string, import("onnxruntime-web").Tensor>, outputs: string[]): Promise<Record<string, Tensor>>;
}

/** The loaded engine. `pixels` loads with the first picture. */
interface Loaded {
  strokes: Graph;
  network: Graph;
  pixels?: Promise<{ cleaner: Graph; placer: Graph }> | null;
  files: Task["files"];
  rule: Rule;
  name: string;
}

/** The picture for the network, its place in `unit`, and what finds its parts. Empty for a blank drawing. */
interface Seen {
  parts?: () => Promise<Part[]>;
  picture?: Tensor;
  place?: Tensor;
  unit?: Sheet;
}

/** onnxruntime-web's declarations need it; workers have no such type. */
type HTMLImageElement = never;

/** left, top, right, bottom; y down. */
type Box = [left: number, top: number, right: number, bottom: number];

/** A picture's ink: 0 paper, about 1 typical ink. */
interface Ink {
  ink: Float32Array;
  width: number;
  height: number;
}

/** Cells over a picture; the corner and a cell's side in px. */
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
