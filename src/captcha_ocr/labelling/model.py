"""Which model types the readings in."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.paths import MODEL, PARAMS
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.registry import load_registered

NONE = "none"
SHIPPED = "the weights that ship with captcha-ocr"
THREADS = 1  # for reading in the background: the page needs the other cores
SHIPPED_WEIGHTS = Path(__file__).parent.parent / "train" / "weights" / "compact.npz"


@dataclass(frozen=True)
class Model:
    """A recogniser, or None where nothing is to be typed in, and what people call it."""

    name: str
    recognizer: Recognizer | None

    @property
    def alphabet(self) -> str:
        """The symbols that it knows; empty without a recogniser."""
        return self.recognizer.codec.alphabet if self.recognizer else ""


def load_model(name: str) -> Model:
    """The model that the user names: an exported file, a model of the registry such as
    models:/captcha-ocr@champion, or `none`. Raises CaptchaOcrError if it cannot be loaded.
    """
    if name == NONE:
        return Model(NONE, None)
    load = load_registered if name.startswith("models:/") else Recognizer.load
    return Model(name, load(name, THREADS))


def best_model(say: Callable[[str], None]) -> Model:
    """The registry's champion, else models/model.onnx, else the weights that ship with the package.

    `say` is told why one of the first two is not taken.
    """
    if PARAMS.exists():
        champion = f"models:/{load_params(PARAMS).register_.model_name}@champion"
        try:
            return load_model(champion)
        except CaptchaOcrError as error:
            say(f"no champion: {error}")
    if MODEL.exists():
        return load_model(str(MODEL))
    return Model(SHIPPED, _shipped(say))


def _shipped(say: Callable[[str], None]) -> Recognizer:
    """The network with the shipped weights, exported once for each user and kept in their cache.

    The export runs in a process of its own, as TensorFlow needs seconds to start and half a gigabyte of memory.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "captcha-ocr"
    file = cache / f"compact-{hashlib.sha256(SHIPPED_WEIGHTS.read_bytes()).hexdigest()[:16]}.onnx"
    try:
        return Recognizer.load(file, THREADS)
    except CaptchaOcrError:  # not made yet, or by another version
        say(f"exporting {SHIPPED} to {file}, once")
    words = [sys.executable, "-m", "captcha_ocr.labelling.shipped", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CaptchaOcrError(f"{SHIPPED} cannot be exported ({done.stderr[-500:].strip()}): name another with --model")
    return Recognizer.load(file, THREADS)
