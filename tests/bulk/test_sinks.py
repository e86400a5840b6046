"""What takes rows says what it needs of them: a cluster sends no more."""

import io

import pytest
from rich.console import Console

from recognizer.bulk.evaluate import Scores
from recognizer.bulk.report import Report
from recognizer.bulk.summary import Summary
from recognizer.bulk.terminal import Shown
from tests.bulk.conftest import BLANK, item


def shown() -> Shown:
    return Shown(Console(file=io.StringIO()), pictures=True)


@pytest.mark.parametrize("make", [Summary, Scores, Report, shown])
def test_a_sink_says_the_same_of_no_more_than_it_needs(make, reader):
    batch = reader([item(), item("b.png", BLANK), item("c.png", b"none")])
    whole, part = make(), make()
    whole.write(batch)
    part.write(batch.select([name for name in part.needs if name in batch.schema.names]))
    assert said_by(part) == said_by(whole) != said_by(make())


def said_by(sink) -> str:
    match sink:
        case Scores():
            return f"{sink.counts} {sink.errors} {sink.unlabelled}"
        case Report():
            return "".join(one if isinstance(one, str) else one.decode() for one in sink._parts(""))
        case Shown():
            return sink.console.file.getvalue()
    return str(sink)
