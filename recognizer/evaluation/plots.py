"""Plots of a training run and of an evaluation, as PNG files. Only this file draws with matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from recognizer.evaluation.scores import BLANK, Answers, is_digits, reliability, scores_of
from recognizer.files import name_in_errors

MISTAKES = 64
DPI = 120
# Shares of the figure. Fixed, because matplotlib's automatic layout takes seconds.
MARGINS = {"left": 0.02, "right": 0.98, "bottom": 0.01, "top": 0.92, "hspace": 0.3}


def plot_loss(epochs: Sequence[dict[str, Any]], file: Path) -> None:
    """Plot the loss in training and on held-out examples, by epoch."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    number = [epoch["number"] for epoch in epochs]
    axes.semilogy(number, [epoch["train_loss"] for epoch in epochs], label="training, distorted")
    axes.semilogy(number, [epoch["held_out_loss"] for epoch in epochs], label="held out, as drawn")
    axes.set(xlabel="epoch", ylabel="cross-entropy")
    axes.legend()
    save(figure, file)


def plot_answers(all_answers: Sequence[Answers], folder: Path) -> list[Path]:
    """Plot confusion matrix, reliability diagram and worst mistakes of each digit set; return the files."""
    files = []
    for answers in filter(is_digits, all_answers):
        stem = "".join(letter if letter.isalnum() else "-" for letter in answers.name)
        for name, plot in PLOTS.items():
            files.append(folder / f"{stem}-{name}.png")
            plot(answers, files[-1])
    return files


def plot_confusion(answers: Answers, file: Path) -> None:
    (scores,) = scores_of([answers])
    counts = np.array(scores.confusion)
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.log1p(counts * (1 - np.eye(10))), cmap="Oranges")
    for true, answered in np.argwhere(counts):
        axes.text(answered, true, str(counts[true, answered]), ha="center", va="center", fontsize=8)
    axes.set(xticks=range(10), yticks=range(10), xlabel="answered", ylabel="true", title=answers.name)
    save(figure, file)


def plot_reliability(answers: Answers, file: Path) -> None:
    bins = reliability(answers.confidence, answers.correct)
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="gray", linewidth=1)
    axes.plot([mean for mean, _, _ in bins], [accuracy for _, accuracy, _ in bins], marker="o")
    for mean, accuracy, count in bins:
        axes.annotate(str(count), (mean, accuracy), textcoords="offset points", xytext=(4, -10), fontsize=7)
    axes.set(xlabel="confidence", ylabel="share correct", xlim=(0, 1), ylim=(0, 1.02), title=answers.name)
    save(figure, file)


def plot_mistakes(answers: Answers, file: Path) -> None:
    """Plot the most confident wrong answers as the network saw them: true → answered, confidence."""
    wrong = np.flatnonzero(~answers.correct)
    worst = wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:MISTAKES]
    figure = Figure(figsize=(9, 10))
    figure.suptitle(f"{answers.name}: {len(wrong)} of {len(answers.labels)} wrong")
    grid = figure.subplots(8, 8, gridspec_kw=MARGINS)
    for axes, index in zip(grid.flat, [*worst, *[None] * (MISTAKES - len(worst))], strict=True):
        axes.axis("off")
        if index is not None:
            axes.imshow(answers.seen[index], cmap="gray_r", vmin=0, vmax=255)
            best = "blank" if answers.best[index] == BLANK else answers.best[index]
            axes.set_title(f"{answers.labels[index]} → {best}, {answers.confidence[index]:.2f}", fontsize=8)
    save(figure, file)


PLOTS = {"confusion": plot_confusion, "reliability": plot_reliability, "mistakes": plot_mistakes}  # by file name


def save(figure: Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with name_in_errors(file):
        figure.savefig(file, dpi=DPI)
