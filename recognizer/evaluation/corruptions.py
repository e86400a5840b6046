"""The fifteen corruptions of MNIST-C (Mu and Gilmer, arXiv 1906.02337) at their published strengths, seeded.

Own code after the published recipe, in whole batches: (n, 28, 28) float64 in [0, 1], light ink on dark, and a random
generator → the same, corrupted. No corruption may train a model. The random numbers differ from the published ones.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.ndimage import affine_transform, gaussian_filter
from skimage import feature

SIDE = 28
MIDDLE = (SIDE - 1) / 2

SHOT_PHOTONS = 3  # from a white pixel, on average
IMPULSE_SHARE = 0.17
GLASS_SIGMA, GLASS_REACH, GLASS_ROUNDS = 0.7, 1, 2
MOTION_RADIUS, MOTION_SIGMA, MOTION_ANGLE_DEG = 10, 3.0, 45.0
TURN = 0.4  # radians, of rotation and shear
SHRUNK = 0.7
MOVED_PX = 3
BRIGHTER = 0.5
STRIPES = slice(0, 7), slice(21, 28)  # inverted columns
FOG, FOG_DECAY, FOG_MAP = 3.0, 1.4, 256
SPATTER_MEAN, SPATTER_DEVIATION, SPATTER_SIGMA, SPATTER_ABOVE = 0.65, 0.3, 1.0, 0.65
MUD_SIGMA, MUD_ABOVE, MUD_TONE = 1.5, 0.8, 63 / 255
LINE_REACH_PX = 2.3
ZIGZAG_FROM, ZIGZAG_TO, ZIGZAG_STEP, ZIGZAG_FALL = 2, 25, 2.0, 5

Batch = npt.NDArray[np.float64]  # (n, 28, 28)
Heights = npt.NDArray[np.float64]  # of a cloud
Corruption = Callable[[Batch, np.random.Generator], Batch]


def corrupt(images: npt.NDArray[np.uint8], kind: str, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Corrupt pictures by one of `KINDS`: (n, 28, 28) uint8, light ink on dark → the same."""
    changed = np.clip(KINDS[kind](images / 255, random), 0, 1)
    return np.rint(changed * 255).astype(np.uint8)


def shot_noise(images: Batch, random: np.random.Generator) -> Batch:
    seen: Batch = random.poisson(images * SHOT_PHOTONS) / SHOT_PHOTONS
    return seen


def impulse_noise(images: Batch, random: np.random.Generator) -> Batch:
    """Add salt and pepper in equal parts."""
    hit = random.random(images.shape) < IMPULSE_SHARE
    return np.where(hit, random.random(images.shape) < 0.5, images)


def glass_blur(images: Batch, random: np.random.Generator) -> Batch:
    """Blur, swap neighbours, blur again. The published code blurs along the columns alone; so does this one."""
    out = np.floor(gaussian_filter(images, (0, GLASS_SIGMA, 0), mode="nearest") * 255) / 255
    every = np.arange(len(out))
    for _ in range(GLASS_ROUNDS):
        for row in range(SIDE - GLASS_REACH, GLASS_REACH, -1):
            for column in range(SIDE - GLASS_REACH, GLASS_REACH, -1):
                swap = random.random(len(out)) < 0.5
                down, across = random.integers(-GLASS_REACH, GLASS_REACH, (2, len(out)))
                here, there = (every[swap], row, column), (every[swap], row + down[swap], column + across[swap])
                out[here], out[there] = out[there], out[here]
    blurred: Batch = gaussian_filter(out, (0, GLASS_SIGMA, 0), mode="nearest")
    return blurred


