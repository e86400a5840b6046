// What confidence is made of: P(digit) · P(best | digit).

/** The chance that a drawing is a digit at all. @param {number} confidence @param {number} best */
export function digitProbability(confidence, best) {
  return Math.min(1, confidence / best);
}
