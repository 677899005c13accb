"""Trains, evaluates and runs recognisers of short text in pictures, such as captchas."""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from captcha_ocr.base.errors import CaptchaOcrError
    from captcha_ocr.recognizer import Reading, Recognizer
    from captcha_ocr.register.registry import load_registered as load_registered
    from captcha_ocr.search.constraints import Constraint

# Set before any module imports onnxruntime: from 1.29 on it begins to upload usage events when it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# Without load_registered: `import *` must not need MLflow.
__all__ = ["CaptchaOcrError", "Constraint", "Reading", "Recognizer"]

_MODULE_OF = {
    "CaptchaOcrError": "captcha_ocr.base.errors",
    "Constraint": "captcha_ocr.search.constraints",
    "Reading": "captcha_ocr.recognizer",
    "Recognizer": "captcha_ocr.recognizer",
    "load_registered": "captcha_ocr.register.registry",  # needs MLflow
}


def __getattr__(name: str) -> Any:
    # Imported on first use, so that a stage that reads no picture does not load onnxruntime.
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)
