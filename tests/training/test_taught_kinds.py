"""The kinds of examples that an epoch holds: groups, pieces, misread digits and other not-digits."""

from dataclasses import replace

import pytest
import torch

from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.training.config import PRESETS
from recognizer.training.epochs import (
    Drawings,
    TrainingSet,
)
from recognizer.training.examples.picture_groups import as_seen, groups, likeness, soften
from recognizer.training.examples.points import points_of
from recognizer.training.through_doors import read_worn
from tests.support.training import SEVEN, TINY, seeded

pytestmark = pytest.mark.slow


def drawings_of(strokes: list, misread: bool, count: int = 60) -> Drawings:
    classes = torch.full((count,), NOT_A_DIGIT)
    return Drawings(points_of([strokes] * count), classes, torch.full((count,), misread))


@pytest.fixture(scope="module")
def training(digits_data: object) -> TrainingSet:
    return TrainingSet(replace(PRESETS["smallest"], brushed=0.5, penned=0.5, worn=1.0))


def test_groups_are_never_drawn_by_a_wide_pen(training):
    (_, thin), (_, any_pen) = (training.draw(drawings_of(SEVEN, misread), seeded()) for misread in (True, False))
    thin_ink, any_ink = thin.sum((1, 2, 3)), any_pen.sum((1, 2, 3))
    assert thin_ink.max() < any_ink.max() and torch.isclose(thin_ink.min(), any_ink.min())


def test_the_door_shows_a_misread_drawing_whole_or_it_does_not_pass_it(training):
    segments, drawn = training.draw(drawings_of(SEVEN, True), seeded())
    shown, any_shown = (
        training.from_strokes(segments, drawn, torch.full((60,), misread), seeded()) for misread in (True, False)
    )
    assert likeness(shown, drawn).min() >= 0.8 > likeness(any_shown, drawn).min()
    assert not torch.equal(shown, drawn)


def test_a_group_is_not_a_digit_and_a_digit_beside_a_piece_or_a_mark_is_one(training):
    made = training.make_chunk(torch.arange(4), drawings_of(SEVEN, False, 10), (12, 5, 3), seeded())
    assert made.classes[4:26].tolist() == [NOT_A_DIGIT] * 22 and (made.classes[26:] < NOT_A_DIGIT).all()
    assert made.pictures.shape == (34, 1, 28, 28) and (made.pictures.amax((1, 2, 3)) > 0.3).all()


def test_a_group_passes_the_door_with_all_of_its_digits(training):
    """Wear may hide a digit. A single digit must not be taught as a group."""
    digits, classes = training.some_pictures(40, 3, seeded())
    canvases = groups(digits, classes, seeded())
    seen = read_worn(canvases, 1.0, training.door, seeded())
    assert likeness(soften(seen), soften(as_seen(canvases))).min() >= 0.8


@pytest.mark.parametrize(
    "name", ["groups_per_epoch", "pieces_per_epoch", "marks_per_epoch", "misread_per_epoch", "not_digits_per_epoch"]
)
def test_a_kind_of_example_can_be_left_out(name, training, monkeypatch):
    config = replace(TINY, **{name: 0})  # type: ignore[arg-type]
    monkeypatch.setattr(training, "config", config)
    assert sum(len(batch.classes) for batch in training.make_epoch(1)) == config.examples()


def test_an_epoch_is_the_same_each_time_it_is_made(training, monkeypatch):
    monkeypatch.setattr(training, "config", TINY)
    first, again, other = (list(training.make_epoch(epoch)) for epoch in (1, 1, 2))
    assert all(torch.equal(one.pictures, two.pictures) for one, two in zip(first, again, strict=True))
    assert not all(torch.equal(one.pictures, two.pictures) for one, two in zip(first, other, strict=True))
