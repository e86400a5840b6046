// Finds the most probable texts in what the line network says of each place along a line. Follows
// recognizer/numbers/search.py, which explains the numbers; the golden lines test both.

export const CHARACTERS = "0123456789-+.,?";
export const CLASSES = CHARACTERS.length + 1;
const BLANK = 0;
const BEAMS = 12;
const LEAST = 1e-3;
const FAINT = 1e-5;
const CERTAIN = 0.9999;
const LEAST_CHANCE = 1e-30;

/**
 * Returns the most probable texts, at most 12, most probable first. chances: 16 for each place.
 * @type {(chances: Float32Array) => {text: string, probability: number}[]}
 */
export function search(chances) {
  /** A text's probability, ending in blank and in its last character. @type {Beams} */
  let beams = new Map([["", [1, 0]]]);
  for (let start = 0; start < chances.length; start += CLASSES) {
    const place = chances.subarray(start, start + CLASSES);
    if (place[BLANK] > CERTAIN) {
      beams = new Map(Array.from(beams, ([text, [blank, other]]) => [text, [(blank + other) * place[BLANK], 0]]));
    } else {
      beams = strongest(step(beams, place));
    }
  }
  return Array.from(beams, ([text, [blank, other]]) => ({ text, probability: blank + other })).sort(
    (first, second) => second.probability - first.probability || compare(first.text, second.text),
  );
}

// Follows each text with a blank, with its last character again, and with a new one.
/** @type {(beams: Beams, place: Float32Array) => Beams} */
function step(beams, place) {
  /** @type {[string, number][]} */
  const likely = [];
  for (let index = 1; index < CLASSES; index += 1) {
    if (place[index] > LEAST) {
      likely.push([CHARACTERS[index - 1], place[index]]);
    }
  }
  /** @type {Beams} */
  const followed = new Map();
  /** @type {(text: string, part: 0 | 1, chance: number) => void} */
  const add = (text, part, chance) => {
    const sums = followed.get(text) ?? [0, 0];
    sums[part] += chance;
    followed.set(text, sums);
  };
  for (const [text, [blank, other]] of beams) {
    add(text, 0, (blank + other) * place[BLANK]);
    for (const [character, chance] of likely) {
      const isLast = text.endsWith(character);
      if (isLast) {
        add(text, 1, other * chance);
      }
      add(text + character, 1, (isLast ? blank : blank + other) * chance);
    }
  }
  return followed;
}

/** @type {(beams: Beams) => Beams} */
function strongest(beams) {
  const most = Array.from(beams.values()).reduce((best, [blank, other]) => Math.max(best, blank + other), 0);
  const strong = Array.from(beams).filter(([, [blank, other]]) => blank + other >= FAINT * most);
  if (strong.length > BEAMS) {
    strong.sort(([first, [a, b]], [second, [c, d]]) => c + d - (a + b) || compare(first, second));
  }
  return new Map(strong.slice(0, BEAMS));
}

/** @type {(first: string, second: string) => number} */
function compare(first, second) {
  return first < second ? -1 : Number(first > second);
}

/**
 * Returns the place of each character of a text, which must not be empty, in places. They are those of the most
 * probable path.
 * @type {(chances: Float32Array, text: string) => number[]}
 */
export function align(chances, text) {
  const classes = [BLANK, ...Array.from(text).flatMap((character) => [CHARACTERS.indexOf(character) + 1, BLANK])];
  const places = chances.length / CLASSES;
  /** @type {(place: number, state: number) => number} */
  const logOf = (place, state) => Math.log(Math.max(chances[place * CLASSES + classes[state]], LEAST_CHANCE));
  const maySkip = classes.map((own, state) => state > 1 && state % 2 === 1 && own !== classes[state - 2]);
  let score = classes.map((_, state) => (state < 2 ? logOf(0, state) : -Infinity));
  const moves = [new Uint8Array(classes.length)];
  for (let place = 1; place < places; place += 1) {
    const move = new Uint8Array(classes.length);
    score = classes.map((_, state) => {
      const options = [score[state], score[state - 1] ?? -Infinity, maySkip[state] ? score[state - 2] : -Infinity];
      move[state] = options.indexOf(Math.max(...options));
      return options[move[state]] + logOf(place, state);
    });
    moves.push(move);
  }
  return placesOf(text, moves, score[classes.length - 1] >= score[classes.length - 2]);
}

/** @type {(text: string, moves: Uint8Array[], endsInBlank: boolean) => number[]} */
function placesOf(text, moves, endsInBlank) {
  const sums = Array.from(text, () => [0, 0]); // the sum of each character's places, and their number
  let state = 2 * sums.length - (endsInBlank ? 0 : 1);
  for (let place = moves.length - 1; place >= 0; place -= 1) {
    if (state % 2) {
      const sum = sums[(state - 1) / 2];
      sum[0] += place;
      sum[1] += 1;
    }
    state -= moves[place][state];
  }
  return sums.map(([sum, count]) => (count ? sum / count : 0));
}
