"""Sources at s3:// addresses, from moto's server: S3's protocol in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests
from tenacity import Retrying, stop_after_delay, wait_fixed

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.locate import locate
from captcha_ocr.fetch.packing import pack
from captcha_ocr.fetch.remote import copies
from captcha_ocr.fetch.remote.copies import bring
from tests.fetch.remote.sources import at, brought, kept
from tests.fetch.sources import SHIPPED, png
from tests.servers import free_port

FILES = {"train/22.png": png(1), "test/33.png": png(2), "README.md": b"# ours"}
FOLDER = "s3://bucket/sets/mine"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for attempt in Retrying(stop=stop_after_delay(60), wait=wait_fixed(0.2)):
            with attempt:
                requests.get(f"http://127.0.0.1:{port}/moto-api/", timeout=5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A bucket with FILES below sets/mine; the environment leads to it, as docs/sources.md describes."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "us",
        "AWS_SECRET_ACCESS_KEY": "hunter2",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    client = boto3.client("s3")
    client.create_bucket(Bucket="bucket")
    for name, content in FILES.items():
        client.put_object(Bucket="bucket", Key=f"sets/mine/{name}", Body=content)
    yield client
    requests.post(f"{endpoint}/moto-api/reset", timeout=5)


def test_a_folder_is_copied_once_until_it_changes(
    bucket: boto3.session.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = locate(at(FOLDER), Path("a.zip"))
    assert before.place == FOLDER
    assert brought(FOLDER) == FILES
    with monkeypatch.context() as patch:
        patch.setattr(copies, "_transfer", None)
        assert brought(FOLDER) == FILES
    assert locate(at(FOLDER), Path("a.zip")) == before
    bucket.put_object(Bucket="bucket", Key="sets/mine/train/22.png", Body=png(3))
    assert locate(at(FOLDER), Path("a.zip")) != before
    assert brought(FOLDER) == FILES | {"train/22.png": png(3)}
    assert kept(tmp_path) == ["copy"]


def test_a_folder_is_packed_as_one_of_the_project_is(bucket: boto3.session.Session, tmp_path: Path) -> None:
    params = at(FOLDER, ignore=("*.md",))
    packed = pack(bring(FOLDER, params), tmp_path / "pictures", params, SHIPPED.text)
    assert sorted(packed.digests) == ["test/33.png", "train/22.png"]


def test_what_is_ignored_is_not_copied(bucket: boto3.session.Session) -> None:
    assert brought(FOLDER, ignore=("*.md",)).keys() == {"train/22.png", "test/33.png"}


def test_a_single_object_is_a_source(bucket: boto3.session.Session) -> None:
    assert brought(f"{FOLDER}/test/33.png") == {"33.png": png(2)}


def test_a_transfer_that_ended_is_resumed(bucket: boto3.session.Session, tmp_path: Path) -> None:
    """What has its size already is not copied again; what has not is."""
    whole = bring(FOLDER, at(FOLDER))
    draft = whole.parent.rename(whole.parent.with_suffix(".draft")) / whole.name
    (draft / "test" / "33.png").write_bytes(png(2)[:9])
    (draft / "train" / "22.png").write_bytes(bytes(len(png(1))))
    assert brought(FOLDER) == FILES | {"train/22.png": bytes(len(png(1)))}
    assert kept(tmp_path) == ["copy"]


def test_a_copy_is_used_when_the_server_is_gone_and_that_is_said(
    bucket: boto3.session.Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = locate(at(FOLDER), Path("a.zip"))
    brought(FOLDER)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert brought(FOLDER) == FILES
    assert locate(at(FOLDER), Path("a.zip")) == before
    said = capsys.readouterr().out
    assert said.count(f"{FOLDER} could not be reached: EndpointConnectionError") == 2
    assert "hunter2" not in said


@pytest.mark.parametrize("address", ["s3://bucket/sets/none", "s3://elsewhere/sets"])
def test_what_is_not_there_is_named(bucket: boto3.session.Session, address: str) -> None:
    with pytest.raises(UnreachableError, match=f"{address} could not be reached: FileNotFoundError"):
        brought(address)


def test_missing_credentials_are_named(bucket: boto3.session.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(UnreachableError, match="NoCredentialsError: Unable to locate credentials"):
        brought(FOLDER)


def test_a_folder_that_is_too_large_is_refused(bucket: boto3.session.Session, tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"more than fetch\.max_download_mb = 0\.0001"):
        brought(FOLDER, max_download_mb=0.0001)
    assert kept(tmp_path) == []


def test_a_name_that_leads_out_of_the_folder_is_refused(bucket: boto3.session.Session, tmp_path: Path) -> None:
    bucket.put_object(Bucket="bucket", Key="sets/mine/../../../x.png", Body=b"x")
    with pytest.raises(CaptchaOcrError, match="unsafe path"):
        brought(FOLDER)
    assert kept(tmp_path) == []


def test_a_missing_library_is_named(bucket: boto3.session.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"].__dict__["_registry"], "s3", raising=False)
    with pytest.raises(CaptchaOcrError, match=r"pip install '\.\[train,remote\]'"):
        brought(FOLDER)
