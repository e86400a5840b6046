"""Finds the sizes that the streams of AV1 and HEVC declare: what their decoders allocate, whatever the file says.

Knows no files. Raises `ValueError` or `IndexError` for a damaged stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from recognizer.picture_parts import parts_error

MOST_FRAMES_IN_ITEM = 8  # and headers with its size; AVIF may hold up to four layers of one picture
MOST_HEADER_BYTES = 1_024  # of a unit that holds the size
MOST_ZEROS = 32  # at the start of a number
SEQUENCE_HEADER, FRAME_HEADER, FRAME = 1, 3, 6  # AV1's kinds of units
SEQUENCE_PARAMETERS = 33  # HEVC's kind of unit with the size of the picture
LAST_SLICE = 31


@dataclass(frozen=True)
class Size:
    """The pixels of a picture in a stream: as it declares, and the most that its decoder accepts."""

    pixels: int
    most_pixels: int


def av1_sizes(content: bytes, most_units: int) -> list[Size]:
    """Return the size in each sequence header of an AV1 stream."""
    sizes: list[Size] = []
    at = frames = 0
    for _ in range(most_units):
        if at >= len(content):
            return sizes
        head = content[at]
        kind, at = head >> 3 & 15, at + (2 if head & 4 else 1)
        length, at = _leb128(content, at) if head & 2 else (len(content) - at, at)
        if kind == SEQUENCE_HEADER:
            sizes.append(_av1_size(content[at : at + min(length, MOST_HEADER_BYTES)]))
        frames += kind in (FRAME_HEADER, FRAME)
        if max(frames, len(sizes)) > MOST_FRAMES_IN_ITEM:
            raise parts_error(MOST_FRAMES_IN_ITEM)
        at += length
    raise parts_error(most_units)


def _leb128(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = content[at + place]
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    raise ValueError("a length has too many bytes")


def _av1_size(header: bytes) -> Size:
    bits = Bits(header)
    bits.take(4)  # profile, still picture
    is_still = bits.take(1)  # the short header of a still picture
    if is_still:
        bits.take(5)  # level
    else:
        _skip_av1_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    width, height = bits.take(width_bits) + 1, bits.take(height_bits) + 1
    # Without the short header, frames may name sizes of their own, as large as their numbers go.
    return Size(width * height, width * height if is_still else 1 << (width_bits + height_bits))


def _skip_av1_operating_points(bits: "Bits") -> None:
    delay_bits = 0
    if bits.take(1):  # timing
        bits.take(64)
        if bits.take(1):
            bits.exp_golomb()
        if bits.take(1):  # model of the decoder
            delay_bits = bits.take(5) + 1
            bits.take(42)
    has_display_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if delay_bits and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if has_display_delay and bits.take(1):
            bits.take(4)


def hevc_sizes(content: bytes, config: bytes, most_units: int) -> list[Size]:
    """Return the sizes in the parameter sets of a picture, in its configuration and among its coded units."""
    sets = [unit for unit in _units_of_configuration(config) if unit[0] >> 1 & 63 == SEQUENCE_PARAMETERS]
    sizes = [_hevc_size(unit) for unit in sets[: MOST_FRAMES_IN_ITEM + 1]]
    length_size, at, pictures = (config[21] & 3) + 1, 0, 0
    for _ in range(most_units):
        if at + length_size + 2 >= len(content):
            return sizes
        length = number_at(content, at, length_size)
        at += length_size
        kind = content[at] >> 1 & 63
        if kind == SEQUENCE_PARAMETERS:
            sizes.append(_hevc_size(content[at : at + length]))
        pictures += kind <= LAST_SLICE and content[at + 2] >> 7  # the first slice of a picture
        if max(pictures, len(sizes)) > MOST_FRAMES_IN_ITEM:
            raise parts_error(MOST_FRAMES_IN_ITEM)
        at += length
    raise parts_error(most_units)


def _units_of_configuration(config: bytes) -> Iterator[bytes]:
    at = 23
    for _ in range(config[22]):
        count = number_at(config, at + 1, 2)
        at += 3
        for _ in range(count):
            length = number_at(config, at, 2)
            yield config[at + 2 : at + 2 + length]
            at += 2 + length


def _hevc_size(unit: bytes) -> Size:
    bits = Bits(unit[2:MOST_HEADER_BYTES].replace(b"\0\0\x03", b"\0\0"))
    bits.take(4)
    layers = bits.take(3)
    bits.take(1 + 96)  # profile and level
    present = [(bits.take(1), bits.take(1)) for _ in range(layers)]
    bits.take(2 * (8 - layers) if layers else 0)
    for has_profile, has_level in present:
        bits.take(88 * has_profile + 8 * has_level)
    bits.exp_golomb()  # number of the set
    if bits.exp_golomb() == 3:  # chroma in three planes
        bits.take(1)
    pixels = bits.exp_golomb() * bits.exp_golomb()
    return Size(pixels, pixels)


def number_at(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise ValueError("cut off")
    return int.from_bytes(data[at : at + size])


class Bits:
    """Reads from the highest bit of the first byte on. Raises `ValueError` at the end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> int:
        first, last = self.at // 8, (self.at + count + 7) // 8
        if last > len(self.data):
            raise ValueError("cut off")
        self.at += count
        value = int.from_bytes(self.data[first:last]) >> (8 * last - self.at)
        return value & ((1 << count) - 1)

    def exp_golomb(self) -> int:
        """Read an Exp-Golomb number: n zeros, a one, then n more bits."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > MOST_ZEROS:
                raise ValueError("a number has too many bits")
        return (1 << zeros) - 1 + self.take(zeros)
