"""Translates the names in a card (rows, sets, grids, papers, sources) into plain words of the visitor's language.

Names that are not listed here stay as the card has them.
"""

import re

from django.utils.translation import gettext, gettext_noop

from recognizer.evaluation import goals

NAMES = {  # by row, set or grid
    goals.ACCURACY[goals.AS_THEY_ARE]: gettext_noop("MNIST test set, without preprocessing"),
    goals.ACCURACY["mnist-test"]: gettext_noop("MNIST test set, as uploaded pictures"),
    "mnist-test": gettext_noop("MNIST test set, as uploaded pictures"),
    goals.ACCURACY["pendigits-test"]: gettext_noop("Pen digits, as strokes"),
    "pendigits-test": gettext_noop("Pen digits, as strokes"),
    goals.SENT: gettext_noop("Pen digits, sent as PNG pictures"),
    goals.ACCURACY["uji-digits"]: gettext_noop("UJI digits, strokes by 11 people"),
    goals.ACCURACY["hwd1000"]: gettext_noop("Digits by one person in various pen widths"),
    goals.ACCURACY["mchaver"]: gettext_noop("Thin-line digits by one person"),
    goals.CANVAS_CENTRE: gettext_noop("correct answers at medium size and pen"),
    goals.CANVAS_WORST: gettext_noop("accuracy lost at the worst size, pen and paper"),
    "canvas grid": gettext_noop("Correct answers"),
    goals.DOORS_MEAN: gettext_noop("different answers, average"),
    goals.DOORS_WORST: gettext_noop("different answers, worst case"),
    "two doors, share that differs": gettext_noop("Different answers for strokes and picture"),
    goals.corruption_row("shot_noise"): gettext_noop("with shot noise"),
    goals.corruption_row("impulse_noise"): gettext_noop("with impulse noise"),
    goals.corruption_row("glass_blur"): gettext_noop("behind frosted glass"),
    goals.corruption_row("motion_blur"): gettext_noop("with motion blur"),
    goals.corruption_row("shear"): gettext_noop("sheared"),
    goals.corruption_row("scale"): gettext_noop("made smaller"),
    goals.corruption_row("rotate"): gettext_noop("rotated"),
    goals.corruption_row("brightness"): gettext_noop("made brighter"),
    goals.corruption_row("translate"): gettext_noop("shifted"),
    goals.corruption_row("stripe"): gettext_noop("with stripes"),
    goals.corruption_row("fog"): gettext_noop("in fog"),
    goals.corruption_row("spatter"): gettext_noop("spattered with mud"),
    goals.corruption_row("dotted_line"): gettext_noop("with a dotted line across"),
    goals.corruption_row("zigzag"): gettext_noop("with a zigzag line across"),
    goals.corruption_row("canny_edges"): gettext_noop("edges only"),
    goals.CORRUPTION_MEAN: gettext_noop("damaged pictures, average error rate"),
    goals.auroc_row(goals.ALL_NO_DIGITS): gettext_noop("telling digits from non-digits (AUROC), all sets"),
    goals.auroc_row("uji-letters"): gettext_noop("telling digits from letters (AUROC)"),
    goals.auroc_row("omniglot"): gettext_noop("telling digits from other alphabets (AUROC)"),
    goals.auroc_row("cats"): gettext_noop("telling digits from drawings of cats (AUROC)"),
    goals.DECLINED: gettext_noop("digits declined"),
    goals.accepted_row(goals.ALL_NO_DIGITS): gettext_noop("non-digits accepted as digits, all sets"),
    goals.accepted_row("uji-letters"): gettext_noop("letters accepted as digits"),
    goals.accepted_row("omniglot"): gettext_noop("characters of other alphabets accepted as digits"),
    goals.accepted_row("cats"): gettext_noop("drawings of cats accepted as digits"),
    goals.calibration_row(goals.AS_THEY_ARE): gettext_noop("calibration error, MNIST test set, without preprocessing"),
    goals.calibration_row("mnist-test"): gettext_noop("calibration error, MNIST test set, as uploaded pictures"),
    goals.calibration_row("pendigits-test"): gettext_noop("calibration error, pen digits, as strokes"),
    "numbers apart, strokes": gettext_noop("numbers with wide gaps, as strokes"),
    "numbers apart, canvas": gettext_noop("numbers with wide gaps, as pictures"),
    "numbers tight, strokes": gettext_noop("numbers with tight gaps, as strokes"),
    "numbers touching, strokes": gettext_noop("numbers whose digits touch, as strokes"),
    "numbers tight, canvas": gettext_noop("numbers with tight gaps, as pictures"),
    "numbers touching, canvas": gettext_noop("numbers whose digits touch, as pictures"),
    "numbers mixed, strokes": gettext_noop("numbers with all kinds of gaps, as strokes"),
    "numbers mixed, canvas": gettext_noop("numbers with all kinds of gaps, as pictures"),
    "signs and points, strokes": gettext_noop("numbers with a sign or point, as strokes"),
    "signs and points, canvas": gettext_noop("numbers with a sign or point, as pictures"),
    "numbers of MNIST digits": gettext_noop("numbers of MNIST digits"),
    "numbers in photos": gettext_noop("numbers in drawn photos and scans"),
    goals.SINGLE_STROKES: gettext_noop("single digits also right as numbers, strokes"),
    goals.SINGLE_PIXELS: gettext_noop("single digits also right as numbers, pictures"),
    goals.RIGHT: gettext_noop("wholly right"),
    goals.ANSWERED: gettext_noop("answered"),
    goals.RIGHT_ANSWERS: gettext_noop("right when answered"),
    goals.NUMBER_STROKES_TIME: gettext_noop("time to read a number of six digits, strokes"),
    goals.NUMBER_PICTURE_TIME: gettext_noop("time to read a number, picture of 600 × 120 px"),
    goals.MODEL_SIZE: gettext_noop("size of the model file"),
    goals.STROKES_TIME: gettext_noop("time to read strokes of 100 segments"),
    goals.PIXELS_TIME: gettext_noop("time to read a picture of 280 × 280 px"),
}
PLAIN = (  # papers, then sources, their use and their licence
    gettext_noop("light"),
    gettext_noop("dark"),
    gettext_noop("transparent"),
    gettext_noop("coloured"),
    gettext_noop("gray with a shadow"),
    gettext_noop("digits on paper by about 250 people"),
    gettext_noop("strokes by 30 people on a tablet"),
    gettext_noop("examples of non-digits"),
    gettext_noop("letters and symbols traced from fonts: examples of non-digits"),
    gettext_noop("generated by code"),
    gettext_noop("rare ways of writing digits; lines, scribbles, shapes, forms, groups of digits"),
    gettext_noop("earlier models as teachers: it also learned their answers to the same examples"),
    gettext_noop("usually given as CC BY-SA 3.0"),
    gettext_noop("citation required (UCI)"),
    gettext_noop("Bitstream Vera licence; SIL Open Font Licence"),
    gettext_noop("SIL Open Font Licence; Apache Licence 2.0"),
    gettext_noop("this project's"),
)
TEXTS = NAMES | {text: text for text in PLAIN}

