"""Saves and loads Keras networks; loading runs no code from the file."""

from pathlib import Path
from zipfile import BadZipFile

import keras

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing


def save_network(network: keras.Model, path: Path) -> None:
    """Writes `network` in Keras's format. The file appears under its name only when it is complete."""
    with replacing(path) as draft:
        network.save(draft)  # Keras chooses the format by the ending, which is that of `path`


def load_network(path: Path) -> keras.Model:
    """Loads a network. Raises CaptchaOcrError if it cannot be loaded, or contains code (Keras's safe mode)."""
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        reason = " ".join(str(error).split())[:200]
        raise CaptchaOcrError(f"{path} is not a usable Keras model ({reason}): run `dvc repro -f train`") from error
