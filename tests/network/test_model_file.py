"""Networks as files."""

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from captcha_ocr.network.model_file import load_network, save_network
from tests.exported import noise, untrained


def test_a_network_is_saved_to_the_same_bytes_again(tmp_path: Path) -> None:
    """Also from another place in memory, which Keras writes down, and on another day."""
    network = untrained()
    save_network(network, tmp_path / "a.keras")
    loaded = load_network(tmp_path / "a.keras")
    save_network(loaded, tmp_path / "b.keras")
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()
    with ZipFile(tmp_path / "a.keras") as saved:
        assert {entry.date_time for entry in saved.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert list(json.loads(saved.read("metadata.json"))) == ["keras_version"]
    pictures = noise(2)
    np.testing.assert_array_equal(network.predict_on_batch(pictures), loaded.predict_on_batch(pictures))
