"""Requests to the served model: each row has a text or an error, or the request is refused."""

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.served_model import ServedRecognizer
from tests.fuzz.cases import FUZZ, fuzzed, one, rare
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.onnx_files import small_model
from tests.fuzz.pictures import pictures

BOUNDS = Bounds(seconds=10, megabytes=1500)
ODD = one(
    "",
    "=",
    "a",
    "AAAA",
    "é",
    "\ud800",
    "data:image/png;base64,AAAA",
    "A" * 100_001,
    None,
    True,
    1,
    1.5,
    float("nan"),
    float("inf"),
    b"AAAA",
    (),
    (1, "a"),
)
COUNTS = one(0, 1, 1, 2, 3)
PICTURES = pictures()


@cache
def _served() -> ServedRecognizer:
    served = ServedRecognizer()
    served.recognizer = Recognizer.from_bytes(small_model(), "small", threads=1)
    return served


def answer(rows: list[Any], folder: Path) -> None:
    """As MLflow hands a request over, once it has read its JSON."""
    try:
        outcomes = _served().predict(None, pd.DataFrame({"image": pd.Series(rows, dtype=object)}))
    except MlflowException as error:
        raise CaptchaOcrError(str(error)) from None
    assert len(outcomes) == len(rows)
    json.dumps(outcomes, allow_nan=False).encode()
    assert all((outcome["text"] is None) != (outcome["error"] is None) for outcome in outcomes)
    if rows and all(outcome["error"] for outcome in outcomes):
        raise CaptchaOcrError(outcomes[0]["error"])


@st.composite
def requests(draw: st.DrawFn) -> list[Any]:
    """The rows of a request: pictures in base64, and what is none."""
    rows = [rare(draw, 4, ODD, None) or base64.b64encode(draw(PICTURES)).decode() for _ in range(draw(COUNTS))]
    return rows * rare(draw, 40, one(50, 1025), 1)


@pytest.mark.skipif(settings.get_current_profile_name() != FUZZ, reason="MLflow takes seconds to start: make fuzz")
@fuzzed
@given(requests())
def test_a_request_is_answered_or_refused(judged: Judge, rows: list[Any]) -> None:
    judged.answer(rows)
