"""A run resumes after a stop at any row: no row is lost or repeated, and changed inputs are noticed."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.outputs.output import OutputError
from recognizer.bulk.resume import find_remaining
from recognizer.bulk.run import run
from tests.support.bulk import FOUR, KINDS, SEVEN, item
from tests.support.rows import engine


@pytest.fixture
def items(tmp_path):
    """A file, a file of three pages, two pages of a stack, a broken file, and the first name again."""
    pages = tmp_path / "pages.tif"
    first, *others = map(Image.fromarray, (SEVEN, FOUR, SEVEN))
    first.save(pages, save_all=True, append_images=others)
    stack = [item("s.npy", FOUR, page) for page in (1, 2)]
    return [item("a.png"), item(str(pages), pages), *stack, item("b.png", b"none"), item("a.png", FOUR)]


def keys(output):
    return [(row["file"], row["page"], row["digit"]) for batch, _ in output.read_rows() for row in batch.to_pylist()]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("rows", range(9))
def test_a_run_resumes_after_any_row(name, rows, items, reader, tmp_path):
    whole = output_for(f"{tmp_path}/whole-{name}")
    list(run(items, engine(reader), whole, []))
    whole.close(finished=True)
    expected = keys(whole)
    output = output_for(f"{tmp_path}/{name}")
    output.open()
    output.write(reader(items).slice(0, rows))
    output.close(finished=False)
    seen: list[Any] = []
    again = list(run(items, engine(reader), output, [Shown(seen)], resume=True))
    output.close(finished=True)
    assert keys(output) == expected == seen and sum(again) == 8


class Shown:
    needs = ("file", "page", "digit")

    def __init__(self, seen):
        self.seen = seen

    def write(self, batch):
        self.seen += [(row["file"], row["page"], row["digit"]) for row in batch.to_pylist()]


def test_only_the_last_finished_item_is_read_again(items, reader, tmp_path):
    output = output_for(f"{tmp_path}/rows.parquet")
    list(run(items[:-1], engine(reader), output, []))
    output.close(finished=True)
    _, left = find_remaining(items, output)
    assert [item.file for item in left] == ["b.png", "a.png"]


@pytest.mark.parametrize("name", KINDS)
def test_changed_inputs_are_noticed_and_the_output_stays(name, items, reader, tmp_path):
    output = output_for(f"{tmp_path}/{name}")
    list(run(items, engine(reader), output, []))
    output.close(finished=True)
    for others in (items[1:], [items[0], replace(items[1], file="new.png"), *items[2:]], items[:3]):
        with pytest.raises(OutputError, match="start over with --force"):
            list(run(others, engine(reader), output, [], resume=True))
    assert len(keys(output)) == 8


def test_a_different_page_of_a_stack_is_noticed(items, reader, tmp_path):
    output = output_for(f"{tmp_path}/rows.csv")
    list(run(items, engine(reader), output, []))
    output.close(finished=False)
    with pytest.raises(OutputError, match=r"s\.npy, page 1, but the next input is .*s\.npy, page 2"):
        find_remaining([*items[:2], *items[3:]], output)


def test_without_an_earlier_run_everything_is_read(scans, reader, tmp_path):
    output = output_for(f"{tmp_path}/rows.csv")
    assert sum(run(Sources((str(scans),)).items(), engine(reader), output, [], resume=True)) == 7
    output.close(finished=True)
