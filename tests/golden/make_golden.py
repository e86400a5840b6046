"""Writes the golden drawings from what the committed doors make of them: `python -m tests.golden.make_golden`.

Each file is JSON, for tests in any language. A door's change shows as a change of these files, which a person reviews.

strokes.json   a drawing's strokes → the 784 numbers of the picture that the network sees, row by row
pixels.json    a gray picture (base64 of its rows) → the same
segments.json  strokes → what enters the graph: shifted, scaled, thinned, cut into segments x0, y0, x1, y1
shrinking.json a picture of more than 1,024 px a side (base64) → the smaller one (base64)
parts.json     strokes → the boxes of the parts that stand apart, and which of them may be digits of their own
ink_parts.json a picture's ink (base64) → the same, and the ink of each part that may be a digit (base64)
several.json   what the network reads in the parts → the chance that they are several digits, or null

`make_lines` says what is in the files of lines of writing.
"""

import math
from typing import Any

import numpy as np

from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.doors.pixels import shrink
from recognizer.doors.strokes import normalise, segments_of, thin
from recognizer.ink import pixels_from, strokes_from
from recognizer.parts import parts_of_ink, parts_of_strokes
from recognizer.several import PartReading, chance_of_several, parts_to_read
from tests.golden.apart import APART, ONE_APART, READINGS, SEVERAL, inks
from tests.golden.drawings import DIGITS, OTHERS, Drawing
from tests.golden.files import as_base64, numbers, write
from tests.golden.make_lines import LINE_MAKERS
from tests.golden.rendering import Gray, across, crop, illuminate, render

SEVEN, FIVE, FOUR = DIGITS["7 crossed"], DIGITS["5 with a hat"], DIGITS["4 open"]


def strokes() -> dict[str, Drawing]:
    speck = [[[30.0, 132.0], [31.0, 133.0]]]
    return {
        **DIGITS,
        **OTHERS,
        "1 bar, three times": DIGITS["1 bar"] * 3,
        "7 crossed, with a stray mark": [*SEVEN, [[180.0, 20.0], [181.0, 21.0]]],
        "7 crossed, with a speck in its box": SEVEN + speck,
        **SEVERAL,
        **ONE_APART,
    }


def units() -> dict[str, Drawing]:
    return {
        "5 in millionths": move(FIVE, 1e-6, 0),
        "5 in thousand millions": move(FIVE, 1e9, 0),
        "5 far from the origin": move(FIVE, 1, -1e9),
        "5 as large as numbers get": move(FIVE, 1e306, -7e307),
        "5 as small as numbers get": move(FIVE, 5e-320, 0),
        "a dot": [[[7.0, -3.0]]],
        "a dot far away": [[[1e9, 1e-9]], [[1e9, 1e-9]]],
        "two dots": OTHERS["two dots"],
        "an empty stroke": [[], *DIGITS["1 bar"], []],
    }


def move(drawing: Drawing, unit: float, offset: float) -> Drawing:
    return [[[x * unit + offset, y * unit + offset] for x, y in stroke] for stroke in drawing]


def long_drawings() -> dict[str, list[Any]]:
    """More than 512 segments, in whole numbers so that the files stay small."""
    turns = [index / 1500 * 8 * math.pi for index in range(1501)]
    spiral = [[round(angle * 20 * math.cos(angle)), round(angle * 20 * math.sin(angle))] for angle in turns]
    return {
        "exactly 512 segments": [[[index * index % 97, index] for index in range(513)]],
        "513 segments": [[[index * index % 97, index] for index in range(514)]],
        "a spiral of 1,500 segments": [spiral],
        "700 points in one place, then a line": [[[3, 4]] * 700 + [[100, 50]]],
        "600 dots": [[[index * 37 % 101, index * 53 % 103]] for index in range(600)],
        "300 strokes": [[[index, 0], [index + 3, 5], [index, 9]] for index in range(300)],
        "5 with the pen resting": [[point for point in stroke for _ in range(60)] for stroke in FIVE],
    }


def pictures() -> dict[str, Gray]:
    return canvases() | photos() | blanks()


def canvases() -> dict[str, Gray]:
    return {
        "dark on light": render(SEVEN, 56, 36, 3),
        "light on dark": render(SEVEN, 56, 36, 3, paper=0, ink=255),
        "thin pen": render(FIVE, 56, 40, 1.2),
        "thick pen": render(FIVE, 56, 44, 8),
        "in a corner": render(FOUR, 64, 24, 2.5, place=(1, 1)),
        "28 px": render(FOUR, 28, 22, 2),
        "not square": render(FIVE, 60, 36, 3)[:, 8:50].copy(),
        "tight crop": crop(render(DIGITS["2 plain"], 56, 46, 6)),
        "a frame": frame(render(SEVEN, 60, 36, 3)),
    }


