"""Files that were replaced in a registry, and signatures: a real store, real keys."""

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.compare.candidates import candidate
from captcha_ocr.register import signing
from captcha_ocr.register.registered_file import registered_file
from captcha_ocr.register.registry import Version, load_registered, sign_version
from tests.examples import predictions
from tests.stores import key_pair, logged_model, registered_version, replace_file, store_with_reader

GOOD, EVIL = b"the registered file", b"another file"
DIGEST = {"onnx_sha256": hashlib.sha256(GOOD).hexdigest()}
EVIL_DIGEST = hashlib.sha256(EVIL).hexdigest()
FIRST = "models:/reader/1"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MlflowClient]:
    """A store with the model `reader`, whose version 1 is its champion; nobody's signature is asked for."""
    yield store_with_reader(tmp_path, monkeypatch, GOOD)
    mlflow.set_tracking_uri(None)


@pytest.fixture
def signed(store: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """The same store, with version 1 signed by the one key that is trusted."""
    monkeypatch.setenv("CAPTCHA_OCR_SIGNING_KEY", str(key_pair(tmp_path, "ours")))
    sign_version(Version("reader", "1"), GOOD, "key")
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_KEY", str(tmp_path / "ours.pub"))
    return store


def test_a_file_is_taken_that_is_the_registered_one(store: MlflowClient) -> None:
    assert registered_file("models:/reader@champion") == GOOD


def test_a_replaced_file_is_refused_with_version_both_digests_and_a_remedy(store: MlflowClient) -> None:
    replace_file("reader", "1", EVIL)
    for load in (registered_file, load_registered):
        with pytest.raises(CaptchaOcrError, match=r"version 1 of reader holds model\.onnx") as refused:
            load("models:/reader@champion")
        assert EVIL_DIGEST in str(refused.value)
        assert DIGEST["onnx_sha256"] in str(refused.value)
        assert "Do not use it. Name another version, or `captcha-ocr rollback`" in str(refused.value)


def test_a_version_without_the_digest_is_refused(store: MlflowClient) -> None:
    store.delete_model_version_tag("reader", "1", "onnx_sha256")
    with pytest.raises(CaptchaOcrError, match="version 1 of reader has no tag onnx_sha256"):
        registered_file(FIRST)


def test_a_comparison_takes_the_model_of_the_registry_and_refuses_a_replaced_one(
    store: MlflowClient, tmp_path: Path
) -> None:
    (tmp_path / "params.yaml").write_text("train: {seed: 7}\n")
    predictions(["001"], ["001"]).write_to(tmp_path)
    run = store.create_run("0").info.run_id
    for file, folder in (("params.yaml", None), ("predictions.csv", "reports")):
        store.log_artifact(run, str(tmp_path / file), folder)
    model_id = logged_model("reader", "1")
    store.create_model_version("reader", f"models:/{model_id}", run_id=run, tags=DIGEST, model_id=model_id)
    assert candidate("models:/reader/2").model == GOOD
    replace_file("reader", "2", EVIL)
    with pytest.raises(CaptchaOcrError, match="version 2 of reader holds"):
        candidate("models:/reader/2")


@pytest.mark.parametrize(
    "uri", ["models:/reader", "models:/m-0123456789abcdef0123456789abcdef", "models:/reader/latest"]
)
def test_what_names_no_version_is_refused_as_it_has_no_digest(store: MlflowClient, uri: str) -> None:
    with pytest.raises(CaptchaOcrError, match="names no registered version: write models:/NAME@ALIAS or"):
        registered_file(uri)


def test_a_file_signed_by_the_trusted_key_is_taken(signed: MlflowClient) -> None:
    assert registered_file("models:/reader@champion") == GOOD


def test_a_key_with_a_password_signs(store: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPTCHA_OCR_SIGNING_KEY", str(key_pair(tmp_path, "ours", "a secret")))
    with pytest.raises(CaptchaOcrError, match="version 1 of reader cannot be signed with the key"):
        sign_version(Version("reader", "1"), GOOD, "key")
    monkeypatch.setenv("CAPTCHA_OCR_SIGNING_KEY_PASSWORD", "a secret")
    sign_version(Version("reader", "1"), GOOD, "key")
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_KEY", str(tmp_path / "ours.pub"))
    assert registered_file(FIRST) == GOOD


def test_a_replaced_file_is_refused_though_its_tag_was_replaced_too(signed: MlflowClient) -> None:
    replace_file("reader", "1", EVIL)
    signed.set_model_version_tag("reader", "1", "onnx_sha256", EVIL_DIGEST)
    with pytest.raises(
        CaptchaOcrError, match=r"version 1 of reader is not signed by the key .*ours\.pub.*do not use it"
    ):
        registered_file(FIRST)


def test_a_signature_by_another_key_is_refused(
    signed: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTCHA_OCR_SIGNING_KEY", str(key_pair(tmp_path, "theirs")))
    sign_version(Version("reader", "1"), GOOD, "key")
    with pytest.raises(CaptchaOcrError, match=r"version 1 of reader is not signed by the key .*ours\.pub"):
        registered_file(FIRST)


def test_an_unsigned_version_is_refused(signed: MlflowClient) -> None:
    registered_version("reader", GOOD, DIGEST)
    with pytest.raises(CaptchaOcrError, match=r"version 2 of reader is not signed, and the key .* must have signed it"):
        registered_file("models:/reader/2")


def test_the_bundle_of_another_version_is_refused_though_it_covers_the_same_file(
    signed: MlflowClient, tmp_path: Path
) -> None:
    registered_version("reader", GOOD, DIGEST)
    bundle = mlflow.artifacts.download_artifacts("models:/reader/1/signature", dst_path=str(tmp_path))
    signed.log_model_artifacts(logged_model("reader", "2"), bundle, "signature")
    with pytest.raises(CaptchaOcrError, match=r"version 2 of reader is not signed by .*registered\.json"):
        registered_file("models:/reader/2")


@pytest.mark.parametrize("bundle", [b"", b"no JSON", b"{}", b"\xff\xfe", b'{"verificationMaterial": {}}'])
def test_what_is_no_bundle_is_refused(tmp_path: Path, bundle: bytes) -> None:
    trusted = signing.TrustedKey(key_pair(tmp_path, "ours").with_suffix(".pub"))
    with pytest.raises(CaptchaOcrError, match="version 1 of reader is not signed by the key"):
        signing.verify(GOOD, "reader", "1", bundle, trusted)


def test_a_trusted_key_that_is_not_there_is_named(signed: MlflowClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_KEY", "nowhere.pub")
    with pytest.raises(CaptchaOcrError, match=r"the key nowhere\.pub cannot be used to verify version 1 of reader"):
        registered_file(FIRST)


def test_an_identity_is_verified_offline_and_a_key_s_signature_is_none(
    signed: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(str(files("sigstore") / "_store")) / "https%3A%2F%2Ftuf-repo-cdn.sigstore.dev"
    roots = {
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": json.loads((store / "trusted_root.json").read_text()),
        "signingConfig": json.loads((store / "signing_config.v0.2.json").read_text()),
    }
    (tmp_path / "roots.json").write_text(json.dumps(roots))
    monkeypatch.delenv("CAPTCHA_OCR_TRUSTED_KEY")
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_IDENTITY", "ann@example.org")
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_ISSUER", "https://issuer.example.org")
    monkeypatch.setenv("CAPTCHA_OCR_TRUST_CONFIG", str(tmp_path / "roots.json"))
    with pytest.raises(CaptchaOcrError, match=r"is not signed by ann@example\.org \(by https://issuer\.example\.org\)"):
        registered_file(FIRST)
    monkeypatch.setenv("CAPTCHA_OCR_TRUST_CONFIG", "nowhere.json")
    with pytest.raises(CaptchaOcrError, match=r"ann@example\.org .* cannot be used to verify"):
        registered_file(FIRST)
