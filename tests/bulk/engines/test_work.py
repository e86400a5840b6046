"""Work shared in a cluster: every item once, few at first, more with many actors."""

from itertools import islice
from pathlib import Path

import pytest

from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.engines.work import FEWEST, MOST, Work, pack, unpack
from recognizer.bulk.inputs.sources import Sources
from tests.support.bulk import MANY, NAMES
from tests.support.library import TINY


@pytest.mark.slow
@pytest.mark.parametrize(
    "done", [0, 1, 31, 32, 40, 51, 60, 71, 72, 75, 2_000, MANY + 71, MANY + 73, MANY + 75, MANY + 84]
)
def test_items_already_done_are_skipped(done, inputs, monkeypatch):
    monkeypatch.chdir(inputs)
    sources = Sources(NAMES)
    work = Work(inputs, sources, Reading(TINY))
    parts = [unpack(part) for files in work.list_files(pack(done)) for part in work.open_files(files)]
    assert all(len(part) <= FEWEST for part in parts)
    found = [(item.file, item.page) for part in parts for item in part]
    assert found == [(item.file, item.page) for item in islice(sources.items(), done, None)]


@pytest.mark.parametrize(("actors", "most"), [(1, FEWEST), (90, 32 * 90), (1_000, MOST)])
def test_batches_grow_with_the_number_of_actors_after_a_small_start(actors, most):
    work = Work(Path(), Sources(()), Reading(TINY), actors)
    given, sizes = 0, []
    while given < 100_000_000:
        sizes.append(work.batch_size(given))
        given += sizes[-1]
    assert sizes[: 8 * actors] == [FEWEST] * 8 * actors and sizes[-1] == most
    assert sizes == sorted(sizes)


@pytest.mark.slow
def test_a_batch_of_names_becomes_one_batch_of_items(tmp_path):
    """Many names go out at once, because names are small and the driver serves many actors."""
    work = Work(tmp_path, Sources(tuple(f"{number}.png" for number in range(110_000))), Reading(TINY), 20)
    first, *_, last, _ = (unpack(files) for files in work.list_files(pack(0)))
    assert len(first[0]) == FEWEST < len(last[0]) <= 110_000 / 8 / 20
    (items,) = map(unpack, work.open_files(pack(last)))
    assert [item.file for item in items] == [str(file) for file in last[0]]
