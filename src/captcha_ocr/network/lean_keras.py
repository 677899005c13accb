"""Imports Keras without libraries that it does not need here."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

# Keras and TensorFlow import each wherever it is installed, for exporters, wrappers and plots that nothing here uses.
# That costs each stage seconds and memory.
UNUSED = ("sklearn", "matplotlib")
UNUSED_BY_TENSORFLOW = "jax"  # which Keras's backends `jax` and `numpy` are made of


def _backend() -> str:
    """The backend that Keras will take: from KERAS_BACKEND, else from its configuration file, else TensorFlow."""
    if named := os.environ.get("KERAS_BACKEND"):
        return named
    file = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "keras.json"
    try:
        return str(json.loads(file.read_text(encoding="utf-8")).get("backend", "tensorflow"))
    except (OSError, ValueError):
        return "tensorflow"


def import_keras() -> None:
    """Imports Keras, from which libraries that it does not need here are hidden meanwhile. Later imports find them."""
    unused = (*UNUSED, UNUSED_BY_TENSORFLOW) if _backend() == "tensorflow" else UNUSED
    hidden = [name for name in unused if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None makes Python's import fail
    try:
        import_module("keras")
    finally:
        for name in hidden:
            del sys.modules[name]
