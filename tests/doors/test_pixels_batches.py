"""The pixels door on batches and on large pictures: memory is bounded, and no picture changes another."""

import tracemalloc

import numpy as np
import pytest

from recognizer.doors import PixelsDoor, pixels
from recognizer.doors.pixels import MOST_SIDE_PX, PICTURES_AT_ONCE, PIXELS_AT_ONCE, batches, shrink, shrunk_shape
from recognizer.ink import pixels_from
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support.likeness import DOOR, SOME, add_frame, assert_alike, door_picture


def test_pictures_of_different_shapes_share_a_call_and_keep_their_order():
    images = [
        render(DIGITS[name], side) for name, side in zip(SOME, [250, 280, 250, 300, 280, 250, 400, 280], strict=True)
    ]
    together = DOOR([pixels_from(image) for image in images])
    np.testing.assert_array_equal(together[:, 0], [door_picture(image) for image in images])


def test_a_picture_looks_the_same_alone_and_beside_others_of_its_size():
    images = [render(DIGITS[name]) for name in SOME] + [
        np.zeros((280, 280), np.uint8),
        np.full((280, 280), 255, np.uint8),
        add_frame(
            render(DIGITS["4 open"]), 6, ["left", "top"]
        ),  # frames are followed if a picture has ink at its edges
        render(DIGITS["2 plain"], pen_px=2),  # and pens are widened far if one is thin
    ]
    together = DOOR([pixels_from(image) for image in images])
    np.testing.assert_array_equal(together[:, 0], [door_picture(image) for image in images])


def test_memory_is_planned_for_the_first_shapes_alone_and_changes_no_picture(monkeypatch):
    monkeypatch.setattr(pixels, "MOST_PLANS", 2)
    door = PixelsDoor()
    sides = [100, 120, 140, 100, 160]
    alone = [door([pixels_from(render(DIGITS["1 bar"], side))]) for side in sides]
    assert door.cleaner.planned_shapes == door.placer.planned_shapes == {(100, 100), (120, 120)}
    for side, picture in zip(sides, alone, strict=True):
        pair = door([pixels_from(render(DIGITS["1 bar"], side))] * 2)
        np.testing.assert_allclose(picture[0], pair[0], rtol=0, atol=1e-5)


def test_no_pictures_make_no_pictures():
    assert DOOR([]).shape == (0, 1, 28, 28)


def test_a_picture_that_cannot_be_written_to_or_is_a_view_is_taken():
    wide = np.repeat(render(DIGITS["4 open"]), 2, axis=1)
    view = wide[:, ::2]
    view.flags.writeable = False
    np.testing.assert_array_equal(door_picture(view), door_picture(view.copy()))


@pytest.mark.parametrize("side", [1025, 1500, 2048, 2049, 3333, 4096])
def test_more_than_1024_px_are_shrunk_by_the_mean_of_areas(side):
    image = np.random.default_rng(side).integers(0, 256, (side, 7)).astype(np.uint8)
    small = shrink(image)
    factor = -(-side // MOST_SIDE_PX)
    assert small.shape == shrunk_shape(image.shape) and max(small.shape) <= MOST_SIDE_PX
    assert small[0, 0] == np.floor(image[:factor, :factor].astype(float).mean() + 0.5)
    assert small[-1, -1] == np.floor(image[(len(small) - 1) * factor :, (small.shape[1] - 1) * factor :].mean() + 0.5)


def test_a_picture_of_1024_px_is_not_shrunk():
    image = np.zeros((1024, 1024), np.uint8)
    assert shrink(image) is image


def test_a_picture_of_4096_by_4096_is_read():
    small = render(DIGITS["7 crossed"], 1024, 600, 40)
    assert_alike(np.repeat(np.repeat(small, 4, 0), 4, 1), "7 crossed", 0.9)


def test_the_largest_picture_takes_bounded_memory():
    image = pixels_from(np.full((4096, 4096), 255, np.uint8))
    tracemalloc.start()
    DOOR([image])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


@pytest.mark.parametrize("shapes", [[(280, 280)] * 100, [(1024, 1024)] * 3, [(28, 28)] * 500, [(2, 2), (3, 3)] * 40])
def test_a_batch_stays_within_the_memory_limit(shapes):
    groups = batches(shapes)
    assert sorted(index for group in groups for index in group) == list(range(len(shapes)))
    for group in groups:
        (height, width), *others = {shapes[index] for index in group}
        assert not others and len(group) <= PICTURES_AT_ONCE
        assert len(group) == 1 or len(group) * height * width <= PIXELS_AT_ONCE


def test_an_open_door_keeps_working_when_its_file_is_gone(monkeypatch, tmp_path):
    """The plan for single pictures is made at the first one."""
    door, image = PixelsDoor(), pixels_from(render(DIGITS["7 crossed"]))
    monkeypatch.setattr(pixels, "DOORS", tmp_path)
    np.testing.assert_array_equal(door([image]), DOOR([image]))
