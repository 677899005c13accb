"""Paths of the pipeline's files, relative to the project's root, as in dvc.yaml."""

from pathlib import Path

PARAMS = Path("params.yaml")
PIN = Path("data.dvc")  # the archive: address and digest
LOCK = Path("dvc.lock")
PICTURES = Path("data/pictures")
PROVENANCE = Path("data/provenance.json")
MANIFEST = Path("data/manifest.csv")
SPLITS = Path("data/splits.csv")
NETWORK = Path("models/model.keras")
RECORD = Path("models/run.json")
MODEL = Path("models/model.onnx")
MODEL_INT8 = Path("models/model.int8.onnx")

REPORTS = Path("reports")
AUGMENTATION = REPORTS / "augmentation.png"