def motion_blur(images: Batch, random: np.random.Generator) -> Batch:
    """Blur by half a Gaussian, as ImageMagick does, with the edge's tones beyond the edge."""
    steps = np.arange(2 * MOTION_RADIUS + 1)
    weights = np.exp(-(steps**2) / (2 * MOTION_SIGMA**2))
    angles = np.deg2rad(random.uniform(-MOTION_ANGLE_DEG, MOTION_ANGLE_DEG, len(images)))
    rows, columns = np.indices((SIDE, SIDE))
    every = np.arange(len(images))[:, None, None]
    out = np.zeros_like(images)
    for step, weight in zip(steps, weights / weights.sum(), strict=True):
        across, down = (np.ceil(step * way(angles) - 0.5).astype(int)[:, None, None] for way in (np.cos, np.sin))
        out += weight * images[every, (rows + down).clip(0, SIDE - 1), (columns + across).clip(0, SIDE - 1)]
    return out


def shear(images: Batch, random: np.random.Generator) -> Batch:
    """Shear by the angle's sine and stretch by its cosine, as scikit-image did when the pictures were published."""
    return _warp(images, lambda turn: [[np.cos(turn), 0], [-np.sin(turn), 1]], _signs(images, random) * TURN)


def rotate(images: Batch, random: np.random.Generator) -> Batch:
    return _warp(
        images,
        lambda turn: [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]],
        _signs(images, random) * TURN,
    )


def scale(images: Batch, random: np.random.Generator) -> Batch:
    return _warp(images, lambda wider: [[wider, 0], [0, wider]], np.full(len(images), 1 / SHRUNK))


def translate(images: Batch, random: np.random.Generator) -> Batch:
    moved = np.zeros_like(images)
    for index, (down, across) in enumerate(random.choice([-MOVED_PX, MOVED_PX], (len(images), 2))):
        place = (slice(max(down, 0), SIDE + min(down, 0)), slice(max(across, 0), SIDE + min(across, 0)))
        taken = (slice(max(-down, 0), SIDE - max(down, 0)), slice(max(-across, 0), SIDE - max(across, 0)))
        moved[index][place] = images[index][taken]
    return moved


def brightness(images: Batch, random: np.random.Generator) -> Batch:
    return images + BRIGHTER


def stripe(images: Batch, random: np.random.Generator) -> Batch:
    out = images.copy()
    for columns in STRIPES:
        out[:, :, columns] = 1 - out[:, :, columns]
    return out


def fog(images: Batch, random: np.random.Generator) -> Batch:
    """Add fog: the corner of a cloud of the published size."""
    clouds = np.stack([_cloud(random)[:SIDE, :SIDE] for _ in images])
    brightest = images.max((1, 2), keepdims=True)
    foggy: Batch = (images + FOG * clouds) * brightest / (brightest + FOG)
    return foggy


def spatter(images: Batch, random: np.random.Generator) -> Batch:
    """Add drops of mud."""
    liquid = random.normal(SPATTER_MEAN, SPATTER_DEVIATION, images.shape)
    wet = gaussian_filter(liquid, (0, SPATTER_SIGMA, SPATTER_SIGMA), mode="nearest") > SPATTER_ABOVE
    mud = gaussian_filter(wet.astype(np.float64), (0, MUD_SIGMA, MUD_SIGMA), mode="nearest")
    mud[mud < MUD_ABOVE] = 0
    muddy: Batch = images * (1 - mud) + MUD_TONE * mud
    return muddy


def dotted_line(images: Batch, random: np.random.Generator) -> Batch:
    """Add a line from edge to edge that skips two of every four columns."""
    ends = random.integers(0, SIDE - 1, (len(images), 2))
    lines = np.stack([_line(0, start, SIDE - 1, end) for start, end in ends])
    lines[:, :, np.arange(SIDE) % 4 < 2] = 0
    return np.clip(images + lines, 0, 1)


def zigzag(images: Batch, random: np.random.Generator) -> Batch:
    return np.stack([_add_zigzag(image, random) for image in images])


def canny_edges(images: Batch, random: np.random.Generator) -> Batch:
    edges_of: Callable[[Batch], npt.NDArray[np.bool_]] = feature.canny  # scikit-image has no types
    return np.stack([edges_of(image) for image in images]).astype(np.float64)


KINDS: dict[str, Corruption] = {
    kind.__name__: kind
    for kind in (
        shot_noise,
        impulse_noise,
        glass_blur,
        motion_blur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
        stripe,
        fog,
        spatter,
        dotted_line,
        zigzag,
        canny_edges,
    )
}


