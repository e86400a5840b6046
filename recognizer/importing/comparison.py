"""Two models side by side, as text."""

from recognizer.card import ModelCard

WIDTH = 52


def compare(card: ModelCard, other: ModelCard) -> str:
    """Return the share that each reads correctly of every set that both were measured on, and what each declines."""
    ours, theirs = ({score.set: score for score in each.scores} for each in (card, other))
    lines = [f"{'':{WIDTH}}{card.name:>16.15}{other.name:>16.15}"]
    for name, score in ours.items():
        match = theirs.get(name)
        what = "read correctly" if score.accuracy is not None else "not digits, declined"
        ours_told = score.declined if score.accuracy is None else score.accuracy
        theirs_told = None if match is None else (match.declined if score.accuracy is None else match.accuracy)
        told = "not measured" if theirs_told is None else f"{theirs_told:.2%}"
        lines.append(f"{f'{name} ({score.n:,}): {what}':{WIDTH}.{WIDTH}}{ours_told:>16.2%}{told:>16}")
    return "\n".join(lines)
