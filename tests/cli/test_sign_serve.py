"""`captcha-ocr sign` and `serve` on a real store; tests/end_to_end/test_registry.py has requests to a server."""

from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.cli import main, serve
from captcha_ocr.register.registered_file import registered_file
from tests.stores import key_pair, replace_file, store_with_reader

GOOD = b"the registered file"


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder with the model that is registered as version 1 of `reader`."""
    store_with_reader(tmp_path, monkeypatch, GOOD)
    Path("models").mkdir()
    Path("models/model.onnx").write_bytes(GOOD)
    yield
    mlflow.set_tracking_uri(None)


def command(patch: pytest.MonkeyPatch, *words: str) -> object:
    """The exit code, or the message, of `captcha-ocr` with these words."""
    patch.setattr("sys.argv", ["captcha-ocr", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    return ended.value.code


def test_the_workspace_s_model_is_signed_as_the_version_that_it_was_registered_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_KEY", str(tmp_path / "ours.pub"))
    monkeypatch.delenv("CAPTCHA_OCR_SIGNING_KEY", raising=False)
    sign = ("sign", "1", "--name", "reader")
    assert "CAPTCHA_OCR_SIGNING_KEY is empty" in str(command(monkeypatch, *sign))
    monkeypatch.setenv("CAPTCHA_OCR_SIGNING_KEY", str(key_pair(tmp_path, "ours")))
    with pytest.raises(CaptchaOcrError, match="is not signed"):
        registered_file("models:/reader/1")
    assert command(monkeypatch, *sign) == 0
    assert registered_file("models:/reader/1") == GOOD


def test_what_the_registry_holds_is_not_signed_if_the_workspace_has_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTCHA_OCR_SIGNING_KEY", str(key_pair(tmp_path, "ours")))
    Path("models/model.onnx").write_bytes(b"another file")
    said = str(command(monkeypatch, "sign", "1", "--name", "reader"))
    assert "and version 1 of reader was registered with" in said
    assert "check out the commit that made that version" in said


def test_a_replaced_champion_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_file("reader", "1", b"another file")
    monkeypatch.setattr(serve.uvicorn, "run", lambda *_, **__: pytest.fail("it listens"))
    said = str(command(monkeypatch, "serve", "--model", "models:/reader@champion"))
    assert said.startswith("error: version 1 of reader holds model.onnx with SHA-256")
