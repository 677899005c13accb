"""The machine and the software that something was made with."""

import os
import platform
from importlib import metadata
from pathlib import Path

from captcha_ocr.artifacts.run_record import Environment
from captcha_ocr.base.code_version import code_version

PACKAGES = ("captcha-ocr", "keras", "tensorflow", "jax", "numpy", "onnx", "tf2onnx", "onnxruntime", "mlflow", "dvc")


def _processor() -> str:
    """The model's name where Linux tells it."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def environment() -> Environment:
    """Of this process. No name of a host or a user is in it."""
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        processor=_processor(),
        cores=os.cpu_count(),
        packages={name: version for name in PACKAGES if (version := _installed(name))},
        code=code_version(),
    )
