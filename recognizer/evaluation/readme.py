"""The model card as a page for people, README.md beside `model.json`. Measures nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recognizer.card import Grid, ModelCard, Row, Rule, Scores, Source
from recognizer.evaluation.table import shown, shown_interval
from recognizer.files import write_atomically


@dataclass(frozen=True)
class Origin:
    """Something that a model trained on. `starts`: how the paths of its files begin; "" is of every model."""

    starts: str
    source: Source


UCI = "https://archive.ics.uci.edu/dataset"
ORIGINS = (
    Origin(
        "mnist/",
        Source(
            "MNIST (LeCun, Cortes, Burges), its 60,000 training pictures",
            "digits on paper by some 250 people",
            "commonly given as CC BY-SA 3.0",
            "http://yann.lecun.com/exdb/mnist/",
        ),
    ),
    Origin(
        "pen/pendigits",
        Source(
            "Pen-Based Recognition of Handwritten Digits (Alpaydın, Alimoğlu; UCI), its 7,494 training digits",
            "strokes by 30 people on a tablet",
            "CC BY 4.0",
            f"{UCI}/81/pen+based+recognition+of+handwritten+digits",
        ),
    ),
    Origin(
        "pen/ujipenchars",
        Source(
            "UJIpenchars (Llorens, Prat, Marzal and others; UCI), the letters of the writers uji01 to uji08",
            "what is not a digit",
            "UCI: cite",
            f"{UCI}/160/uji+pen+characters",
        ),
    ),
    Origin(
        "fonts/",
        Source(
            "DejaVu Sans and STIX General, as they come with matplotlib",
            "letters and symbols, traced: what is not a digit",
            "free: Bitstream Vera's and the SIL Open Font Licence",
            "https://matplotlib.org/stable/users/explain/text/fonts.html",
        ),
    ),
    Origin(
        "system fonts",
        Source(
            "Noto Sans for a hundred scripts, and Droid Sans Fallback",
            "letters and symbols, traced: what is not a digit",
            "SIL Open Font Licence; Apache Licence 2.0",
            "https://notofonts.github.io/",
        ),
    ),
    Origin("", Source("made up by code", "lines, scribbles, shapes, two digits at once", "ours", "")),
)
TAUGHT = "released models: their answers to the same examples, beside the labels"
GROUPS = {
    "accuracy": "Digits: share whose best digit is right, declined or not",
    "canvas": "Canvas: size, pen, place and paper",
    "doors": "Strokes and pictures of the same drawings",
    "corruption": "MNIST's test digits under the corruptions of MNIST-C, by our own code",
    "declining": "What is not a digit",
    "calibration": "Calibration: expected error of `confidence`, in 15 bins",
    "cost": "Cost, one core",
}


def write_card(folder: Path, card: ModelCard) -> None:
    """`model.json` and README.md of a model's folder, its sources told by the files and models that it learnt from."""
    card = replace(card, sources=tuple(sources(card)))
    card.write(folder)
    file = folder / "README.md"
    with write_atomically(file, file.with_name("README.md.part")) as opened:  # a site may be serving the folder
        opened.write(model_card(card).encode())


def sources(card: ModelCard) -> list[Source]:
    """What the files that it trained on are part of, and the models that taught it."""
    known = [origin.source for origin in ORIGINS if any(file.startswith(origin.starts) for file in card.data)]
    if teachers := card.config.get("teachers"):
        known.append(Source(", ".join(teachers), TAUGHT, "ours", ""))
    return known


