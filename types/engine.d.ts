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

/** The picture for the network, and its place in `unit`. Empty for a blank drawing. */
interface Seen {
  picture?: Tensor;
  place?: Tensor;
  unit?: Sheet;
}

/** onnxruntime-web's declarations need it; workers have no such type. */
type HTMLImageElement = never;