CELL = re.compile(r"([^,]+), pen ([^,]+?)(?:, (.+))?")  # of a grid: size, pen and paper
OF_NUMBERS = re.compile(rf"(.+): ({goals.RIGHT}|{goals.ANSWERED}|{goals.RIGHT_ANSWERS})")  # what was counted
ON_PAPER = re.compile(r"(.+), paper: (.+)")  # a grid's name and its paper


def translate_name(text: str) -> str:
    """Translate a row, a set, a grid with its paper ("canvas grid, paper: light") or a cell ("30 px, pen 2 px")."""
    if found := OF_NUMBERS.fullmatch(text):
        kind, counted = map(_translate, found.groups())
        return gettext("%(kind)s: %(counted)s") % {"kind": kind, "counted": counted}
    if found := ON_PAPER.fullmatch(text):
        grid, paper = map(_translate, found.groups())
        return gettext("%(grid)s, paper: %(paper)s") % {"grid": grid, "paper": paper}
    if found := CELL.fullmatch(text):
        size, pen, paper = found.groups()
        if paper is None:
            return gettext("%(size)s, pen %(pen)s") % {"size": size, "pen": pen}
        return gettext("%(size)s, pen %(pen)s, %(paper)s") % {"size": size, "pen": pen, "paper": _translate(paper)}
    return _translate(text)


def is_known(text: str) -> bool:
    """True if `translate_name` has a translation."""
    if found := OF_NUMBERS.fullmatch(text):
        return {*found.groups()} <= {*TEXTS}
    if found := ON_PAPER.fullmatch(text):
        return {*found.groups()} <= {*TEXTS}
    if found := CELL.fullmatch(text):
        return found[3] is None or found[3] in TEXTS
    return text in TEXTS


def _translate(name: str) -> str:
    return gettext(TEXTS[name]) if name in TEXTS else name
