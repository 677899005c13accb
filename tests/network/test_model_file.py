"""Networks as files."""

import json
from pathlib import Path
from zipfile import ZipFile

import keras
import numpy as np

from captcha_ocr.network.model_file import load_network, save_network
from tests.exported import noise, untrained


def test_a_network_is_saved_to_the_same_bytes_again(tmp_path: Path) -> None:
    """Also from another place in memory, which Keras writes down, and on another day."""
    kept = []
    for name in ("a.keras", "b.keras"):
        keras.utils.clear_session()  # which numbers names from 1 again, as a new process does
        network = untrained()
        save_network(network, tmp_path / name)
        kept.append(network)  # or the second may get the memory of the first
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()
    with ZipFile(tmp_path / "a.keras") as saved:
        assert {entry.date_time for entry in saved.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert list(json.loads(saved.read("metadata.json"))) == ["keras_version"]
    pictures = noise(2)
    loaded = load_network(tmp_path / "a.keras")
    np.testing.assert_array_equal(network.predict_on_batch(pictures), loaded.predict_on_batch(pictures))
