"""One page about a run that needs no other file: counts, how sure it was, pictures of each digit, all it declined."""

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
from recognizer.bulk.wording import named, told
from recognizer.files import name_in_errors, write_atomically

MARK = b'<meta name="generator" content="digits classify">'
PICTURES_EACH = 60  # chosen by chance of all that were read as this digit
MOST_DECLINED = 5_000  # that the page shows; a browser shows no million
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
.declined { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; }
figure { display: flex; gap: .5rem; margin: 0; font-size: .8125rem; line-height: 1.35; overflow-wrap: anywhere; }
figure img { flex: none; width: 56px; height: 56px; image-rendering: pixelated; border-radius: .25rem; }
@media (prefers-color-scheme: dark) { .bar { background: #9db0ff; } }
"""


class Report:
    """Takes rows with `seen`; those of an earlier run come without pictures, and are counted and named."""

    needs = (*Summary.needs, "file", "page", "confidence", "probabilities", "model", "seen")

    def __init__(self) -> None:
        self.summary = Summary()
        self.sure = np.zeros(BINS, np.int64)
        self.models: set[str] = set()
        self.sheets: dict[int, list[bytes]] = {digit: [] for digit in range(10)}
        self.seen: dict[int, int] = dict.fromkeys(range(10), 0)
        self.declined: IO[bytes] = TemporaryFile()  # noqa: SIM115 - it lives as long as this does
        self.declined_count = 0
        self.without_pictures = 0  # rows of an earlier run
        self.random = random.Random(0)  # noqa: S311 - of pictures to show

    def write(self, batch: pa.RecordBatch) -> None:
        self.summary.write(batch)
        if "seen" not in batch.schema.names:
            self.without_pictures += batch.num_rows
        for row in batch.to_pylist():
            if row["confidence"] is not None:
                self.sure[min(int(row["confidence"] * BINS), BINS - 1)] += 1
                self.models.add(row["model"])
            if row["digit"] is None:
                self._decline(row)
            elif row.get("seen"):
                self._choose(row["digit"], row["seen"])

    @property
    def lacks(self) -> str:
        """What to tell of pictures that are missing; empty where there are all."""
        rows = "row" if self.without_pictures == 1 else f"{self.without_pictures:,} rows"
        return f"Pictures of the {rows} read by an earlier run are not shown." if self.without_pictures else ""

    def _decline(self, row: dict[str, Any]) -> None:
        self.declined_count += 1
        if self.declined_count <= MOST_DECLINED:
            with name_in_errors(gettempdir()):
                self.declined.write(_figure(row).encode())

    def _choose(self, digit: int, seen: bytes) -> None:
        """Each has the same chance to stay, however many come."""
        self.seen[digit] += 1
        sheet = self.sheets[digit]
        if len(sheet) < PICTURES_EACH:
            sheet.append(seen)
        elif (place := self.random.randrange(self.seen[digit])) < PICTURES_EACH:
            sheet[place] = seen

    def save(self, file: Path, title: str) -> None:
        """Once, when the run ends."""
        with write_atomically(file, file.with_name(file.name + ".part")) as page:
            for text in self._parts(title):
                page.write(text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text)

    def close(self) -> None:
        self.declined.close()

    def _parts(self, title: str) -> Iterator[str | bytes]:
        yield f'<!doctype html><html lang="en"><meta charset="utf-8">{MARK.decode()}'
        yield f"<title>{escape(title)}</title>"
        yield f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        yield f"<h1>{escape(title)}</h1><p>{escape(str(self.summary))}.</p>"
        if self.models:
            yield f"<p>Read by {escape(', '.join(sorted(self.models)))}.</p>"
        yield f"<p>{self.lacks}</p>" if self.lacks else ""
        yield "<h2>Digits</h2>" + _bars({str(digit): self.summary.digits[digit] for digit in range(10)})
        share = 100 // BINS
        confidences = {
            f"{share * place} to {share * (place + 1)} %": int(count) for place, count in enumerate(self.sure)
        }
        yield "<h2>Confidence</h2>" + _bars(confidences)
        yield "<h2>Read as</h2>"
        for digit, sheet in self.sheets.items():
            pictures = "".join(_picture(seen, str(digit)) for seen in sheet)
            yield f'<h3>{digit}</h3><div class="sheet">{pictures}</div>' if sheet else ""
        yield f"<h2>Declined, or not to be read</h2><p>{self.declined_count:,}"
        yield f", of which the first {MOST_DECLINED:,} stand here" * (self.declined_count > MOST_DECLINED)
        yield '.</p><div class="declined">'
        with name_in_errors(gettempdir()):
            self.declined.seek(0)  # writes what waits to be written
        yield from iter(lambda: self.declined.read(1 << 16), b"")
        yield "</div></html>"


def is_report(file: Path) -> bool:
    """Whether this program made the page, and may write over it."""
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
    return f"<figure>{picture}<figcaption>{escape(named(row))}<br>{escape(told(row))}</figcaption></figure>\n"


def _picture(seen: bytes, name: str) -> str:
    file = BytesIO()
    PillowImage.fromarray(np.frombuffer(seen, np.uint8).reshape(28, 28)).save(file, "PNG")
    return f'<img alt="{name}" src="data:image/png;base64,{b64encode(file.getvalue()).decode()}">'
