"""The copy of the network that `train.pretrained` names."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from captcha_ocr.artifacts.start import Start
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.start import Found, locate_start

COPY = Path("data/start")
CHAMPION = "models:/reader@champion"


def no_registry(uri: str) -> Found:
    raise AssertionError(uri)


def network(folder: Path, content: bytes = b"a network", recorded: bytes | None = None) -> Path:
    """A folder like models/ with a network and its record, which may be of another one, `recorded`."""
    folder.mkdir(exist_ok=True)
    (folder / "model.keras").write_bytes(content)
    record = {"alphabet": "ab", "architecture": "compact"}
    record["network_sha256"] = hashlib.sha256(content if recorded is None else recorded).hexdigest()
    (folder / "run.json").write_text(json.dumps(record))
    return folder


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)


@pytest.mark.parametrize("pretrained", [True, False, None])
def test_what_names_no_network_leaves_the_same_file(pretrained: bool | None) -> None:
    assert locate_start(pretrained, COPY, no_registry) == Start()
    assert [path.name for path in COPY.iterdir()] == ["start.json"]


@pytest.mark.parametrize("name", ["mine", "mine/model.keras"])
def test_a_network_is_copied_with_what_its_record_says(tmp_path: Path, name: str) -> None:
    network(tmp_path / "mine")
    found = locate_start(name, COPY, no_registry)
    assert (found.alphabet, found.architecture) == ("ab", "compact")
    assert (COPY / found.file).read_bytes() == b"a network"
    assert Start.read_from(COPY) == found


def test_another_content_of_the_file_is_noticed_and_the_same_is_not_copied_again(tmp_path: Path) -> None:
    network(tmp_path / "mine")
    first = locate_start("mine", COPY, no_registry)
    copied = (COPY / "start.json").stat().st_ino
    assert locate_start("mine", COPY, no_registry) == first
    assert (COPY / "start.json").stat().st_ino == copied
    network(tmp_path / "mine", b"another")
    assert locate_start("mine", COPY, no_registry).sha256 != first.sha256
    locate_start(None, COPY, no_registry)
    assert [path.name for path in COPY.iterdir()] == ["start.json"]


def registry(content: bytes, version: str) -> Callable[[str], Found]:
    digest = hashlib.sha256(content).hexdigest()
    return lambda uri: (Start(source=uri, file="network.keras", sha256=digest, version=version), content)


def test_an_alias_is_asked_for_once_and_again_when_the_copy_is_gone_or_damaged() -> None:
    locate_start(CHAMPION, COPY, registry(b"third", "3"))
    assert locate_start(CHAMPION, COPY, no_registry).version == "3"
    (COPY / "network.keras").write_bytes(b"damaged")
    assert locate_start(CHAMPION, COPY, registry(b"fourth", "4")).version == "4"
    assert locate_start("models:/reader/5", COPY, registry(b"fifth", "5")).version == "5"
    assert (COPY / "network.keras").read_bytes() == b"fifth"


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("absent.keras", "there is no .*absent.keras: name a file, a version such as models:/NAME@champion"),
        ("other/model.keras", "run.json is of another network"),
        ("alone/model.keras", "no run.json beside it, which names its symbols"),
        ("note.txt", "name a .keras file, the folder that holds it, or an .npz file"),
        ("models", "the stages write models/model.keras.*copy it to a folder of its own, as start"),
    ],
)
def test_what_cannot_be_started_from_is_refused_and_nothing_is_written(tmp_path: Path, name: str, match: str) -> None:
    network(tmp_path / "other", recorded=b"another")
    network(tmp_path / "models")
    network(tmp_path / "alone")
    (tmp_path / "alone" / "run.json").unlink()
    (tmp_path / "dvc.yaml").write_text("stages: {train: {outs: [models/model.keras]}}")
    with pytest.raises(CaptchaOcrError, match=match):
        locate_start(name, COPY, no_registry)
    assert not COPY.exists()
