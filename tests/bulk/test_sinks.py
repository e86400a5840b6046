"""A sink declares the columns it needs. A cluster sends only those."""

import io

import pytest
from rich.console import Console

from recognizer.bulk.engines.reader import rows_of
from recognizer.bulk.outputs.report import Report
from recognizer.bulk.rows import Row
from recognizer.bulk.summary import Summary
from recognizer.cli.eval import DigitScores, NumberScores, Scores
from recognizer.cli.terminal import RowPrinter
from tests.support.bulk import BLANK, item
from tests.support.readings import ANSWERS, SETTINGS


def shown() -> RowPrinter:
    return RowPrinter(Console(file=io.StringIO()), pictures=True)


@pytest.mark.parametrize("make", [Summary, DigitScores, Report, shown])
def test_a_sink_gives_the_same_result_from_only_the_columns_it_needs(make, reader, tmp_path):
    batch = reader([item(), item("b.png", BLANK), item("c.png", b"none")])
    whole, part = make(), make()
    whole.write(batch)
    part.write(batch.select([name for name in part.needs if name in batch.schema.names]))
    said, expected, nothing = (result_of(sink, tmp_path / "page.html") for sink in (part, whole, make()))
    assert said == expected != nothing


@pytest.mark.parametrize("make", [Summary, lambda: NumberScores("number"), shown])
def test_so_does_a_sink_of_numbers(make, tmp_path):
    labels = ["-5,5", "7", "none"]
    rows = [Row("a.png", 1, answer, None, 0.5, label) for answer, label in zip(ANSWERS, labels, strict=True)]
    batch = rows_of([*rows, Row("x.png", 1, None, "broken", 0.5, "5")], SETTINGS)
    whole, part = make(), make()
    whole.write(batch)
    part.write(batch.select([name for name in part.needs if name in batch.schema.names]))
    said, expected, nothing = (result_of(sink, tmp_path / "page.html") for sink in (part, whole, make()))
    assert said == expected != nothing


def result_of(sink, page):
    match sink:
        case Scores():
            return f"{sink.counts} {sink.errors} {sink.unlabelled}"
        case Report():
            sink.save(page, "")
            sink.close()
            return page.read_text()
        case RowPrinter():
            sink.console.file.seek(0)
            return sink.console.file.read()
    return str(sink)
