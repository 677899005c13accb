"""Where the files of the pipeline lie, from the project's root: as dvc.yaml names them."""

from pathlib import Path

PARAMS = Path("params.yaml")
PIN = Path("data.dvc")
LOCK = Path("dvc.lock")
IMAGES = Path("data/raw")
PROVENANCE = Path("data/provenance.json")
MANIFEST = Path("data/manifest.csv")
SPLITS = Path("data/splits.csv")
NETWORK = Path("models/model.keras")
RECORD = Path("models/run.json")
MODEL = Path("models/model.onnx")
MODEL_INT8 = Path("models/model.int8.onnx")

REPORTS = Path("reports")
