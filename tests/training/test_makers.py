"""Examples made by other processes for the training process."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
import torch

from recognizer.errors import RecognizerError
from recognizer.training.epochs import Examples, TrainingSet, concatenate
from recognizer.training.fit import Fit
from recognizer.training.makers import Makers
from recognizer.training.team import ALONE, Team
from tests.support.training import TINY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("digits_data")]

CONFIG = replace(TINY, makers=2, showings=2, epochs=3)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def makers(digits_data: object) -> Iterator[Makers]:
    with closing(Makers(CONFIG, ALONE, CPU)) as made:
        yield made


def in_one_order(examples: Examples) -> list[tuple[int, tuple[float, ...]]]:
    pairs = zip(examples.classes.tolist(), examples.pictures.flatten(1).tolist(), strict=True)
    return sorted((known, tuple(seen)) for known, seen in pairs)


def test_an_epoch_shows_the_examples_of_its_makers_twice(makers):
    batches = list(makers.batches(1))
    assert len(batches) == 2 * CONFIG.batches()
    sizes = [len(batch.classes) for batch in batches]
    assert max(sizes) - min(sizes) <= 1 and max(sizes) <= CONFIG.batch_size
    shown = in_one_order(concatenate(batches))
    assert shown[::2] == shown[1::2] and len(shown) == 2 * CONFIG.examples()
    made = in_one_order(concatenate(list(TrainingSet(CONFIG, ALONE.member(0, 2)).make_epoch(1))))
    assert len(made) == CONFIG.examples() / 2 and not set(made) - set(shown)


def test_epochs_differ_and_are_repeatable_in_any_order(makers):
    first, second, again = (list(makers.batches(epoch)) for epoch in (1, 2, 1))
    assert all(torch.equal(batch.pictures, other.pictures) for batch, other in zip(first, again, strict=True))
    assert in_one_order(concatenate(first)) != in_one_order(concatenate(second))


def test_each_training_process_has_its_own_makers():
    members = [Team(rank, 2).member(number, 3) for rank in (0, 1) for number in range(3)]
    assert members == [Team(rank, 6) for rank in range(6)]


def test_a_network_learns_from_the_examples_of_makers(makers, tmp_path):
    fit = Fit(replace(CONFIG, epochs=2), tmp_path / "checkpoint.pt")
    fit.training_set = makers
    fit.run(lambda event: None)
    assert fit.epochs[0].train_loss > fit.epochs[1].train_loss > 0


def test_makers_end_with_the_last_epoch(digits_data):
    made = Makers(replace(CONFIG, makers=1, epochs=1), ALONE, CPU)
    assert not made.processes  # until they are needed
    made.request(1)
    process = made.processes[0]
    assert process.is_alive()
    assert len(list(made.batches(1))) == 2 * CONFIG.batches()
    assert not process.is_alive() and not made.processes


def test_a_maker_that_died_is_reported():
    with closing(Makers(CONFIG, ALONE, CPU)) as made:
        made.request(1)
        first, second = made.processes
        first.kill()
        with pytest.raises(RecognizerError, match="has ended"):
            list(made.batches(1))
    assert not second.is_alive()
