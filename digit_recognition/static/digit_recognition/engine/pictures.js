// A picture's file → its pixels → the gray that the pixels door takes, at most 1,024 px a side. The rules are those of
// recognizer/pictures.py and recognizer/doors/pixels.py; the golden pictures hold both to them.

const MOST_READ_PX = 1024;
const LEAST_ALPHA_RANGE = 16; // of 255: where alpha varies by this much over one colour, alpha is the ink
const CLEAR_BELOW = 32; // of 255: the colour of fainter pixels is mostly rounding
const ONE_COLOUR = 8; // of 255: colours that differ by less than this are one

/**
 * A picture's pixels, upright: colours as they are written there.
 * @param {Blob} file
 */
export async function decoded(file) {
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
 * RGBA, as an ImageData has it, made gray and then `shrunk`.
 * @type {(pixels: {data: ArrayLike<number>, width: number, height: number}) => Gray & {factor: number}}
 */
export function grayOf({ data, width, height }) {
  return shrunk({ gray: flat(data), width, height });
}

/**
 * At most 1,024 px a side, by the mean of square blocks of `factor` whole pixels, halves rounded up.
 * @type {(given: Gray) => Gray & {factor: number}}
 */
export function shrunk({ gray, width, height }) {
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

// Transparent pictures: where alpha varies over one colour, alpha is the ink; others lie on white or black.
/** @type {(rgba: ArrayLike<number>) => Uint8Array} */
function flat(rgba) {
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
  const [black, white] = [0, 255].map((paper) => on(gray, alpha, paper));
  return variance(white) > variance(black) ? white : black;
}

// Whether the pixels of at least this alpha are of one colour.
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
function on(gray, alpha, paper) {
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
