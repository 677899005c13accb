import hashlib
from pathlib import Path

import pytest

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.pin import Pin
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of
from captcha_ocr.fetch.digest import content_digest, git_blob_id, read_listing
from captcha_ocr.fetch.fetch import fetch
from captcha_ocr.params.params import FetchParams
from tests.fetch.sources import SHIPPED, pack, png, written
from tests.modules import ROOT

PICTURES = {"22.png": png(1), "33.png": png(2)}


@pytest.fixture
def pin(tmp_path: Path) -> Pin:
    """A pin with a listing, and no archive yet; the URL leads nowhere."""
    written(tmp_path / "original", PICTURES)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in PICTURES.items()}
    listing = tmp_path / "pictures.sha256"
    listing.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())))
    archive = tmp_path / "data" / "a.zip"
    archive.parent.mkdir()
    return Pin("https://127.0.0.1:9/a.zip", archive, content_digest(digests), "0" * 40, listing, "free")


def run(pin: Pin, **changes: object) -> Provenance:
    params: FetchParams = SHIPPED.fetch.model_copy(update={"attempts": 1, "synthetic_count": 12} | changes)
    return fetch(pin, pin.archive.parent / "pictures", params, SHIPPED.text)


def test_the_listing_s_own_checksum_is_the_content_digest(pin: Pin) -> None:
    assert sha256_of(pin.listing) == pin.content_digest
    assert content_digest(read_listing(pin.listing)) == pin.content_digest


def test_the_shipped_listing_is_that_of_the_shipped_pin() -> None:
    text = (ROOT / "data.dvc").read_text()
    assert f"content_digest: {sha256_of(ROOT / 'data' / 'captcha_images_v2.sha256')}" in text
    assert len(read_listing(ROOT / "data" / "captcha_images_v2.sha256")) == 1040


def test_the_git_blob_id_is_git_s(tmp_path: Path) -> None:
    (tmp_path / "hello").write_text("hello\n")
    assert git_blob_id(tmp_path / "hello") == "ce013625030ba8dba906f756967f9e9ca394464a"


@pytest.mark.parametrize("folder", ["", "repacked/deeper/"])
def test_any_zip_of_the_same_pictures_passes(pin: Pin, folder: str) -> None:
    pack(pin.archive, *((folder + name, content) for name, content in reversed(PICTURES.items())))
    provenance = run(pin)
    assert provenance.origin == "pinned"
    assert provenance.pictures == 2
    assert provenance.bytes == sum(map(len, PICTURES.values()))
    assert provenance.content_digest == pin.content_digest


@pytest.mark.parametrize(
    ("pictures", "said"),
    [
        (PICTURES | {"22.png": png(9)}, r"changed: 22\.png"),
        ({"22.png": png(1)}, r"missing: 33\.png"),
        (PICTURES | {"44.png": png(3)}, r"not in the pin: 44\.png"),
    ],
)
def test_a_picture_that_is_not_the_pinned_one_is_named(pin: Pin, pictures: dict[str, bytes], said: str) -> None:
    pack(pin.archive, *pictures.items())
    with pytest.raises(CaptchaOcrError, match=said):
        run(pin)
    assert not (pin.archive.parent / "pictures").exists()


def test_an_unreachable_archive_is_replaced_by_look_alikes_loudly(pin: Pin, capsys: pytest.CaptureFixture[str]) -> None:
    provenance = run(pin)
    assert provenance.origin == "synthetic"
    assert provenance.pictures == 12
    assert "THESE ARE NOT THE REAL PICTURES" in capsys.readouterr().out
    assert not pin.archive.exists()


def test_look_alikes_are_the_same_for_the_same_seed(pin: Pin) -> None:
    assert run(pin).content_digest == run(pin).content_digest
    assert run(pin).content_digest != run(pin, seed=1).content_digest


def test_an_unreachable_archive_stops_the_pipeline_where_asked(pin: Pin) -> None:
    with pytest.raises(CaptchaOcrError, match=r"could not be reached in 1 attempts.*Copy the archive to"):
        run(pin, when_unreachable="fail")


def test_pictures_of_one_s_own_need_no_pin(pin: Pin, tmp_path: Path) -> None:
    assert run(pin, source=str(tmp_path / "original")).origin == "own"
    own = pack(tmp_path / "own.zip", ("55.png", png(5)))
    assert run(pin, source=str(own)).pictures == 1


def test_labels_and_splits_of_a_table_reach_the_shards(pin: Pin, tmp_path: Path) -> None:
    """The table is the source, and then lies beside a zip; the pictures are the same, and so are the digests."""
    rows = "image_path,plate_text,split\n22.png,Ab 1,test\n33.png,,\n"
    (tmp_path / "original" / "labels.csv").write_text(rows)
    in_table = run(pin, source=str(tmp_path / "original" / "labels.csv"), layout="table")
    (tmp_path / "beside.csv").write_text(rows)
    archive = pack(tmp_path / "own.zip", *PICTURES.items())
    assert run(pin, source=str(archive), layout="table", table=str(tmp_path / "beside.csv")) == in_table.model_copy(
        update={"obtained": str(archive)}
    )
    found = [(p.file, p.text, p.split) for p in PictureShards(pin.archive.parent / "pictures")]
    assert found == [("22.png", "Ab 1", "test"), ("33.png", "", None)]


def test_a_source_that_is_not_there_is_named(pin: Pin) -> None:
    with pytest.raises(CaptchaOcrError, match=r"fetch\.source = .*nowhere' does not exist"):
        run(pin, source="nowhere")


def test_more_look_alikes_than_labels_are_refused(pin: Pin) -> None:
    text = SHIPPED.text.model_copy(update={"alphabet": "ab", "min_length": 2, "max_length": 2})
    params = SHIPPED.fetch.model_copy(update={"attempts": 1, "synthetic_count": 3})
    with pytest.raises(CaptchaOcrError, match=r"fetch\.synthetic_count = 3 asks for more than half of the 4 labels"):
        fetch(pin, pin.archive.parent / "pictures", params, text)
