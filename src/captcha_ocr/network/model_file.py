"""Saves and loads Keras networks. The same network gives the same bytes; loading runs no code from the file."""

import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import keras

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing


def save_network(network: keras.Model, path: Path) -> None:
    """Writes `network` in Keras's format. The file appears under its name only when it is complete."""
    with replacing(path) as draft:
        network.save(draft)  # Keras chooses the format by the ending, which is that of `path`
        _undate(draft)


def _undate(path: Path) -> None:
    """Takes out of a file in Keras's format what differs each time: times, the date and memory addresses."""
    with ZipFile(path) as saved:
        contents = {name: saved.read(name) for name in sorted(saved.namelist())}
    metadata = json.loads(contents["metadata.json"])
    del metadata["date_saved"]
    contents["metadata.json"] = json.dumps(metadata).encode()
    contents["config.json"] = json.dumps(_renumbered(json.loads(contents["config.json"]), {})).encode()
    with ZipFile(path, "w") as undated:
        for name, content in contents.items():
            undated.writestr(ZipInfo(name), content)  # its time is the first that the format knows, in 1980


def _renumbered(config: Any, numbers: dict[int, int]) -> Any:
    """The configuration with objects that occur several times numbered 1, 2, …: Keras takes their memory addresses."""
    if isinstance(config, list):
        return [_renumbered(value, numbers) for value in config]
    if not isinstance(config, dict):
        return config
    return {
        key: numbers.setdefault(value, len(numbers) + 1) if key == "shared_object_id" else _renumbered(value, numbers)
        for key, value in config.items()
    }


def load_network(path: Path) -> keras.Model:
    """Loads a network. Raises CaptchaOcrError if it cannot be loaded, or contains code (Keras's safe mode)."""
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        reason = " ".join(str(error).split())[:200]
        raise CaptchaOcrError(f"{path} is not a usable Keras model ({reason}): run `dvc repro -f train`") from error
