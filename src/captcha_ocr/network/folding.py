"""Turns a feature map into a sequence."""

from typing import Any

from keras import layers


def fold_height(x: Any) -> Any:
    """Reshapes [N, H, W, C] to [N, W, H × C]: columns become time steps."""
    x = layers.Permute((2, 1, 3))(x)
    return layers.Reshape((x.shape[1], x.shape[2] * x.shape[3]))(x)
