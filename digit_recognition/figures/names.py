"""What a card names, its rows, grids, kinds of paper and sources, in the visitor's language.

A card is English. What a model from elsewhere names otherwise stays as it is written there.
"""

import re

from django.utils.translation import gettext, gettext_noop

PROPER = ("mnist-test", "pendigits-test", "uji-digits", "hwd1000", "mchaver")
NAMES = (
    gettext_noop("mnist-test, as it is"),
    gettext_noop("mnist-test, through the pixels door"),
    gettext_noop("pendigits-test, strokes"),
    gettext_noop("pendigits-test, drawn and sent as PNG"),
    gettext_noop("canvas grid"),
    gettext_noop("canvas grid, its centre"),
    gettext_noop("canvas grid, worst cell below the centre"),
    gettext_noop("two doors, share that differs"),
    gettext_noop("two doors, answers that differ, mean"),
    gettext_noop("two doors, answers that differ, worst cell"),
    gettext_noop("error under shot noise"),
    gettext_noop("error under impulse noise"),
    gettext_noop("error under glass blur"),
    gettext_noop("error under motion blur"),
    gettext_noop("error under shear"),
    gettext_noop("error under scale"),
    gettext_noop("error under rotate"),
    gettext_noop("error under brightness"),
    gettext_noop("error under translate"),
    gettext_noop("error under stripe"),
    gettext_noop("error under fog"),
    gettext_noop("error under spatter"),
    gettext_noop("error under dotted line"),
    gettext_noop("error under zigzag"),
    gettext_noop("error under canny edges"),
    gettext_noop("corruptions, mean error"),
    gettext_noop("AUROC against not-digits, all"),
    gettext_noop("AUROC against not-digits, uji-letters"),
    gettext_noop("AUROC against not-digits, omniglot"),
    gettext_noop("AUROC against not-digits, cats"),
    gettext_noop("digits declined"),
    gettext_noop("not-digits accepted, all"),
    gettext_noop("not-digits accepted, uji-letters"),
    gettext_noop("not-digits accepted, omniglot"),
    gettext_noop("not-digits accepted, cats"),
    gettext_noop("ECE, mnist-test, as it is"),
    gettext_noop("ECE, mnist-test, through the pixels door"),
    gettext_noop("ECE, pendigits-test, strokes"),
    gettext_noop("size of model.onnx"),
    gettext_noop("one prediction, strokes of 100 segments"),
    gettext_noop("one prediction, picture of 280 × 280 px"),
    # papers
    gettext_noop("light"),
    gettext_noop("dark"),
    gettext_noop("transparent"),
    gettext_noop("coloured"),
    gettext_noop("gray with a shadow"),
    # what it learnt from, and under which licence
    gettext_noop("digits on paper by some 250 people"),
    gettext_noop("strokes by 30 people on a tablet"),
    gettext_noop("what is not a digit"),
    gettext_noop("letters and symbols, traced: what is not a digit"),
    gettext_noop("made up by code"),
    gettext_noop("lines, scribbles, shapes, two digits at once"),
    gettext_noop("released models: their answers to the same examples, beside the labels"),
    gettext_noop("commonly given as CC BY-SA 3.0"),
    gettext_noop("UCI: cite"),
    gettext_noop("free: Bitstream Vera's and the SIL Open Font Licence"),
    gettext_noop("SIL Open Font Licence; Apache Licence 2.0"),
    gettext_noop("ours"),
)

CELL = re.compile(r"([^,]+), pen ([^,]+?)(?:, (.+))?")  # of a grid: size, pen and paper
ON_PAPER = re.compile(r"(.+), paper: (.+)")  # a grid's name and its paper


def named(text: str) -> str:
    """A row, a set, a grid with its paper ("canvas grid, paper: light") or a cell of one ("30 px, pen 2 px, light")."""
    if found := ON_PAPER.fullmatch(text):
        grid, paper = map(_translated, found.groups())
        return gettext("%(grid)s, paper: %(paper)s") % {"grid": grid, "paper": paper}
    if found := CELL.fullmatch(text):
        size, pen, paper = found.groups()
        if paper is None:
            return gettext("%(size)s, pen %(pen)s") % {"size": size, "pen": pen}
        return gettext("%(size)s, pen %(pen)s, %(paper)s") % {"size": size, "pen": pen, "paper": _translated(paper)}
    return _translated(text)


def is_known(text: str) -> bool:
    """Whether `named` can say it in other languages; a proper name is the same in all."""
    if found := ON_PAPER.fullmatch(text):
        return {*found.groups()} <= {*NAMES}
    if found := CELL.fullmatch(text):
        return found[3] is None or found[3] in NAMES
    return text in NAMES or text in PROPER


def _translated(name: str) -> str:
    return gettext(name) if name in NAMES else name
