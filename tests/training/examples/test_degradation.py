"""Canvases and worn paper, on which the pixels door must find drawings."""

import pytest
import torch

from recognizer.training.doors.cleaner import CleanerGraph
from recognizer.training.doors.placer import PlacerGraph
from recognizer.training.examples.canvases import draw_with_brush, draw_with_pen, place_pictures, stamp
from recognizer.training.examples.degradation import (
    add_scrawl,
    apply_to_some,
    bleed,
    degrade,
    fade,
    invert_region,
    lose_pixels,
    motion_blur,
    random_region,
)
from tests.support.training import seeded

LINE = torch.tensor([[[-0.3, -0.5, 0.3, 0.5], [0.3, 0.5, 0.3, 0.5]]]).repeat(50, 1, 1)


def test_a_brush_has_no_soft_edges():
    canvas = draw_with_brush(LINE, seeded())
    assert canvas.shape == (50, 28, 28) and set(canvas.unique().tolist()) == {0.0, 1.0}


def test_a_line_by_the_thinnest_brush_has_one_pixel_for_each_step():
    slanted = torch.tensor([[[-0.5, -0.2, 0.5, 0.2]]]).repeat(200, 1, 1)
    canvas = draw_with_brush(slanted, seeded())
    thin = canvas[canvas.sum(1).amax(1) == 1]  # no column has two
    assert len(thin) > 20
    columns, starts = thin.sum(1), thin.amax(1).argmax(1)
    for column, start in zip(columns, starts, strict=True):
        length = int(column.sum())
        assert (column[start : start + length] == 1).all()  # and none is left out


def test_brushes_of_a_size_are_square_or_round():
    touched = torch.zeros(200, 28, 28)
    touched[:, 14, 10] = 1
    assert set(stamp(touched, torch.full((200, 1, 1), 3.0), seeded()).sum((1, 2)).tolist()) == {5.0, 9.0}
    assert set(stamp(touched, torch.full((200, 1, 1), 2.0), seeded()).sum((1, 2)).tolist()) == {4.0}


def test_a_small_drawing_has_a_thin_brush():
    level = torch.tensor([[[-0.5, 0.0, 0.5, 0.0]]]).repeat(200, 1, 1)
    canvas = draw_with_brush(level, seeded())
    long, thick = canvas.amax(1).sum(1), canvas.amax(2).sum(1)
    assert long.min() <= 8 and (thick[long < 10] <= 3).all() and thick.max() == 3


@pytest.mark.parametrize("draw", [draw_with_brush, draw_with_pen])
def test_drawings_lie_anywhere_but_entirely_on_the_canvas(draw):
    canvas = draw(LINE, seeded())
    assert (canvas.amax((1, 2)) > 0.3).all()
    assert canvas[:, [0, -1]].mean() < 0.02 and canvas[:, :, [0, -1]].mean() < 0.02
    across = (canvas.sum(1) * torch.arange(canvas.shape[2])).sum(1) / canvas.sum((1, 2))
    assert across.min() < 0.4 * canvas.shape[2] and across.max() > 0.6 * canvas.shape[2]


def test_a_picture_is_placed_at_other_sizes_without_loss():
    digit = torch.zeros(50, 28, 28)
    digit[:, 4:24, 10:18] = 1
    canvas = place_pictures(digit, seeded())
    height = (canvas.amax(2) > 0.5).sum(1)
    assert height.min() < 24 and height.max() > 36
    assert torch.allclose((canvas.amax(1) > 0.5).sum(1) / height, torch.tensor(0.4), atol=0.1)


def test_worn_paper_has_both_polarities_and_every_picture_differs():
    tones = degrade(draw_with_pen(LINE, seeded()), 1.0, seeded())
    assert tones.dtype == torch.uint8
    border = tones[:, 0].float().mean(1)
    assert (border < 100).any() and (border > 155).any()
    assert len({tone.numpy().tobytes() for tone in tones}) == 50


