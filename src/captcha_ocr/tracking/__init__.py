"""MLflow runs: where they are kept, and what is logged to them. Only this package and `register` import MLflow."""

import os

# Set before MLflow is imported, so that it sends no usage statistics.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
