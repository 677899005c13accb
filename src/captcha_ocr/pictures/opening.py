"""Opens picture files within limits, which are checked before anything is decoded. Nothing else calls `Image.open`."""

import io
import warnings
from collections.abc import Mapping
from math import prod
from pathlib import Path
from stat import S_ISREG

from PIL import Image, UnidentifiedImageError

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.endings import FORMATS

MAX_PIXELS = 2**24  # far more than text needs; a small file could decode to many times that
MAX_BYTES = 2**26  # of a file: MAX_PIXELS without compression, with four bytes a pixel
# A JPEG file may repeat scans of the whole picture, each some bytes long and slow to decode; usual files have ten.
# libtiff has the same limit for JPEG in TIFF. A scan begins with this marker, which cannot occur in a scan's data.
MAX_SCANS, SCAN = 100, b"\xff\xda"
TILE_SIDES = (322, 323)  # the tags TileWidth and TileLength of TIFF


def check_size(width: int, height: int, name: str) -> None:
    """Raises CaptchaOcrError with `name` for a picture without pixels, and for one of more than MAX_PIXELS."""
    if width * height == 0:
        raise CaptchaOcrError(f"{name} has {width} × {height} pixels: there is nothing to read")
    if width * height > MAX_PIXELS:
        raise CaptchaOcrError(
            f"{name} has {width} × {height} pixels, more than {MAX_PIXELS:,}: crop it to its text, or scale it down"
        )


def _check_bytes(count: int, name: str) -> None:
    if count > MAX_BYTES:
        raise CaptchaOcrError(f"{name} has {count:,} bytes, more than {MAX_BYTES:,}: save it as PNG or scale it down")


def _content(path: Path, name: str) -> bytes:
    status = path.stat()
    if not S_ISREG(status.st_mode):  # a pipe or a device may have no end
        raise CaptchaOcrError(f"{name} is not a file: name a picture file")
    _check_bytes(status.st_size, name)
    return path.read_bytes()


def _check_tiff(picture: Image.Image, name: str) -> None:
    """Raises CaptchaOcrError for a TIFF file with large tiles, and for one of several pages.

    libtiff decodes whole tiles, which may be larger than the picture. Of an animation the first picture is read, but
    the text of a document may be on any of its pages.
    """
    if picture.format != "TIFF":
        return
    tags: Mapping[int, int] = picture.tag_v2  # type: ignore[attr-defined]  # only TIFF files have it
    tile = prod(tags.get(tag, 0) for tag in TILE_SIDES)
    if tile > MAX_PIXELS:
        raise CaptchaOcrError(f"{name} has tiles of {tile:,} pixels, more than {MAX_PIXELS:,}: save it anew")
    try:
        picture.seek(1)  # not `n_frames`, which goes through all pages, and may take hours for a hostile file
    except EOFError:
        picture.seek(0)
        return
    raise CaptchaOcrError(f"{name} has several pages: save each page with text as a picture of its own")


def _check_scans(content: bytes, picture: Image.Image, name: str) -> None:
    if picture.format in ("JPEG", "MPO") and content.count(SCAN) > MAX_SCANS:
        raise CaptchaOcrError(f"{name} is a JPEG file of more than {MAX_SCANS} scans: save it anew")


class DecodingErrors:
    """A context in which whatever Pillow raises for a damaged picture becomes a CaptchaOcrError with `name`.

    A class, since a context made of a generator costs some percent of the time that a small picture takes.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, CaptchaOcrError):
            raise self._translated(error) from None

    def _translated(self, error: Exception) -> CaptchaOcrError:
        """The error to raise; Pillow's decoders raise nearly anything for a damaged file."""
        if isinstance(error, Image.DecompressionBombError):
            return CaptchaOcrError(
                f"{self.name} has more than {MAX_PIXELS:,} pixels: crop it to its text, or scale it down"
            )
        reason: object = error
        if isinstance(error, UnidentifiedImageError):  # its message holds a memory address
            reason = f"not a picture in one of the formats {', '.join(FORMATS)}"
        elif isinstance(error, OSError) and error.strerror:
            reason = error.strerror
        return CaptchaOcrError(f"{self.name} cannot be decoded ({reason}): replace or remove it")


def _opened(content: bytes, name: str) -> Image.Image:
    """The picture with its header read and its size checked, not yet decoded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is stricter
        picture = Image.open(io.BytesIO(content), formats=FORMATS)  # noqa: TID251  # the one place
    check_size(*picture.size, name)
    return picture


def read_header(content: bytes, name: str) -> Image.Image:
    """The picture in a file's bytes, of which only size, mode and format may be used: it is not decoded.

    Raises CaptchaOcrError as `open_picture` does, as far as the header shows it.
    """
    with DecodingErrors(name), _opened(content, name) as picture:
        return picture


def open_picture(source: str | Path | bytes, name: str) -> Image.Image:
    """Opens and fully decodes a picture; the first one of an animation.

    Raises CaptchaOcrError with `name` if it is damaged, empty, too large, in none of FORMATS, or a TIFF file of several
    pages.
    """
    with DecodingErrors(name):
        content = source if isinstance(source, bytes) else _content(Path(source), name)
        _check_bytes(len(content), name)
        with _opened(content, name) as picture:
            _check_scans(content, picture, name)
            _check_tiff(picture, name)
            picture.load()
            return picture
