// Tells a picture's format and size by its first bytes, before the browser decodes it. A name or a declared type may be
// wrong, and a small file may hold a picture that fills the memory.

const MOST_HEADER_BYTES = 1 << 20; // a phone writes its own data before the size of a JPEG
const START_BYTES = 64; // enough to tell every format
const NO_FRAMES = [0xc4, 0xc8, 0xcc]; // the other segments of a JPEG from 0xc0 to 0xcf hold its size
const BOX_OF_SIZE = 0x69737065; // "ispe"

/**
 * Returns the format, "" for an unknown one, and the pixels that the header declares, 0 if it does not tell.
 * @type {(file: Blob) => Promise<Header>}
 */
export async function headerOf(file) {
  const bytes = new Uint8Array(await file.slice(0, MOST_HEADER_BYTES).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const text = String.fromCharCode(...bytes.subarray(0, START_BYTES));
  const [format, pixelsOf] = FORMATS.find(([, , start]) => start.test(text)) ?? ["", () => 0];
  try {
    return { format, pixels: pixelsOf(view) };
  } catch {
    return { format, pixels: 0 }; // cut off: the browser will refuse it
  }
}

/** @type {[format: string, pixels: (view: DataView) => number, start: RegExp][]} */
const FORMATS = [
  ["PNG", (view) => view.getUint32(16) * view.getUint32(20), /^\x89PNG/],
  ["JPEG", (view) => pixelsOfJpeg(view), /^\xff\xd8\xff/],
  ["WebP", (view) => pixelsOfWebp(view), /^RIFF.{4}WEBP/s],
  ["GIF", (view) => view.getUint16(6, true) * view.getUint16(8, true), /^GIF8/],
  ["BMP", (view) => Math.abs(view.getInt32(18, true) * view.getInt32(22, true)), /^BM/],
  ["AVIF", (view) => pixelsOfBoxes(view), /^.{4}ftyp.*avi[fs]/s],
  ["HEIC", (view) => pixelsOfBoxes(view), /^.{4}ftyp.*(hei[cmsx]|hev[cx]|mif1|msf1)/s],
];

/** @param {DataView} view */
function pixelsOfJpeg(view) {
  let place = 2;
  for (;;) {
    const kind = view.getUint8(place + 1);
    if (kind >= 0xc0 && kind <= 0xcf && !NO_FRAMES.includes(kind)) {
      break;
    }
    place += kind === 0xff ? 1 : 2 + view.getUint16(place + 2); // 0xff fills a gap
  }
  return view.getUint16(place + 5) * view.getUint16(place + 7);
}

/** @param {DataView} view */
function pixelsOfWebp(view) {
  switch (String.fromCharCode(view.getUint8(15))) {
    case "X": // VP8X
      return (1 + (view.getUint32(24, true) & 0xffffff)) * (1 + (view.getUint32(26, true) >>> 8));
    case "L": // VP8L
      return (1 + (view.getUint32(21, true) & 0x3fff)) * (1 + ((view.getUint32(21, true) >>> 14) & 0x3fff));
    default:
      return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff);
  }
}

// The largest of the sizes in the file: of the picture, its tiles and its thumbnail.
/** @param {DataView} view */
function pixelsOfBoxes(view) {
  let most = 0;
  for (let place = 0; place < view.byteLength - 16; place += 1) {
    if (view.getUint32(place) === BOX_OF_SIZE) {
      most = Math.max(most, view.getUint32(place + 8) * view.getUint32(place + 12));
    }
  }
  return most;
}
