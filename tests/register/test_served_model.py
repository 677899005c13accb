"""What the served model answers to requests of strangers, without a server."""

import base64
import io

import numpy as np
import onnx
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException
from PIL import Image, ImageFile

from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import served_model
from captcha_ocr.register.body_limit import BodyLimit
from captcha_ocr.register.served_model import ServedRecognizer
from tests.exported import exported, noise, untrained


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedRecognizer:
    file = tmp_path_factory.mktemp("served") / "model.onnx"
    onnx.save(exported(untrained()), file)
    model = ServedRecognizer()
    model.recognizer = Recognizer.load(file, threads=1)
    return model


def encoded(pixels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels[:, :, 0]).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


SMALL = encoded(noise(1)[0])


def answers(served: ServedRecognizer, *rows: object) -> list[str | None]:
    found = served.predict(None, pd.DataFrame({"image": list(rows)}))
    assert len(found) == len(rows)
    return [row["error"] for row in found]


def test_each_row_that_cannot_be_read_is_named_and_the_others_are_read(served: ServedRecognizer) -> None:
    bad = ["no base64", base64.b64encode(b"no picture").decode(), None, 7, SMALL[:80]]
    first, *errors, last = answers(served, SMALL, *bad, SMALL)
    assert first is None
    assert last is None
    for number, error in enumerate(errors, start=1):
        assert error is not None
        assert error.startswith(f"row {number}: the picture ")
        assert "0x" not in error


def test_a_request_of_large_pictures_is_answered_without_decoding_them(
    served: ServedRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64 pictures of 4096 × 4096 pixels in 1 MB: they took 5 GB and half a minute."""
    large = encoded(np.zeros((4096, 4096, 1), np.uint8))
    monkeypatch.setattr(ImageFile.ImageFile, "load", None)
    said = answers(served, *[large] * 64)
    assert said[63] == (
        "row 63: the picture has 4096 × 4096 pixels, more than 4,194,304: crop it to its text, or scale it down"
    )


def test_pixels_and_characters_of_all_rows_are_limited(
    served: ServedRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_model, "MAX_PIXELS", 2 * 64 * 16)
    *read, refused = answers(served, SMALL, SMALL, SMALL)
    assert read == [None, None]
    assert refused == "row 2: the picture and those before have over 2,048 pixels: send fewer"
    monkeypatch.setattr(served_model, "MAX_CHARACTERS", len(SMALL))
    assert answers(served, SMALL, SMALL)[1] == (
        f"row 1: the picture and those before have over {len(SMALL):,} characters: send fewer"
    )


def test_too_many_rows_are_refused_without_a_traceback(served: ServedRecognizer) -> None:
    with pytest.raises(MlflowException, match="1025 rows in one request, and 1024 are allowed") as raised:
        answers(served, *["x"] * 1025)
    assert raised.value.get_http_status_code() == 400
    assert "Traceback" not in raised.value.serialize_as_json()


@pytest.mark.parametrize(("sizes", "status"), [((3, 4), 200), ((3, 5), 413), ((50,), 413), ((), 200)])
def test_the_body_of_a_request_is_limited_however_it_is_cut(sizes: tuple[int, ...], status: int) -> None:
    starlette = pytest.importorskip("starlette.testclient")

    async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})

    client = starlette.TestClient(BodyLimit(application, 7))
    answer = client.post("/", content=(b"a" * size for size in sizes))
    assert answer.status_code == status
    if status == 200:
        assert answer.content == b"a" * sum(sizes)