def _signs(images: Batch, random: np.random.Generator) -> npt.NDArray[np.int64]:
    return random.choice([-1, 1], len(images))


def _warp(images: Batch, matrix_of: Callable[[float], list[list[float]]], amounts: npt.NDArray[np.floating]) -> Batch:
    """Warp bilinearly about the middle, black outside; matrices map the new (row, column) to the old."""
    return np.stack(
        [_affine(image, np.array(matrix_of(amount))) for image, amount in zip(images, amounts, strict=True)]
    )


def _affine(image: Batch, matrix: npt.NDArray[np.float64]) -> Batch:
    middle = np.full(2, MIDDLE)
    warped: Batch = affine_transform(image, matrix, middle - matrix @ middle, order=1, mode="constant")
    return warped


def _cloud(random: np.random.Generator) -> Heights:
    """Return (256, 256) in [0, 1] by the diamond-square algorithm; opposite edges match."""
    heights = np.zeros((FOG_MAP, FOG_MAP))
    step, roughness = FOG_MAP, 100.0
    while step >= 2:
        half = step // 2
        corners = heights[::step, ::step]
        pairs = corners + np.roll(corners, -1, 0)
        heights[half::step, half::step] = _add_roughness(pairs + np.roll(pairs, -1, 1), roughness, random)
        middles = heights[half::step, half::step]
        beside = corners + np.roll(corners, -1, 1) + middles + np.roll(middles, 1, 0)
        heights[::step, half::step] = _add_roughness(beside, roughness, random)
        below = corners + np.roll(corners, -1, 0) + middles + np.roll(middles, 1, 1)
        heights[half::step, ::step] = _add_roughness(below, roughness, random)
        step, roughness = half, roughness / FOG_DECAY
    heights -= heights.min()
    cloud: Heights = heights / heights.max()
    return cloud


def _add_roughness(
    sums: npt.NDArray[np.float64], roughness: float, random: np.random.Generator
) -> npt.NDArray[np.float64]:
    return sums / 4 + roughness * random.uniform(-roughness, roughness, sums.shape)


def _line(x0: float, y0: float, x1: float, y1: float) -> Batch:
    """Return (28, 28): a line from x0 to x1 > x0 that fades with the vertical distance."""
    columns = np.arange(SIDE)
    middle = (y1 - y0) / (x1 - x0) * (columns - x0) + y0
    away = np.minimum(np.abs(np.arange(SIDE)[:, None] - middle), LINE_REACH_PX * (1 - 1e-9))
    ink: Batch = np.clip(np.log(1 - away / LINE_REACH_PX) + 1, 0, 1)
    ink[:, (columns < np.floor(x0)) | (columns >= np.ceil(x1))] = 0
    return ink


def _add_zigzag(image: Batch, random: np.random.Generator) -> Batch:
    start = random.integers(0, SIDE - 1)
    fall = random.integers(-ZIGZAG_FALL, ZIGZAG_FALL)
    length = np.hypot(ZIGZAG_TO - ZIGZAG_FROM, fall)
    tips = np.arange(int((length - ZIGZAG_STEP) // (2 * ZIGZAG_STEP)) + 1)
    along = np.concatenate([[0], (2 * tips + 1) * ZIGZAG_STEP])
    across = np.concatenate([[0], np.where(tips % 2 == 0, ZIGZAG_STEP, -ZIGZAG_STEP)])
    rest = length - 2 * ZIGZAG_STEP * (length // (2 * ZIGZAG_STEP))
    if rest:
        along, across = np.append(along, length), np.append(across, across[-1] / (2 * rest))
    turn = np.arctan2(fall, ZIGZAG_TO - ZIGZAG_FROM)
    x = along * np.cos(turn) - across * np.sin(turn) + ZIGZAG_FROM
    y = along * np.sin(turn) + across * np.cos(turn) + start
    out = image
    for number in range(1, len(x)):
        out = np.clip(out + _line(x[number - 1], y[number - 1], x[number], y[number]), 0, 1)
    return out
