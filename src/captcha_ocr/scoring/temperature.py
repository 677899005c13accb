"""The temperature that calibrates confidences."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities, tempered

PRIOR = 0.1  # standard deviation of the logarithm of the temperature under the prior


def fit_temperature(logits: Floats, labels: Sequence[str], codec: Codec) -> float:
    """The most probable temperature (Guo et al. 2017) given the labels, under a log-normal prior with median 1.

    logits: [N, T, K], one label each. The prior is needed because a few hundred validation pictures, of which one or
    none is misread, determine the temperature badly. By likelihood alone a single misread picture would decide it, and
    without one it would fall to 0, where every confidence is 1. A network trained by likelihood is roughly calibrated
    at 1. The influence of the prior shrinks with the number of pictures.
    """
    targets = codec.encode_batch(labels)

    def cost(log_temperature: float) -> float:
        likelihood = label_log_probabilities(tempered(logits, math.exp(log_temperature)), targets).sum()
        return float(-likelihood + (log_temperature / PRIOR) ** 2 / 2)

    # The cost may have several minima; the grid finds the deepest.
    grid = np.log(np.geomspace(0.1, 10, 21))
    lowest = int(np.argmin([cost(point) for point in grid]))
    bounds = grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)]
    return float(math.exp(minimize_scalar(cost, bounds=bounds, method="bounded").x))
