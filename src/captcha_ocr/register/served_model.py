"""What MLflow serves: pictures as base64 text in, texts and confidences out. Logged as code, and loaded from it."""

import base64
import binascii
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import Source
from captcha_ocr.recognizer import Reading, Recognizer

MAX_ROWS = 1024


def _decoded(text: Any) -> Source:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return b""  # no picture, as any other bytes that are none


def _row(number: int, outcome: Reading | CaptchaOcrError) -> dict[str, Any]:
    if isinstance(outcome, CaptchaOcrError):
        return {"text": None, "confidence": None, "error": f"row {number}: {outcome}"}
    return {"text": outcome.text, "confidence": outcome.confidence, "error": None}


class ServedRecognizer(PythonModel):
    """The recogniser of the artifact `model`, threads at onnxruntime's choice."""

    def load_context(self, context: PythonModelContext) -> None:
        self.recognizer = Recognizer.load(context.artifacts["model"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: Any = None
    ) -> list[dict[str, Any]]:
        """text, confidence and error for each row of `model_input`'s column `image`.

        Not as a data frame, which would make a NaN of what is missing, and that is no JSON. A row that holds no picture
        gets an error that names it; more than MAX_ROWS rows are refused.
        """
        if len(model_input) > MAX_ROWS:
            raise CaptchaOcrError(f"{len(model_input)} rows in one request, and {MAX_ROWS} are allowed: send fewer")
        outcomes = self.recognizer.attempt(_decoded(text) for text in model_input["image"])
        return [_row(number, outcome) for number, outcome in enumerate(outcomes)]


mlflow.models.set_model(ServedRecognizer())
