"""Counts two digits at once that are answered as one: `python -m benchmarks.pairs [MODEL]`, two minutes.

The pairs are composed of MNIST's test pictures and of the pen digits' test writers. MODEL is a model folder, and the
shipped model by default. With --held-out, the pairs are of the held-out parts of the training sets.
"""

import argparse

import recognizer
from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import Pictures
from recognizer.evaluation.pairs import measure_pairs
from recognizer.training.config import Config


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", help="a model folder")
    parser.add_argument("--held-out", action="store_true", help="pairs of the held-out parts of the training sets")
    options = parser.parse_args()
    pens, mnist = held_out() if options.held_out else (sets.pendigits("test"), sets.mnist("test"))
    print(f"{'pairs':64}{'n':>5}{'as one':>8}{'several':>9}{'no digit':>10}{'unsure':>8}")
    for row in measure_pairs(recognizer.load(options.model), pens, mnist):
        several, no_digit, unsure = (row.reasons.get(name, 0) for name in ("several digits", "not a digit", "unsure"))
        print(f"{row.name:64}{row.n:5}{row.answered:8}{several:9}{no_digit:10}{unsure:8}", flush=True)


def held_out() -> tuple[list[Drawing], Pictures]:
    config, mnist = Config(), sets.mnist("train")
    pens = [drawing for drawing in sets.pendigits("train") if drawing.writer in config.held_out_pen_writers]
    return pens, Pictures(mnist.images[-config.held_out_mnist :], mnist.labels[-config.held_out_mnist :])


if __name__ == "__main__":
    main()