def test_paper_that_is_not_worn_has_one_tone_and_its_ink_another():
    brush = draw_with_brush(LINE, seeded())
    tones = degrade(brush, 0.0, seeded())
    for ink, tone in zip(brush.bool(), tones, strict=True):
        assert len(tone[ink].unique()) == len(tone[~ink].unique()) == 1


def test_a_field_swaps_ink_and_paper_in_a_part_of_the_picture():
    swapped = invert_region(torch.zeros(500, 28, 28), seeded())
    assert set(swapped.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(invert_region(torch.ones(500, 28, 28), seeded()), 1 - swapped)
    parted = (swapped.amin((1, 2)) < swapped.amax((1, 2))).float().mean()
    assert parted > 0.7  # in the others the field covers everything or nothing


def test_fields_are_discs_sides_or_bars_and_often_axis_aligned():
    inside = random_region(torch.zeros(2000, 40, 40), seeded())
    straight = (inside == inside[:, :1]).all((1, 2)) | (inside == inside[:, :, :1]).all((1, 2))
    assert 0.2 < straight.float().mean() < 0.7
    ends = inside[:, 0, 0] | inside[:, 0, -1] | inside[:, -1, 0] | inside[:, -1, -1]
    assert 0.2 < (~ends).float().mean() < 0.8


def test_a_scrawl_adds_a_thin_line_and_takes_no_ink_away():
    ink = draw_with_pen(LINE, seeded())
    added = add_scrawl(ink, seeded()) - ink
    assert added.min() >= 0 and (added.amax((1, 2)) > 0.3).float().mean() > 0.8
    assert added.mean() < 0.15


@pytest.mark.parametrize("effect", [bleed, motion_blur])
def test_bled_or_streaked_ink_moves_but_keeps_its_amount(effect):
    ink = torch.zeros(200, 48, 48)
    ink[:, 20:28, 20:28] = 1
    seen = effect(ink, seeded())
    assert seen.min() >= 0 and seen.max() <= 1.001
    assert abs(seen.mean() / ink.mean() - 1) < 0.05
    assert ((seen - ink).abs().amax((1, 2)) > 0.1).float().mean() > 0.9


def test_grains_hide_a_fifth_of_the_pixels_at_most():
    tone = torch.full((300, 28, 28), 0.5)
    lost = (lose_pixels(tone, seeded()) != tone).float().mean((1, 2))
    assert 0.05 < lost.mean() < 0.15 and lost.max() < 0.27


def test_an_effect_changes_only_the_chosen_pictures():
    ink = torch.zeros(1000, 28, 28)
    touched = apply_to_some(ink, lambda some, _: some + 1, torch.full((1000,), 0.3), seeded()).amax((1, 2))
    assert set(touched.tolist()) == {0.0, 1.0}
    assert abs(touched.mean() - 0.3) < 0.05
    assert ink.max() == 0


def see(pictures):
    return PlacerGraph()(CleanerGraph()(pictures))[0]


@pytest.mark.slow
def test_the_door_still_finds_most_of_them():
    with torch.no_grad():
        clean = see((draw_with_pen(LINE, seeded()) * 255).to(torch.uint8))
        worn = see(degrade(draw_with_pen(LINE, seeded()), 1.0, seeded()))
    overlap = (clean * worn).sum((1, 2, 3)) / clean.square().sum((1, 2, 3))
    assert (overlap > 0.5).float().mean() > 0.7


def test_faded_ink_is_pale_on_one_side_and_never_gone():
    ink = torch.ones(300, 48, 48)
    faded = fade(ink, seeded())
    low, high = faded.amin((1, 2)), faded.amax((1, 2))
    assert low.min() >= 0.3 - 1e-6 and low.max() < 0.85 and (high > 0.9).all()
    darkest, palest = faded[:, :24].mean((1, 2)), faded[:, 24:].mean((1, 2))
    assert 0.3 < (darkest > palest).float().mean() < 0.7  # towards any side


def test_paper_does_not_fade():
    assert fade(torch.zeros(5, 28, 28), seeded()).sum() == 0
