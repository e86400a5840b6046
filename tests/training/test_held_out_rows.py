"""Rows on held-out digits, by which a model is chosen."""

import numpy as np

INK = np.full((20, 6), 255, np.uint8)
BAR = [np.array([[3.0, 0.0], [3.0, 40.0]])]
BOX = [np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])]
