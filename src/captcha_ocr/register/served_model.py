"""The model that MLflow serves: it takes pictures in base64, and returns texts and confidences.

MLflow logs this module as code, and runs it to load the model.
"""

import base64
import binascii
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import Source
from captcha_ocr.recognizer import Reading, Recognizer

MAX_ROWS = 1024  # pictures in one request


def _decoded(text: Any) -> Source:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return b""  # these are not a picture, so the row gets an error


def _row(number: int, outcome: Reading | CaptchaOcrError) -> dict[str, Any]:
    if isinstance(outcome, CaptchaOcrError):
        return {"text": None, "confidence": None, "error": f"row {number}: {outcome}"}
    return {"text": outcome.text, "confidence": outcome.confidence, "error": None}


class ServedRecognizer(PythonModel):
    """The recogniser of the artifact `model`; onnxruntime chooses the number of threads."""

    def load_context(self, context: PythonModelContext) -> None:
        self.recognizer = Recognizer.load(context.artifacts["model"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: Any = None
    ) -> list[dict[str, Any]]:
        """Reads the column `image` of `model_input`; returns text, confidence and error for each row.

        A row without a readable picture gets an error that names it. Raises CaptchaOcrError for more than MAX_ROWS
        rows. The result is not a data frame, in which missing values would become NaN, which JSON does not have.
        """
        if len(model_input) > MAX_ROWS:
            raise CaptchaOcrError(f"{len(model_input)} rows in one request, and {MAX_ROWS} are allowed: send fewer")
        outcomes = self.recognizer.attempt(_decoded(text) for text in model_input["image"])
        return [_row(number, outcome) for number, outcome in enumerate(outcomes)]


mlflow.models.set_model(ServedRecognizer())
