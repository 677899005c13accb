"""The fonts of the families, none of which pre-training may draw with."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

from captcha_ocr.base.errors import CaptchaOcrError, listed

# By the family name in the font file. Others that begin so are left out as well: Lato Light, Walkway Bold.
LEFT_OUT_FONTS = (
    *("Bitstream Vera", "Comicbook Smash", "DejaVu", "Droid Sans"),  # django, svg; all that bring none; captcha
    # multicolorcaptcha
    *("Aldrich", "Bonbon", "Bungee Outline", "Clayborn", "Combo", "Dawning of a New Day", "Digital Numbers", "Elsie"),
    *("Fibel Nord", "FreeMono", "FreeSans", "FreeSerif", "Graduate", "Handjet", "Kaushan Script", "Londrina"),
    *("Monofett", "Pixellari", "Rampart One", "Stalinist One", "Tambourine", "WindSong"),
    # trdg
    *("Aller", "Amatic", "Bebas", "Capture it", "Caviar Dreams", "FFF Tusj", "Lato", "Open Sans", "Pacifico"),
    *("Raleway", "Roboto", "Sansation", "SeasideResort", "Walkway"),
)
# For the generators that bring no font: matplotlib has these in its package, so that every machine draws the same.
MATPLOTLIB = Path(str(files("matplotlib"))) / "mpl-data" / "fonts" / "ttf"


def is_left_out(font: Path) -> bool:
    """Whether the font in a file is one of LEFT_OUT_FONTS."""
    family = ImageFont.truetype(str(font), 20).getname()[0] or ""
    return family.startswith(LEFT_OUT_FONTS)


def check_left_out(fonts: Iterable[Path]) -> None:
    """Raises CaptchaOcrError naming fonts that a family is drawn with and that LEFT_OUT_FONTS does not name."""
    unnamed = [font.name for font in fonts if not is_left_out(font)]
    if unnamed:
        raise CaptchaOcrError(
            f"pre-training may draw with {listed(unnamed)}, which a generator brings: add their families to "
            "LEFT_OUT_FONTS in benchmarks/styles/fonts.py, and leave them out of pre-training"
        )
