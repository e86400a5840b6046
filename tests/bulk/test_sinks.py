"""A sink declares the columns it needs. A cluster sends only those."""

import io

import pytest
from rich.console import Console

from recognizer.bulk.outputs.report import Report
from recognizer.bulk.summary import Summary
from recognizer.cli.eval import DigitScores
from recognizer.cli.terminal import RowPrinter
from tests.support.bulk import BLANK, item


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


def result_of(sink, page):
    match sink:
        case DigitScores():
            return f"{sink.counts} {sink.errors} {sink.unlabelled}"
        case Report():
            sink.save(page, "")
            sink.close()
            return page.read_text()
        case RowPrinter():
            sink.console.file.seek(0)
            return sink.console.file.read()
    return str(sink)
