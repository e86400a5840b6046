"""What takes rows says what it needs of them: a cluster sends no more."""

import io

import pytest
from rich.console import Console

from recognizer.bulk.evaluate import Scores
from recognizer.bulk.report import Report
from recognizer.bulk.summary import Summary
from recognizer.bulk.terminal import Shown
from tests.bulk.conftest import BLANK, item


@pytest.mark.parametrize(
    "sink",
    [Summary(), Scores(), Report(), Shown(Console(file=io.StringIO()), True)],
    ids=lambda sink: type(sink).__name__,
)
def test_a_sink_needs_no_more_than_it_says(sink, reader):
    batch = reader([item(), item("b.png", BLANK), item("c.png", b"none")])
    sink.write(batch.select([name for name in sink.needs if name in batch.schema.names]))
