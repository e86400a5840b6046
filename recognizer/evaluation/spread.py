"""The spread over seeds: results of the same configuration, trained again with other random numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from recognizer.card import ModelCard, Spread
from recognizer.errors import RecognizerError
from recognizer.evaluation.readme import write_card


def write_spread(folder: Path, others: Sequence[Path]) -> None:
    """Write the spread into the folder's `model.json` and model card. Raises `RecognizerError` as `spread` does."""
    card = ModelCard.read(folder)
    write_card(folder, replace(card, spread=spread([card, *map(ModelCard.read, others)])))


def spread(cards: Sequence[ModelCard]) -> Spread:
    """Return the value of each seed, for every row with a bar except costs. Keep the seeds of the first card's spread.

    Raises `RecognizerError` if the cards differ in more than seed and name, share a seed, or were not measured.
    """
    first = cards[0]
    for card in cards:
        if not card.table:
            raise RecognizerError(f"seed {card.seed} was not measured: run `evaluate_model FOLDER --write`")
        if different := differences(first.config, card.config) - {"seed", "name"}:
            raise RecognizerError(
                f"seed {card.seed} has another configuration ({', '.join(sorted(different))}); it must be the same"
            )
    measured = {_seed(card): {row.row: row.value for row in card.table} for card in cards}
    if len(measured) < len(cards):
        raise RecognizerError(f"a spread needs different seeds; got {', '.join(str(card.seed) for card in cards)}")
    by_seed = earlier_seeds(first) | measured
    seeds = sorted(by_seed, key=lambda seed: (seed != first.seed, seed))
    rows = [row.row for row in first.table if row.bar is not None and row.group != "cost"]
    common = [row for row in rows if all(row in values for values in by_seed.values())]
    return Spread(tuple(seeds), {row: tuple(by_seed[seed][row] for seed in seeds) for row in common})


def earlier_seeds(card: ModelCard) -> dict[int, dict[str, float]]:
    """Return the values of each seed in the card's spread, by row."""
    before = card.spread or Spread((), {})
    return {
        seed: {row: values[place] for row, values in before.rows.items()} for place, seed in enumerate(before.seeds)
    }


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> set[str]:
    return {name for name in {*first, *second} if first.get(name) != second.get(name)}


def _seed(card: ModelCard) -> int:
    if card.seed is None:
        raise RecognizerError(f"{card.name} does not record its seed; a spread needs it")
    return card.seed
