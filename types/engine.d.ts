// The engine's own shapes: no other module has them.

type Tensor = import("onnxruntime-web").TypedTensor<"float32">;

/** A graph of ours: it returns float32 alone. */
interface Graph {
  run(inputs: Record<string, import("onnxruntime-web").Tensor>, outputs: string[]): Promise<Record<string, Tensor>>;
}

/** What is loaded; pixels, with the first picture. */
interface Loaded {
  strokes: Graph;
  network: Graph;
  pixels?: Promise<Graph> | null;
  files: Task["files"];
  rule: Rule;
  name: string;
}

/** The picture that the network is to see, and where it lies in `unit`; empty where the drawing is blank. */
interface Seen {
  picture?: Tensor;
  place?: Tensor;
  unit?: Sheet;
}

/** onnxruntime-web's declarations name it, and a worker has none. */
type HTMLImageElement = never;
