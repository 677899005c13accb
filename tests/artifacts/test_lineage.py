import pytest

from captcha_ocr.artifacts.lineage import lineage, source_name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("my.zip", "my"),
        ("/data/My Plates.tar.gz", "my-plates"),
        ("plates/", "plates"),
        ("https://example.org/sets/Plates_2.zip?token=a/b", "plates-2"),
        ("hf://datasets/owner/captchas", "captchas"),
        ("Zähler.zip", "zahler"),
        ("写真", "pictures"),
        (".", "pictures"),
    ],
)
def test_a_source_is_named_by_the_last_part_of_its_place(source: str, name: str) -> None:
    assert source_name(source) == name


def test_a_lineage_survives_a_change_of_place_and_of_packing_but_not_of_origin() -> None:
    assert lineage("own", "plates.zip") == lineage("own", "/elsewhere/plates/") == "own: plates"
    assert lineage("own", "meters.zip") != lineage("own", "plates.zip")
    assert lineage("pinned", "") == "pinned"
    assert lineage("synthetic", "") == "synthetic"
