// Weighs texts: what the line network finds, and what the digit network says of each digit alone. Follows
// recognizer/numbers/weighing.py, which explains the numbers; the golden lines test both.

const ALLOWED = { digits: /^[0-9]+$/, number: /^[-+]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)$/ };
const LEAST_FOUND = 1e-12;
const SURELY = 1e-3;

/**
 * True for digits, or for a number with at most one sign, point or comma.
 * @type {(text: string, allow: Allow) => boolean}
 */
export function isAllowed(text, allow) {
  return ALLOWED[allow].test(text);
}

/**
 * Returns each candidate's calibrated chance to be what is written; the sum is at most 1.
 * @type {(candidates: Candidate[], weights: Weights) => number[]}
 */
export function weigh(candidates, weights) {
  const shares = sharesOf(candidates, weights);
  const best = shares.indexOf(Math.max(...shares));
  const { lead, doubt, found, beside } = evidenceOf(candidates[best], shares[best], weights);
  const seen = weights.doubt * doubt + weights.found * found - weights.beside * beside;
  const logit = weights.bias + weights.lead * lead + seen;
  const confidence = 1 / (1 + Math.exp(-logit));
  const others = Math.max(1 - shares[best], SURELY);
  const ofOthers = Math.min(confidence / shares[best], (1 - confidence) / others); // none is more probable than the best
  return shares.map((share, index) => (index === best ? confidence : share * ofOthers));
}

/** @type {(candidates: Candidate[], weights: Weights) => number[]} */
function sharesOf(candidates, weights) {
  const scores = candidates.map((candidate) => scoreOf(candidate, weights));
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** @type {(best: Candidate, share: number, weights: Weights) => Evidence} */
function evidenceOf(best, share, weights) {
  return {
    lead: Math.log(share / (1 - share + SURELY)),
    doubt: Math.min(0, ...logsOf(best.ofDigits, weights.least), ...logsOf(best.ofCutDigits, weights.cut_least)),
    found: Math.log(Math.max(best.probability, LEAST_FOUND)),
    beside: Number(best.hasBeside),
  };
}

/** @type {(candidate: Candidate, weights: Weights) => number} */
function scoreOf({ text, probability, ofDigits, ofCutDigits }, weights) {
  const checked = weights.digits * sumOf(logsOf(ofDigits, weights.least));
  const checkedCut = weights.cut_digits * sumOf(logsOf(ofCutDigits, weights.cut_least));
  const symbols = text.length - ofDigits.length - ofCutDigits.length;
  return Math.log(Math.max(probability, LEAST_FOUND)) + checked + checkedCut + weights.symbol * symbols;
}

/** @type {(chances: number[], least: number) => number[]} */
function logsOf(chances, least) {
  return chances.map((chance) => Math.log(least + (1 - least) * chance));
}

/** @param {number[]} numbers */
function sumOf(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0);
}
