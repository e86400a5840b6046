"""Terminal output of a run: rows with pictures and progress, which is shown only on a terminal."""

from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from recognizer.bulk.inputs.counting import Count
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.outputs.report import Report
from recognizer.bulk.wording import answer_of
from recognizer.cli.terminal import RowPrinter, braille, show_progress
from tests.support.bulk import BLANK, SEVEN, item


def console(terminal):
    return Console(file=StringIO(), force_terminal=terminal, width=80, no_color=True, highlight=False)


def test_a_row_has_the_picture_that_the_network_saw(reader):
    out = console(terminal=True)
    RowPrinter(out, pictures=True).write(reader([item()]))
    lines = out.file.getvalue().splitlines()
    assert len(lines) == 7 and "7" in lines[2] and "a.png" in lines[3]
    assert any(0x2800 < ord(letter) < 0x2900 for letter in lines[1])


def test_braille_dots_match_the_picture():
    picture = np.zeros((28, 28), np.uint8)
    picture[0, 0] = picture[27, 27] = picture[4, 3] = 255
    lines = braille(picture).split("\n")
    assert [len(line) for line in lines] == [14] * 7
    assert lines[0][0] == "\u2801" and lines[6][13] == "\u2880" and lines[1][1] == "\u2808"


def test_without_pictures_each_row_is_one_line(reader):
    out = console(terminal=False)
    RowPrinter(out, pictures=False).write(
        reader([item(), item("b.png", BLANK), item("c.png", b"?"), item("d.npy", SEVEN, 3)])
    )
    seven, blank, broken, page = out.file.getvalue().splitlines()
    assert seven.startswith("7  ") and seven.endswith("a.png") and page.endswith("d.npy, page 3")
    assert blank == "–  blank  b.png"
    assert broken == "–  error: this is not a picture; send a PNG, JPEG, WebP, AVIF or HEIC  c.png"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, "94.7%"),
        ("not a digit", "not a digit (best guess 4)"),
        ("several digits", "several digits"),
        ("unsure", "unsure (4 or 9?)"),
        ("blank", "blank"),
    ],
)
def test_a_digit_is_shown_with_its_confidence_and_a_declined_row_with_its_reason(reason, words):
    probabilities = [0.0, 0.0, 0.0, 0.0, 0.6, 0.0, 0.0, 0.0, 0.0, 0.4]
    row = {"error": None, "reason": reason, "confidence": 0.9479, "probabilities": probabilities}
    assert answer_of(row) == words


def test_a_name_with_markup_or_terminal_codes_is_shown_as_text(reader):
    out = console(terminal=True)
    RowPrinter(out, pictures=False).write(reader([item("[red]a\x1b[2J.png")]))
    assert "[red]a" in out.file.getvalue() and "\x1b[2J" not in out.file.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_only_on_a_terminal(terminal):
    out = console(terminal)
    assert list(show_progress(iter([3, 5]), lambda: 8, out)) == [3, 5]
    assert ("8/8" in out.file.getvalue()) == terminal


@pytest.mark.parametrize(
    ("name", "total"), [("a.png", 1), ("b", 3), ("*.np?", 6), ("s.npy", 2), ("z.npz", 4), ("l.csv", None), ("-", None)]
)
def test_the_number_of_rows_is_counted_where_possible(name, total, scans):
    np.save(scans / "s.npy", np.stack([SEVEN, SEVEN]))
    np.savez(scans / "z.npz", a=np.stack([SEVEN] * 3), b=np.stack([SEVEN]), labels=np.arange(3))
    (scans / "l.csv").write_text("path\na.png\n")
    count = Count(Sources((name if name == "-" else str(scans / name),)))
    count.run()
    assert count.total == total


def test_a_report_limits_the_pictures_of_each_digit_and_names_rows_of_an_earlier_run(reader, tmp_path):
    report = Report()
    for _ in range(4):
        report.write(reader(item(f"{number}.png") for number in range(25)))
    earlier = reader([item("early.png", BLANK)])
    report.write(earlier.select([name for name in earlier.schema.names if name not in ("seen", "label")]))
    report.save(tmp_path / "a.html", "a & b")
    report.close()
    page = (tmp_path / "a.html").read_text()
    assert page.count("<img") == 60 and "101 pictures: 100 read" in page
    assert "early.png<br>blank</figcaption>" in page and "<h1>a &amp; b</h1>" in page
    assert "Pictures of the row read by an earlier run are not shown." in page
