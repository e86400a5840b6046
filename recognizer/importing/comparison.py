"""Compares the scores of two models, as a table of text."""

from recognizer.card import ModelCard, Scores

WIDTH = 52


def compare(card: ModelCard, other: ModelCard) -> str:
    """Return a table with a line for each test set of `card`, and a column for each model.

    The figure is the share of digits read correctly. For sets without digits, it is the share declined.
    """
    theirs = {score.set: score for score in other.scores}
    lines = [f"{'':{WIDTH}}{card.name:>16.15}{other.name:>16.15}"]
    return "\n".join(lines + [_line(score, theirs.get(score.set)) for score in card.scores])


def _line(score: Scores, other: Scores | None) -> str:
    meaning = "not digits, declined" if score.accuracy is None else "read correctly"
    label = f"{score.set} ({score.n:,}): {meaning}"
    other_share = f"{_share(other):.2%}" if other else "not measured"
    return f"{label:{WIDTH}.{WIDTH}}{_share(score):>16.2%}{other_share:>16}"


def _share(score: Scores) -> float:
    return score.declined if score.accuracy is None else score.accuracy
