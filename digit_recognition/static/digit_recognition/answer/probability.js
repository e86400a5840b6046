// The parts of confidence, which is P(digit) · P(best | digit).

/** P(digit): the probability that a drawing is a digit at all. @param {number} confidence @param {number} best */
export function digitProbability(confidence, best) {
  return Math.min(1, confidence / best);
}
