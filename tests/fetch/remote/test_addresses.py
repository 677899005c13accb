import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.remote.addresses import check_address, is_address, shown, without_queries


@pytest.mark.parametrize(
    ("source", "expected"), [("s3://b/x", True), ("my.zip", False), ("C:\\x.zip", False), ("", False)]
)
def test_an_address_has_a_scheme(source: str, expected: bool) -> None:
    assert is_address(source) == expected


@pytest.mark.parametrize(
    "address", ["https://host/a.zip?version=2", "s3://bucket/folder", "hf://datasets/user/name@revision/data"]
)
def test_three_schemes_are_allowed(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize("address", ["http://host/a.zip", "ftp://host/a.zip", "file:///etc", "memory://x"])
def test_others_are_refused(address: str) -> None:
    with pytest.raises(CaptchaOcrError, match="is no address with https://, s3://, hf://"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["https://me:hunter2@host/a.zip", "https://token@host/a", "s3://key:hunter2@bucket/a"]
)
def test_a_password_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(
        CaptchaOcrError, match="holds a password: keep it out of params.yaml".replace(".", r"\.")
    ) as error:
        check_address(address)
    assert "hunter2" not in str(error.value)


def test_a_query_which_may_be_a_signature_is_not_shown() -> None:
    assert shown("https://host/a.zip?X-Amz-Signature=secret#part") == "https://host/a.zip?…"
    assert shown("hf://datasets/user/name@main/a") == "hf://datasets/user/name@main/a"
    assert without_queries("status 403 for 'https://cdn/x?Signature=secret', again") == (
        "status 403 for 'https://cdn/x?…', again"
    )
