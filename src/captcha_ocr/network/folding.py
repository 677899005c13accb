"""From a map of features to a sequence."""

from typing import Any

from keras import layers


def fold_height(x: Any) -> Any:
    """[N, H, W, C] to [N, W, H × C]: the width becomes time."""
    x = layers.Permute((2, 1, 3))(x)
    return layers.Reshape((x.shape[1], x.shape[2] * x.shape[3]))(x)
