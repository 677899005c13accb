from pathlib import Path

from PIL import Image

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.export.portions import portions
from tests.packed import packed, png


def test_every_chosen_picture_is_in_one_portion_in_order(tmp_path: Path) -> None:
    pictures = {f"{i:02}.png": (png(Image.new("L", (8, 4), i)), "a", None) for i in range(12)}
    chosen = sorted(pictures)[1:]
    found = list(portions(LabelledPictures(packed(tmp_path / "pictures", pictures), chosen, ["a"] * 11), 5))
    assert [len(portion.names) for portion in found] == [5, 5, 1]
    assert [name for portion in found for name in portion.names] == chosen
    assert [int(pixels[0, 0, 0]) for portion in found for pixels in portion.pixels] == list(range(1, 12))