def photos() -> dict[str, Gray]:
    return {
        "gray paper": illuminate(render(FIVE, 56, 36, 3.5, paper=200, ink=60), 1, 3),
        "light from the right": illuminate(render(FOUR, 56, 36, 3.5, paper=220, ink=60), 0.5 + 0.5 * across(56), 2),
        "blackboard": illuminate(render(SEVEN, 56, 36, 3.5, paper=60, ink=210), 0.6 + 0.4 * across(56), 4),
    }


def blanks() -> dict[str, Gray]:
    return {
        "white": np.full((30, 30), 255, np.uint8),
        "black": np.zeros((30, 30), np.uint8),
        "gray": np.full((2, 30), 128, np.uint8),
        "noise": illuminate(np.full((40, 40), 128, np.uint8), 1, 4),
    }


def frame(picture: Gray) -> Gray:
    picture = picture.copy()
    picture[:2] = picture[-2:] = picture[:, :2] = picture[:, -2:] = 0
    return picture


def large_pictures() -> dict[str, Gray]:
    ramp = np.arange(1025 * 5).reshape(5, 1025)
    return {
        "1025 wide, 5 high": (ramp * ramp % 251).astype(np.uint8),
        "3 wide, 2049 high": (np.arange(2049 * 3) * 7 % 256).astype(np.uint8).reshape(2049, 3),
    }


def write_strokes() -> None:
    door = StrokesDoor()
    drawings = strokes()
    seen = door([strokes_from(drawing) for drawing in drawings.values()])
    pairs = zip(drawings.items(), seen, strict=True)
    write(
        "strokes.json",
        [{"name": name, "strokes": each, "picture": numbers(picture)} for (name, each), picture in pairs],
    )


def write_pixels() -> None:
    inputs = pictures()
    seen = PixelsDoor()([pixels_from(picture) for picture in inputs.values()])
    pairs = zip(inputs.items(), seen, strict=True)
    write(
        "pixels.json",
        [{"name": name, **as_base64(each), "picture": numbers(picture)} for (name, each), picture in pairs],
    )


def write_segments() -> None:
    drawings = long_drawings() | units()
    cases = [(name, drawing, segments_of(strokes_from(drawing))) for name, drawing in drawings.items()]
    write("segments.json", [{"name": name, "strokes": each, "segments": numbers(out)} for name, each, out in cases])


def write_shrinking() -> None:
    large = large_pictures()
    write(
        "shrinking.json",
        [{"name": name, "large": as_base64(each), "small": as_base64(shrink(each))} for name, each in large.items()],
    )


def write_parts() -> None:
    cases = []
    for name, drawing in APART.items():
        boxes = [part.box for part in parts_of_strokes(thin(normalise([np.array(stroke) for stroke in drawing])))]
        cases.append({"name": name, "strokes": drawing, "boxes": boxes, "read": parts_to_read(boxes)})
    write("parts.json", cases)


def write_ink_parts() -> None:
    cases = []
    for name, gray in inks().items():
        parts = parts_of_ink((gray / 255).astype(np.float32))
        chosen = parts_to_read(parts.boxes) if parts else []
        cuts = [as_base64(np.rint(parts.cut_out(index) * 255).astype(np.uint8)) for index in chosen] if parts else []
        cases.append({"name": name, **as_base64(gray), "boxes": parts.boxes if parts else [], "read": cuts})
    write("ink_parts.json", cases)


def write_several() -> None:
    cases = []
    for name, (whole, parts) in READINGS.items():
        readings = [PartReading(*part) for part in parts]
        fields = [{"box": each.box, "digit": each.digit, "confidence": each.confidence} for each in readings]
        chance = chance_of_several(whole, readings)
        cases.append({"name": name, "whole": whole, "readings": fields, "chance": chance})
    write("several.json", cases)


MAKERS = (
    write_strokes,
    write_pixels,
    write_segments,
    write_shrinking,
    write_parts,
    write_ink_parts,
    write_several,
    *LINE_MAKERS,
)


def main() -> None:
    for make in MAKERS:
        make()


if __name__ == "__main__":
    main()
