// What the page's modules may rely on, beyond what browsers promise: the template has these elements and texts.

interface HTMLCanvasElement {
  /** Not null: no browser without it comes here, and no canvas here has another context. */
  getContext(kind: "2d", options?: CanvasRenderingContext2DSettings): CanvasRenderingContext2D;
}
