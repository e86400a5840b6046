// What the stopwatch notes. Times are those of performance.now(), in ms.

/** The newest event of the drawing. */
interface Pen {
  lift: boolean;
  event: number;
  heard: number;
  /** Whether it came before an answer that was waited for. */
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
