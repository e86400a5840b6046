// What the stopwatch records. All times are in ms, from performance.now().

/** The last pointer event. */
interface Pen {
  lift: boolean;
  event: number;
  heard: number;
  /** True if an answer came after this event: the question about it had to wait for that answer. */
  waited: boolean;
}

interface Asked extends Partial<Pen> {
  asked: number;
}

interface Back extends Asked {
  back: number;
}

interface Measured extends Back {
  shown: number;
  painted: number;
}

interface Watch {
  moves: number;
  answers: Measured[];
  ready: number | null;
  shift: number;
  moved: number;
  again(count: number): Promise<number[]>;
}

declare var stopwatch: Watch;

interface PerformanceEntry {
  /** Of a layout shift. */
  readonly value: number;
  readonly hadRecentInput: boolean;
}

interface ParentNode {
  querySelector(selector: "[data-role=answer]"): HTMLElement & { dataset: { state: string } };
}
