"""Where the real project is."""

import os
from pathlib import Path


def project_root() -> Path:
    """The folder that holds what DVC does not carry: the archive, MLflow's store, checkpoints.

    `dvc exp run --temp` and queues work in a copy of the project below .dvc/tmp, and name the original in DVC_ROOT.
    """
    return Path(os.environ.get("DVC_ROOT") or Path.cwd()).resolve()
