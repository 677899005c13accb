"""Networks as files, loaded without running code."""

from pathlib import Path

import keras

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing


def save_network(network: keras.Model, path: Path) -> None:
    """Keras's own format, whole or not at all."""
    with replacing(path) as draft:
        named = draft.with_suffix(".keras")  # Keras goes by the ending
        network.save(named)
        named.replace(draft)


def load_network(path: Path) -> keras.Model:
    """The network of `path`; Keras's safe mode refuses files that carry code."""
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError) as error:
        raise CaptchaOcrError(f"{path} is no usable Keras model ({error}): run `dvc repro -f train`") from error
