"""Networks in Keras 3 on whichever backend KERAS_BACKEND names (TensorFlow by default)."""

import os

# TensorFlow reads these while it is imported, so they are set before any module of this package imports Keras:
# no start-up chatter, and kernels that give the same result twice.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
