"""The project's root folder, also for DVC experiments that run in a copy of the project."""

import os
from pathlib import Path


def project_root() -> Path:
    """The folder with the files that DVC does not copy: the archive, MLflow's store, checkpoints.

    `dvc exp run --temp` and queued experiments run in a copy of the project below .dvc/tmp. DVC_ROOT then names the
    original.
    """
    return Path(os.environ.get("DVC_ROOT") or Path.cwd()).resolve()
