"""The temperature that calibrates confidences."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities, tempered

PRIOR = 0.1  # standard deviation of the logarithm of the temperature before any picture is seen


def fit_temperature(logits: Floats, labels: Sequence[str], codec: Codec) -> float:
    """The temperature (Guo et al. 2017) that is most probable given the labels, with a log-normal prior about 1.

    A network fitted by likelihood means what it says at temperature 1. Some hundred validation pictures, of which one
    is misread or none, know little better: likelihood alone would go wherever the one leads, and without any down to
    0, where every reading is certain. What the prior adds fades as pictures are added.
    """
    targets = codec.encode_batch(labels)

    def cost(log_temperature: float) -> float:
        likelihood = label_log_probabilities(tempered(logits, math.exp(log_temperature)), targets).sum()
        return float(-likelihood + (log_temperature / PRIOR) ** 2 / 2)

    # Of several minima, should there be any, the grid finds the deepest.
    grid = np.log(np.geomspace(0.1, 10, 21))
    lowest = int(np.argmin([cost(point) for point in grid]))
    bounds = grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)]
    return float(math.exp(minimize_scalar(cost, bounds=bounds, method="bounded").x))
