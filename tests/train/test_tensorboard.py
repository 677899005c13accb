from pathlib import Path

import tensorflow as tf

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.train.tensorboard import event_writer
from tests.modules import ROOT, needed_files


def test_each_epoch_s_values_are_scalars_of_their_names_at_its_step(tmp_path: Path) -> None:
    with event_writer(tmp_path) as write:
        write(Epoch(1, 8, 0.5, 0.4, 0.3, 0.25, 0.001, 2.0))
        write(Epoch(2, 16, 0.25, 0.125, 0.0, 1.0, 0.0005, 4.0))
    (file,) = tmp_path.iterdir()
    records = [record.numpy() for record in tf.data.TFRecordDataset(str(file))]
    events = [event for event in map(tf.compat.v1.Event.FromString, records) if event.summary.value]
    found: dict[str, list[tuple[int, float]]] = {}
    for event in events:
        (value,) = event.summary.value
        assert value.metadata.plugin_data.plugin_name == "scalars"
        found.setdefault(value.tag, []).append((event.step, float(tf.make_ndarray(value.tensor))))
    assert found.pop("learning_rate") == [(1, float(tf.constant(0.001))), (2, float(tf.constant(0.0005)))]
    assert found.pop("val_cer") == [(1, float(tf.constant(0.3))), (2, 0.0)]
    assert found.pop("val_loss") == [(1, float(tf.constant(0.4))), (2, 0.125)]
    assert found == {
        "pictures": [(1, 8), (2, 16)],
        "loss": [(1, 0.5), (2, 0.25)],
        "val_exact_match": [(1, 0.25), (2, 1.0)],
        "seconds": [(1, 2), (2, 4)],
    }


def test_a_fit_without_event_files_needs_no_tensorflow_for_them() -> None:
    """On JAX it need not be installed."""
    assert "src/captcha_ocr/train/tensorboard.py" not in needed_files(ROOT / "stages" / "train.py")
