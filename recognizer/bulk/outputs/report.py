"""Writes one self-contained page about a run: counts, confidences, sample pictures, and what needs review."""

import random
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any

import numpy as np
import pyarrow as pa
from PIL import Image as PillowImage

from recognizer.bulk.summary import Summary
from recognizer.bulk.wording import answer_of, name_of
from recognizer.files import name_in_errors, write_atomically

MARK = b'<meta name="generator" content="digits classify">'
PICTURES_PER_DIGIT = 60  # a random sample
MOST_REVIEWED = 5_000  # pictures to review on the page; a browser cannot show a million
BINS = 20
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 68rem; margin: 0 auto; padding: 1.5rem; }
h1, h2 { font-family: ui-serif, Georgia, serif; font-weight: 600; line-height: 1.2; }
h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; }
td, th { padding: .15rem .75rem .15rem 0; text-align: start; font-weight: normal; font-variant-numeric: tabular-nums; }
td:nth-child(2) { text-align: end; }
.bar { display: block; height: .75rem; border-radius: .375rem; background: #2747c7; min-width: 1px; }
td:last-child { width: 20rem; }
.sheet { display: flex; flex-wrap: wrap; gap: .25rem; }
.sheet img { width: 42px; height: 42px; image-rendering: pixelated; border-radius: .25rem; }
.review { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; }
figure { display: flex; gap: .5rem; margin: 0; font-size: .8125rem; line-height: 1.35; overflow-wrap: anywhere; }
figure img { flex: none; width: 56px; height: 56px; image-rendering: pixelated; border-radius: .25rem; }
@media (prefers-color-scheme: dark) { .bar { background: #9db0ff; } }
"""


class Report:
    """A sink that takes rows with `seen`. Rows of an earlier run lack it: they are counted, without a picture."""

    needs = (*Summary.needs, "file", "page", "confidence", "probabilities", "model", "seen")

    def __init__(self) -> None:
        self.summary = Summary()
        self.confidences = np.zeros(BINS, np.int64)  # a histogram
        self.models: set[str] = set()
        self.sheets: dict[int, list[bytes]] = {digit: [] for digit in range(10)}
        self.seen_counts: dict[int, int] = dict.fromkeys(range(10), 0)
        self.review: IO[bytes] = TemporaryFile()  # noqa: SIM115 - `close` closes it
        self.review_count = 0
        self.without_pictures = 0  # rows of an earlier run
        self.random = random.Random(0)  # noqa: S311 - it only samples pictures

    def write(self, batch: pa.RecordBatch) -> None:
        self.summary.write(batch)
        if "seen" not in batch.schema.names:
            self.without_pictures += batch.num_rows
        for row in batch.to_pylist():
            if row["confidence"] is not None:
                self.confidences[min(int(row["confidence"] * BINS), BINS - 1)] += 1
                self.models.add(row["model"])
            if row["digit"] is None:
                self._add_to_review(row)
            elif row.get("seen"):
                self._sample(row["digit"], row["seen"])

    @property
    def missing_pictures(self) -> str:
        """A note about pictures that the page lacks; empty if it lacks none."""
        rows = "row" if self.without_pictures == 1 else f"{self.without_pictures:,} rows"
        return f"Pictures of the {rows} read by an earlier run are not shown." if self.without_pictures else ""

    def _add_to_review(self, row: dict[str, Any]) -> None:
        self.review_count += 1
        if self.review_count <= MOST_REVIEWED:
            with name_in_errors(gettempdir()):
                self.review.write(_figure(row).encode())

    def _sample(self, digit: int, seen: bytes) -> None:
        """Keep each picture with the same probability (reservoir sampling)."""
        self.seen_counts[digit] += 1
        sheet = self.sheets[digit]
        if len(sheet) < PICTURES_PER_DIGIT:
            sheet.append(seen)
        elif (place := self.random.randrange(self.seen_counts[digit])) < PICTURES_PER_DIGIT:
            sheet[place] = seen

    def save(self, file: Path, title: str) -> None:
        """Write the page. Call this once, when the run ends."""
        with write_atomically(file, file.with_name(file.name + ".part")) as page:
            for text in self._parts(title):
                page.write(text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text)

    def close(self) -> None:
        self.review.close()

    def _parts(self, title: str) -> Iterator[str | bytes]:
        yield f'<!doctype html><html lang="en"><meta charset="utf-8">{MARK.decode()}'
        yield f"<title>{escape(title)}</title>"
        yield f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        yield f"<h1>{escape(title)}</h1><p>{escape(str(self.summary))}.</p>"
        if self.models:
            yield f"<p>Read by {escape(', '.join(sorted(self.models)))}.</p>"
        yield f"<p>{self.missing_pictures}</p>" if self.missing_pictures else ""
        yield "<h2>Digits</h2>" + _bars({str(digit): self.summary.digits[digit] for digit in range(10)})
        share = 100 // BINS
        confidences = {
            f"{share * place} to {share * (place + 1)}%": int(count) for place, count in enumerate(self.confidences)
        }
        yield "<h2>Confidence</h2>" + _bars(confidences)
        yield "<h2>Read as</h2>"
        for digit, sheet in self.sheets.items():
            pictures = "".join(_picture(seen, str(digit)) for seen in sheet)
            yield f'<h3>{digit}</h3><div class="sheet">{pictures}</div>' if sheet else ""
        yield f"<h2>Needs review ({self.review_count:,})</h2>"
        yield f"<p>These are the first {MOST_REVIEWED:,}.</p>" if self.review_count > MOST_REVIEWED else ""
        yield '<div class="review">'
        with name_in_errors(gettempdir()):
            self.review.seek(0)  # flushes the file
        yield from iter(lambda: self.review.read(1 << 16), b"")
        yield "</div></html>"


def is_report(file: Path) -> bool:
    """True if this program made the page, and may overwrite it."""
    with file.open("rb") as page:
        return MARK in page.read(1_000)


def _bars(counts: dict[str, int]) -> str:
    most = max(counts.values()) or 1
    return f"<table>{''.join(_bar(name, count, count / most) for name, count in counts.items())}</table>"


def _bar(name: str, count: int, share: float) -> str:
    bar = f'<span class="bar" style="width: {share:.1%}"></span>' if count else ""
    return f"<tr><th>{name}</th><td>{count:,}</td><td>{bar}</td></tr>"


def _figure(row: dict[str, Any]) -> str:
    picture = _picture(row["seen"], "") if row.get("seen") else ""
    return f"<figure>{picture}<figcaption>{escape(name_of(row))}<br>{escape(answer_of(row))}</figcaption></figure>\n"


def _picture(seen: bytes, name: str) -> str:
    file = BytesIO()
    PillowImage.fromarray(np.frombuffer(seen, np.uint8).reshape(28, 28)).save(file, "PNG")
    return f'<img alt="{name}" src="data:image/png;base64,{b64encode(file.getvalue()).decode()}">'
