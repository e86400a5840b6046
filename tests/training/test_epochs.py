"""Points, distortions and made-up drawings, of which an epoch consists."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.training.config import DISTORTIONS, PRESETS, Config
from recognizer.training.doors.strokes import SERVING_PEN_PX, StrokesGraph
from recognizer.training.epochs import (
    TrainingSet,
    random_indexes,
    unfinished_versions,
)
from recognizer.training.examples.composed import compose
from recognizer.training.examples.distortion import (
    cut_gaps,
    distort_pictures,
    distort_strokes,
    drop_points,
)
from recognizer.training.examples.glyphs import LIKE_DIGITS, glyphs
from recognizer.training.examples.letters import characters, training_letters
from recognizer.training.examples.made_up import MadeUp
from recognizer.training.examples.points import POINTS, points_of
from recognizer.training.held_out import held_out_examples
from recognizer.training.through_doors import render_strokes
from tests.support.training import SEVEN, seeded

pytestmark = pytest.mark.slow

STILL = replace(replace(Config(), calm=0).calm_config(), picture_plain=0)


def test_every_drawing_has_the_same_number_of_points_and_keeps_its_strokes():
    points = points_of([SEVEN, SEVEN[:1], [np.array([[3.0, 4.0]])]])
    assert points.xy.shape == (3, POINTS, 2)
    assert points.ends.sum(1).tolist() == [2, 1, 1]


def test_the_longer_side_is_1_and_the_middle_0():
    (xy,) = points_of([SEVEN]).xy
    assert torch.allclose(xy.amax(0), -xy.amin(0), atol=1e-6)
    assert xy.amax(0).tolist() == pytest.approx([0.3, 0.5], abs=0.01)  # a point beside the corner, not on it


def test_no_ink_joins_two_strokes():
    points = points_of([SEVEN])
    resampled = render_strokes(points.segments(), torch.full((1, 1, 1), SERVING_PEN_PX))
    drawn = torch.tensor([[[0.0, 0, 60, 0], [60, 0, 20, 100], [10, 50, 50, 50]]]) / 100
    assert (resampled - StrokesGraph()(drawn)[0]).abs().mean() < 0.005


def test_a_drawing_of_a_hundred_strokes_fits():
    many = [np.array([[0.0, i], [5.0, i]]) for i in range(100)]
    assert points_of([many]).ends.sum() == 12


def test_without_distortion_strokes_and_pictures_stay_as_they_are():
    points = points_of([SEVEN])
    assert torch.allclose(distort_strokes(points, STILL, seeded()).xy, points.xy, atol=1e-6)
    picture = torch.rand(2, 1, 28, 28)
    assert torch.allclose(distort_pictures(picture, STILL, seeded()), picture, atol=1e-4)


def test_plain_pictures_stay_as_sharp_as_they_were():
    picture = torch.zeros(1, 1, 28, 28)
    picture[0, 0, 10:20, 14] = 1
    shown = distort_pictures(picture.repeat(20, 1, 1, 1), replace(Config(), picture_plain=1), seeded())
    assert torch.allclose(shown.sum((1, 2, 3)), torch.tensor(10.0), atol=1e-3)
    assert ((shown < 1e-3) | (shown > 1 - 1e-3)).all()


def test_distortion_changes_every_drawing_differently():
    points = points_of([SEVEN] * 4)
    xy = distort_strokes(points, Config(), seeded()).xy
    assert all((xy[i] - xy[j]).abs().max() > 0.01 for i in range(4) for j in range(i))


def test_a_gap_removes_a_bit_of_the_line_and_adds_no_ink():
    points = points_of([SEVEN] * 50)
    broken = cut_gaps(points, 1.0, seeded())
    pens = torch.full((50, 1, 1), SERVING_PEN_PX)
    before, after = render_strokes(points.segments(), pens), render_strokes(broken.segments(), pens)
    assert (broken.ends.sum(1) > points.ends.sum(1)).all()
    inside = torch.sqrt((broken.segments()[:, :, 2:] - broken.segments()[:, :, :2]).square().sum(2)).sum(1)
    whole = torch.sqrt((points.segments()[:, :, 2:] - points.segments()[:, :, :2]).square().sum(2)).sum(1)
    assert (inside < whole).all() and (inside > 0.8 * whole).all()
    assert after.sum() < before.sum()
    assert cut_gaps(points, 0.0, seeded()).ends.equal(points.ends)


def test_the_last_epochs_distort_less():
    config = Config()
    calm_config = config.calm_config()
    assert calm_config.worn == pytest.approx(config.calm * config.worn)
    assert calm_config.stroke_slant < config.stroke_slant and calm_config.picture_plain > config.picture_plain
    assert replace(calm_config, **{name: getattr(config, name) for name in (*DISTORTIONS, "picture_plain")}) == config


def test_missing_points_never_take_a_strokes_ends():
    points = points_of([SEVEN] * 50)
    xy = drop_points(points.xy, points.ends, 1.0, seeded())
    assert torch.equal(xy[points.ends], points.xy[points.ends])
    assert (xy != points.xy).any()


def test_distorted_pictures_stay_within_0_and_1():
    pictures = distort_pictures((torch.rand(8, 1, 28, 28) > 0.8).float(), Config(), seeded())
    assert pictures.min() >= 0 and pictures.max() <= 1


def test_an_order_takes_every_example_equally_often():
    counts = torch.bincount(random_indexes(10, 25, seeded()), minlength=10)
    assert counts.sum() == 25 and counts.max() - counts.min() == 1


SOME_DIGITS = [Drawing(label, "w", (SEVEN[0],)) for label in "37"]


def test_no_drawings_have_no_points():
    assert points_of([]).xy.shape == (0, POINTS, 2)


def test_made_up_digits_cover_all_ten():
    drawn = MadeUp(Config(), [], SOME_DIGITS, np.random.default_rng(0)).styled_digits(300)
    assert len(drawn.drawings) == 300 and np.bincount(drawn.classes, minlength=10).min() > 10


@pytest.mark.parametrize("kind", Config().not_digits)
def test_non_digits_of_each_kind_are_made(kind):
    made_up = MadeUp(Config(not_digits={kind: 1.0}), [[SEVEN[1]]], SOME_DIGITS, np.random.default_rng(0))
    drawn = made_up.not_digits(40)
    assert set(drawn.classes.tolist()) == {NOT_A_DIGIT} and len(drawn.drawings) == 40
    assert all(np.isfinite(np.concatenate(strokes)).all() and len(strokes) for strokes in drawn.drawings)


def test_without_characters_the_other_kinds_are_made():
    drawn = MadeUp(Config(), [], SOME_DIGITS, np.random.default_rng(0)).not_digits(100)
    assert len(drawn.drawings) == 100


def test_a_composed_character_has_strokes_of_several_parts_and_no_two_are_alike():
    made_up = MadeUp(Config(not_digits={"composed": 1.0}), [], [], np.random.default_rng(0))
    drawings = made_up.not_digits(300).drawings
    assert {len(strokes) for strokes in drawings} == {1, 2, 3, 4, 5}
    assert all(len(stroke) >= 2 and np.isfinite(stroke).all() for strokes in drawings for stroke in strokes)
    assert len({np.concatenate(strokes).tobytes() for strokes in drawings}) == 300


def test_a_stroke_of_a_composed_character_often_touches_another():
    random = np.random.default_rng(0)
    pairs = [strokes[:2] for strokes in (compose(random) for _ in range(300)) if len(strokes) > 1]
    apart = [np.linalg.norm(stroke[:, None] - other[None], axis=2).min() for stroke, other in pairs]
    assert 0.5 < np.mean(np.array(apart) < 0.05) < 0.95


@pytest.mark.parametrize(("label", "left"), [("7", 1), ("5", 1), ("4", 0), ("1", 0), ("8", 0)])
def test_digits_recognizable_without_a_stroke_lose_it(label, left):
    assert len(unfinished_versions(Drawing(label, "w", tuple(SEVEN)))) == left


def test_no_digit_is_reduced_to_a_plain_line():
    lines = [np.array([[0.0, 0.0], [0.0, 50.0], [0.0, 100.0]]), np.array([[40.0, 0.0], [40.0, 100.0]])]
    assert unfinished_versions(Drawing("7", "w", tuple(lines))) == []


def test_a_digit_of_one_stroke_keeps_it():
    assert unfinished_versions(Drawing("7", "w", (SEVEN[0],))) == []


def test_an_invented_character_mixes_strokes_and_fits_one_box():
    line, bow = np.array([[0.0, 0.0], [0.0, 9.0]]), np.array([[0.0, 0.0], [5.0, 5.0], [9.0, 0.0]])
    made_up = MadeUp(Config(not_digits={"invented": 1.0}), [[line], [bow]], [], np.random.default_rng(0))
    drawings = made_up.not_digits(200).drawings
    assert {len(strokes) for strokes in drawings} == {2, 3, 4}
    assert max(np.ptp(np.concatenate(strokes), axis=0).max() for strokes in drawings) < 2.5
    assert any({len(line), len(bow)} <= {len(stroke) for stroke in strokes} for strokes in drawings)


def test_letters_that_look_like_digits_are_left_out():
    assert set("OolISsZzBbgq") <= LIKE_DIGITS
    assert not {char for char, _ in glyphs()} & LIKE_DIGITS


def test_held_out_examples_are_not_trained_on(digits_data):
    config = replace(Config(), traced_mnist=100)
    training = TrainingSet(config)
    assert len(training.pictures) + config.held_out_mnist == 60_000
    assert not {drawing.writer for drawing in training.pens} & set(config.held_out_pen_writers)
    assert {drawing.writer for drawing in training_letters()} == {f"uji0{number}" for number in range(1, 9)}
    train, apart = characters(config)
    assert not {id(strokes) for strokes in train} & {id(strokes) for strokes in apart}
    assert len(apart) > 300


@pytest.mark.usefixtures("digits_data")
def test_letters_are_held_out_by_writer():
    without = characters(replace(Config(), held_out_letter_writers=()))
    with_one = characters(Config())
    of_one = sum(drawing.writer == "uji08" and drawing.label not in LIKE_DIGITS for drawing in training_letters())
    assert len(with_one[1]) - len(without[1]) == of_one > 0


@pytest.mark.usefixtures("digits_data")
def test_an_epoch_holds_the_numbers_of_its_configuration():
    config = replace(PRESETS["smallest"], mnist_per_epoch=64, placed=0.3, brushed=0.2, penned=0.1)
    batches = list(TrainingSet(config).batches(1))
    sizes = [len(batch.classes) for batch in batches]
    assert sum(sizes) == 64 + 900 + 30 + 200 + 100 + 40 + 400 + 60 + 20 + 20 and max(sizes) - min(sizes) <= 3
    classes = torch.cat([batch.classes for batch in batches])
    assert (classes == NOT_A_DIGIT).sum() == 400 + 60
    pictures = torch.cat([batch.pictures for batch in batches])
    assert pictures.shape[1:] == (1, 28, 28) and pictures.min() >= 0 and pictures.max() <= 1
    assert (pictures.flatten(1).amax(1) > 0.3).all()


@pytest.mark.usefixtures("digits_data")
def test_batches_may_be_larger_than_the_pieces_they_are_made_of():
    config = replace(PRESETS["smallest"], mnist_per_epoch=4_000, batch_size=4_096)
    training = TrainingSet(config)
    sizes = [len(batch.classes) for batch in training.batches(1)]
    assert len(sizes) == config.batches() == 2 and sum(sizes) == config.examples()


@pytest.mark.usefixtures("digits_data")
def test_every_example_is_shown_as_often_as_the_configuration_says():
    config = replace(PRESETS["smallest"], mnist_per_epoch=40, showings=3)
    training = TrainingSet(config)
    batches = list(training.batches(1))
    assert len(batches) == 3 * config.batches()
    shown = [
        (picture.numpy().tobytes(), int(known))
        for batch in batches
        for picture, known in zip(batch.pictures, batch.classes, strict=True)
    ]
    made = config.examples()
    first, second, third = (shown[start : start + made] for start in range(0, len(shown), made))
    assert first != second != third
    assert sorted(first) == sorted(second) == sorted(third)


@pytest.mark.usefixtures("digits_data")
@pytest.mark.parametrize("count", [0, 1, 3])
def test_any_number_of_pictures_can_pass_the_door(count):
    training = TrainingSet(replace(PRESETS["smallest"], placed=count / 3))
    shown = training.from_mnist(torch.arange(3), seeded())
    assert shown.shape == (3, 1, 28, 28) and (shown.amax((1, 2, 3)) > 0.3).all()


@pytest.mark.usefixtures("digits_data")
def test_held_out_examples_pass_both_doors():
    examples = held_out_examples(replace(Config(), held_out_mnist=20, held_out_not_digits=5))
    once, again = examples.classes.tensor_split(2)
    assert len(examples.pictures) == len(examples.classes) and torch.equal(once, again)
    assert (once[:-5] < NOT_A_DIGIT).all() and (once[-5:] == NOT_A_DIGIT).all()
    assert (examples.pictures.flatten(1).amax(1) > 0.3).all()
