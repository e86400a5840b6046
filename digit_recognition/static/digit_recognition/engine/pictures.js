// Turns a picture's file into the gray pixels that the pixels door takes, at most 1,024 px a side. Follows
// recognizer/pictures.py and recognizer/doors/pixels.py; the golden pictures test both.

const MOST_READ_PX = 1024;
const LEAST_ALPHA_RANGE = 16; // of 255: if one colour's alpha varies by this much, alpha is the ink
const CLEAR_BELOW = 32; // alpha, of 255: the colour of fainter pixels is mostly rounding
const ONE_COLOUR = 8; // of 255: colours that differ by less count as equal

/**
 * Returns a picture's pixels, upright, with the file's own colour values.
 * @param {Blob} file
 */
export async function decode(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels;
}

/**
 * Turns RGBA, as in an ImageData, to gray, then shrinks it.
 * @type {(pixels: {data: ArrayLike<number>, width: number, height: number}) => Gray & {factor: number}}
 */
export function grayOf({ data, width, height }) {
  return shrink({ gray: flatten(data), width, height });
}

/**
 * Shrinks to at most 1,024 px a side: takes the mean of `factor` × `factor` pixels, halves rounded up.
 * @type {(given: Gray) => Gray & {factor: number}}
 */
export function shrink({ gray, width, height }) {
  const factor = Math.ceil(Math.max(width, height) / MOST_READ_PX);
  if (factor === 1) {
    return { gray, width, height, factor };
  }
  const across = Math.ceil(width / factor);
  const down = Math.ceil(height / factor);
  const sums = new Float64Array(across * down);
  const counts = new Float64Array(across * down);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const block = Math.floor(y / factor) * across + Math.floor(x / factor);
      sums[block] += gray[y * width + x];
      counts[block] += 1;
    }
  }
  const means = Uint8Array.from(sums, (sum, block) => Math.floor((2 * sum + counts[block]) / (2 * counts[block])));
  return { gray: means, width: across, height: down, factor };
}

// In transparent pictures of one colour, alpha is the ink. Others are laid on white or black, whichever shows more.
/** @type {(rgba: ArrayLike<number>) => Uint8Array} */
function flatten(rgba) {
  const count = rgba.length / 4;
  const gray = new Uint8Array(count);
  const alpha = new Uint8Array(count);
  let faintest = 255;
  let strongest = 0;
  for (let place = 0; place < count; place += 1) {
    const [red, green, blue] = [rgba[4 * place], rgba[4 * place + 1], rgba[4 * place + 2]];
    gray[place] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    alpha[place] = rgba[4 * place + 3];
    faintest = Math.min(faintest, alpha[place]);
    strongest = Math.max(strongest, alpha[place]);
  }
  if (faintest === 255) {
    return gray;
  }
  const varies = strongest - faintest >= LEAST_ALPHA_RANGE;
  if (strongest === 0 || (varies && isOneColour(rgba, Math.min(CLEAR_BELOW, strongest)))) {
    return alpha;
  }
  const [black, white] = [0, 255].map((paper) => layOn(gray, alpha, paper));
  return variance(white) > variance(black) ? white : black;
}

// True if the pixels of at least this alpha have one colour.
/** @type {(rgba: ArrayLike<number>, leastAlpha: number) => boolean} */
function isOneColour(rgba, leastAlpha) {
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  for (let place = 0; place < rgba.length; place += 4) {
    if (rgba[place + 3] >= leastAlpha) {
      for (let channel = 0; channel < 3; channel += 1) {
        low[channel] = Math.min(low[channel], rgba[place + channel]);
        high[channel] = Math.max(high[channel], rgba[place + channel]);
      }
    }
  }
  return high.every((most, channel) => most - low[channel] < ONE_COLOUR);
}

/** @type {(gray: Uint8Array, alpha: Uint8Array, paper: number) => Uint8Array} */
function layOn(gray, alpha, paper) {
  return gray.map((tone, place) => {
    const mixed = tone * alpha[place] + paper * (255 - alpha[place]) + 128;
    return ((mixed >> 8) + mixed) >> 8;
  });
}

/** @param {Uint8Array} tones */
function variance(tones) {
  const mean = tones.reduce((sum, tone) => sum + tone, 0) / tones.length;
  return tones.reduce((sum, tone) => sum + (tone - mean) ** 2, 0) / tones.length;
}