def model_card(card: ModelCard) -> str:
    """`model.json` → Markdown."""
    parts = [
        f"# {card.name}",
        "Reads one handwritten digit, 0 to 9, from the 28×28 picture that the doors make of strokes or pixels, and "
        "says when it is not sure. Measured through the exported files, as users run them.",
        *(measured_parts(card) if card.table else score_parts(card.scores)),
        "## The rule",
        f"{rule_in_words(card.rule)} Calibration and threshold were set on held-out pictures and writers of the "
        f"training sets{calibrated_for(card)}.",
        "## Trained on",
        markdown(["source", "what it gave", "licence"], map(_source_row, sources(card))),
        f"Seed {card.seed}, {card.config['epochs']} epochs; the whole configuration, the data's hashes and each "
        "epoch's figures stand in `model.json`. None of the sets above trained or calibrated it.",
        card.note,
        "## What it is not for",
        "Several digits at once; other numerals, Devanagari or Arabic-Indic ones, say; printed digits; decisions about "
        "people without someone who checks. The training writers wrote digits as is usual in North America and Turkey.",
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def rule_in_words(rule: Rule) -> str:
    return (
        f"Where the best digit has less than {rule.sure} of the ten digits' chances, two compete, and the answer is "
        "unsure, or no digit where that is likelier. Any other drawing is declined as no digit where the chance that "
        f"it is one is less than {rule.digit}."
    )


def calibrated_for(card: ModelCard) -> str:
    if card.calibrated_for is None:
        return ""
    return f"; `confidence` is calibrated for drawings of which {card.calibrated_for:.1%} are not digits"


def measured_parts(card: ModelCard) -> list[str]:
    """The whole table, by groups, then grids, confusion and reliability."""
    parts = [
        f"Measured on {card.measured}. n counts drawings, calls for the times; in brackets the 95 % interval; bar: "
        "what the model must reach; aim: what would be good."
    ]
    for group, title in GROUPS.items():
        held = [row for row in card.table if row.group == group]
        if held:
            heads = ["measured", "value", "n", "bar", "aim", "reached"]
            parts += [f"## {title}", markdown(heads, map(_row, held))]
    if card.spread:
        units = {row.row: row.unit for row in card.table}
        told = ([row, *(shown(one, units[row]) for one in values)] for row, values in card.spread.rows.items())
        parts += [
            "## The same configuration, trained with other random numbers",
            markdown(["measured", *(f"seed {seed}" for seed in card.spread.seeds)], told),
        ]
    for grid in card.grids:
        parts += [
            f"### {grid.name}, by size and pen; paper: {grid.paper}",
            markdown(["size", *grid.columns], _grid_rows(grid)),
        ]
    for name, counts in card.confusion.items():
        numbered = ([f"**{true}**", *row] for true, row in enumerate(counts))
        parts += [f"### Confusion, {name}", markdown(["true, answered", *map(str, range(10))], numbered)]
    for name, bins in card.reliability.items():
        told = ([f"{said:.2%}", f"{right:.2%}", f"{n:,}"] for said, right, n in bins)
        parts += [f"### Reliability, {name}", markdown(["confidence, mean", "right", "n"], told)]
    return parts


def score_parts(scores: Sequence[Scores]) -> list[str]:
    """The sets' scores, of a model whose whole table was not measured."""
    digits = [score for score in scores if score.accuracy is not None]
    others = [score for score in scores if score.accuracy is None]
    return [
        "## Digits",
        markdown(["set", "n", "right", "95 % interval", "declined", "calibration error"], map(_digit_row, digits)),
        "A declined drawing counts as right where its best digit is right. Calibration error: of `confidence`, "
        "expected, in 15 bins.",
        "## What is not a digit",
        markdown(["set", "n", "declined", "AUROC of confidence against all digits above"], map(_other_row, others)),
    ]


def markdown(heads: list[str], rows: Iterable[Sequence[object]]) -> str:
    """A table."""
    lines: list[Sequence[object]] = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _source_row(source: Source) -> list[str]:
    name = f"[{source.name}]({source.link})" if source.link else source.name
    return [name, source.use, source.licence]


def _row(one: Row) -> list[str]:
    interval = f" ({shown_interval(one)})" if one.interval else ""
    name = f"{one.row}: {one.where}" if one.where else one.row
    reached = {True: "yes", False: "**no**", None: ""}[one.holds]
    limits = [shown(limit, one.unit) for limit in (one.bar, one.aim)]
    return [name, shown(one.value, one.unit) + interval, f"{one.n:,}", *limits, reached]


def _grid_rows(grid: Grid) -> Iterable[list[str]]:
    for size, values in zip(grid.rows, grid.values, strict=True):
        yield [size, *("" if value is None else f"{value:.1%}" for value in values)]


def _digit_row(score: Scores) -> list[str]:
    low, high = score.interval or (0.0, 1.0)
    shares = [score.accuracy or 0.0, score.declined, score.calibration_error or 0.0]
    accuracy, declined, error = (f"{share:.2%}" for share in shares)
    return [score.set, f"{score.n:,}", accuracy, f"{low:.2%} to {high:.2%}", declined, error]


def _other_row(score: Scores) -> list[str]:
    auroc = "not measured" if score.auroc is None else f"{score.auroc:.4f}"
    return [score.set, f"{score.n:,}", f"{score.declined:.1%}", auroc]
