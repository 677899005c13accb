"""The model that MLflow serves: it takes pictures in base64, and returns texts and confidences.

MLflow logs this module as code, and runs it to load the model.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE
from mlflow.pyfunc.model import PythonModel, PythonModelContext
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.opening import read_header
from captcha_ocr.recognizer import Reading, Recognizer

# Of one request. Each row that goes beyond a limit gets an error, without being decoded.
MAX_ROWS = 1024
MAX_CHARACTERS = 2**26  # of base64, all rows together
MAX_PICTURE_PIXELS = 2**22  # some 0.2 seconds and 0.3 GB; what the recogniser takes otherwise is four times that
MAX_PIXELS = 2**26  # all rows together


def _decoded(text: Any, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise CaptchaOcrError(f"{name} is not base64: encode the bytes of a picture file") from None


@dataclass
class _Request:
    """How much of a request has been read: characters of base64, and pixels."""

    characters: int = 0
    pixels: int = 0

    def pixels_of(self, text: Any, name: str) -> NDArray[np.uint8]:
        """The pixels of the picture in a row, [H, W, C]; raises CaptchaOcrError with `name` where a limit is passed.

        The limits are checked before anything is decoded.
        """
        self.characters += len(text) if isinstance(text, str | bytes) else 0
        if self.characters > MAX_CHARACTERS:
            raise CaptchaOcrError(f"{name} and those before have over {MAX_CHARACTERS:,} characters: send fewer")
        content = _decoded(text, name)
        header = read_header(content, name)
        size = header.width * header.height
        if size > MAX_PICTURE_PIXELS:
            raise CaptchaOcrError(
                f"{name} has {header.width} × {header.height} pixels, more than {MAX_PICTURE_PIXELS:,}: crop it to its "
                "text, or scale it down"
            )
        if self.pixels + size > MAX_PIXELS:
            raise CaptchaOcrError(f"{name} and those before have over {MAX_PIXELS:,} pixels: send fewer")
        self.pixels += size
        return pixels_of(content, name)

    def pictures(self, texts: Iterable[Any]) -> Iterator[NDArray[np.uint8] | CaptchaOcrError]:
        """Row by row, the pixels of the picture, or why there are none."""
        for number, text in enumerate(texts):
            picture: NDArray[np.uint8] | CaptchaOcrError
            try:
                picture = self.pixels_of(text, f"row {number}: the picture")
            except CaptchaOcrError as error:
                picture = error
            yield picture


def _row(outcome: Reading | CaptchaOcrError) -> dict[str, Any]:
    if isinstance(outcome, CaptchaOcrError):
        return {"text": None, "confidence": None, "error": str(outcome)}
    return {"text": outcome.text, "confidence": outcome.confidence, "error": None}


class ServedRecognizer(PythonModel):
    """The recogniser of the artifact `model`; onnxruntime chooses the number of threads."""

    def load_context(self, context: PythonModelContext) -> None:
        self.recognizer = Recognizer.load(context.artifacts["model"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: Any = None
    ) -> list[dict[str, Any]]:
        """Reads the column `image` of `model_input`; returns text, confidence and error for each row.

        A row without a readable picture, and one beyond the limits of a request, gets an error that names it. Raises
        MlflowException for more than MAX_ROWS rows, and if the model fails: for other exceptions MLflow answers with a
        traceback. The result is not a data frame, in which missing values would become NaN, which JSON does not have.
        """
        if len(model_input) > MAX_ROWS:
            raise MlflowException(
                f"{len(model_input)} rows in one request, and {MAX_ROWS} are allowed: send fewer",
                INVALID_PARAMETER_VALUE,
            )
        try:
            return [_row(outcome) for outcome in self.recognizer.attempt(_Request().pictures(model_input["image"]))]
        except CaptchaOcrError as error:
            raise MlflowException(str(error)) from None


mlflow.models.set_model(ServedRecognizer())
