"""Canvases and worn paper: what the pixels door has to find drawings on."""

import pytest
import torch

from recognizer.training.canvases import brushed, penned, placed
from recognizer.training.degradation import FIELDED, degraded, fields
from recognizer.training.pixels_door import PixelsDoor

LINE = torch.tensor([[[-0.3, -0.5, 0.3, 0.5], [0.3, 0.5, 0.3, 0.5]]]).repeat(50, 1, 1)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_brush_has_no_soft_edges():
    canvas = brushed(LINE, seeded())
    assert canvas.shape == (50, 28, 28) and set(canvas.unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("draw", [brushed, penned])
def test_drawings_lie_anywhere_wholly_on_the_canvas(draw):
    canvas = draw(LINE, seeded())
    assert (canvas.amax((1, 2)) > 0.3).all()
    assert canvas[:, [0, -1]].mean() < 0.02 and canvas[:, :, [0, -1]].mean() < 0.02
    across = (canvas.sum(1) * torch.arange(canvas.shape[2])).sum(1) / canvas.sum((1, 2))
    assert across.min() < 0.4 * canvas.shape[2] and across.max() > 0.6 * canvas.shape[2]


def test_a_picture_is_placed_at_other_sizes_without_loss():
    digit = torch.zeros(50, 28, 28)
    digit[:, 4:24, 10:18] = 1
    canvas = placed(digit, seeded())
    height = (canvas.amax(2) > 0.5).sum(1)
    assert height.min() < 24 and height.max() > 36
    assert torch.allclose((canvas.amax(1) > 0.5).sum(1) / height, torch.tensor(0.4), atol=0.1)


def test_worn_paper_has_both_polarities_and_every_picture_differs():
    tones = degraded(penned(LINE, seeded()), seeded())
    assert tones.dtype == torch.uint8
    border = tones[:, 0].float().mean(1)
    assert (border < 100).any() and (border > 155).any()
    assert len({tone.numpy().tobytes() for tone in tones}) == 50


def test_a_field_swaps_ink_and_paper_in_one_round_place_of_a_few_pictures():
    ink = torch.zeros(2000, 28, 28)
    swapped = fields(ink, seeded())
    some = swapped[swapped.amax((1, 2)) > 0]
    assert set(swapped.unique().tolist()) == {0.0, 1.0}
    assert 0.5 * FIELDED < len(some) / len(ink) < FIELDED  # a few lie beside the picture
    assert some.mean() < 0.6


def test_the_door_still_finds_most_of_them():
    with torch.no_grad():
        clean = PixelsDoor()((penned(LINE, seeded()) * 255).to(torch.uint8))
        worn = PixelsDoor()(degraded(penned(LINE, seeded()), seeded()))
    overlap = (clean * worn).sum((1, 2, 3)) / clean.square().sum((1, 2, 3))
    assert (overlap > 0.5).float().mean() > 0.7
