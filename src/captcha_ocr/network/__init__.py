"""Networks in Keras 3, on the backend that KERAS_BACKEND names (TensorFlow by default)."""

import os

# TensorFlow reads these while it is imported, so they are set before any module of this package imports Keras. The
# first silences start-up messages, the second chooses kernels that give the same result every time.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
