"""The only package that imports MLflow."""

import os

# Set before MLflow is imported: it must not call home.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
