"""Who must have signed what is taken from a registry."""

from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register.trust import TrustedIdentity, TrustedKey, trusted_signer

WORKFLOW, ISSUER = "https://github.com/o/r/.github/workflows/retrain.yml@refs/heads/main", "https://issuer.example.org"


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TRUSTED_KEY", "TRUSTED_IDENTITY", "TRUSTED_ISSUER", "TRUST_CONFIG"):
        monkeypatch.delenv(f"CAPTCHA_OCR_{name}", raising=False)


@pytest.mark.parametrize(
    "params", [None, "", "[a list]", "register: 3", "train: {lr: 1}", "register: {trusted_key: null}"]
)
def test_nobody_must_where_neither_the_environment_nor_params_say_so(params: str | None) -> None:
    if params is not None:
        Path("params.yaml").write_text(params)
    assert trusted_signer() is None


def test_params_name_a_key_or_an_identity() -> None:
    Path("params.yaml").write_text("register: {trusted_key: keys/team.pub, trusted_issuer: x}\n")
    assert trusted_signer() == TrustedKey(Path("keys/team.pub"))
    Path("params.yaml").write_text(f"register: {{trusted_identity: '{WORKFLOW}', trusted_issuer: '{ISSUER}'}}\n")
    assert trusted_signer() == TrustedIdentity(WORKFLOW, ISSUER)


def test_the_environment_takes_precedence_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("params.yaml").write_text("register: {trusted_key: keys/team.pub, trusted_issuer: x}\n")
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_IDENTITY", WORKFLOW)
    with pytest.raises(CaptchaOcrError, match="CAPTCHA_OCR_TRUSTED_ISSUER is empty"):
        trusted_signer()
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_ISSUER", ISSUER)
    monkeypatch.setenv("CAPTCHA_OCR_TRUST_CONFIG", "roots.json")
    assert trusted_signer() == TrustedIdentity(WORKFLOW, ISSUER, Path("roots.json"))


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ("register: {trusted_key: a.pub, trusted_identity: b, trusted_issuer: c}", "name one of them"),
        ("register: {trusted_key: [", r"params\.yaml is not YAML that can be used"),
    ],
)
def test_settings_that_leave_it_open_are_refused(params: str, said: str) -> None:
    Path("params.yaml").write_text(params)
    with pytest.raises(CaptchaOcrError, match=said):
        trusted_signer()
