"""Counts of a run: digits or numbers read, pictures declined, errors."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class Summary:
    """A sink that counts rows."""

    needs = ("digit", "reason", "error")

    def __init__(self) -> None:
        self.digits: Counter[int] = Counter()
        self.reasons: Counter[str] = Counter()
        self.rows = self.errors = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        if "digit" in batch.schema.names:  # not of numbers
            self.digits.update(_counts(batch, "digit"))
        self.reasons.update(_counts(batch, "reason"))
        self.errors += batch.num_rows - batch.column("error").null_count

    @property
    def read(self) -> int:
        return self.rows - self.declined - self.errors

    @property
    def declined(self) -> int:
        return self.reasons.total()

    def __str__(self) -> str:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(self.reasons.items()))
        declined = f"{self.declined:,} declined" + (f" ({reasons})" if reasons else "")
        pictures = "picture" if self.rows == 1 else "pictures"
        return f"{self.rows:,} {pictures}: {self.read:,} read, {declined}, {self.errors:,} failed"


def _counts(batch: pa.RecordBatch, column: str) -> dict[Any, int]:
    counts = pc.value_counts(batch.column(column)).to_pylist()
    return {count["values"]: count["counts"] for count in counts if count["values"] is not None}
