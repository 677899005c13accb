"""What holds the files of a source: a folder, a zip or a tar. Each is opened as `Files`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.containers.folder import open_folder
from captcha_ocr.fetch.containers.tar import TAR_ENDINGS, open_tar
from captcha_ocr.fetch.containers.zip import open_zip
from captcha_ocr.params.params import FetchParams


@contextmanager
def open_source(source: Path, params: FetchParams) -> Iterator[Files]:
    """Opens a folder, a zip or a tar, whose files can be read until the block ends.

    Raises CaptchaOcrError for a damaged or encrypted archive, a link, an unsafe or repeated name, and where a limit of
    `params` is exceeded.
    """
    if source.is_dir():
        yield open_folder(source, params)
    elif source.name.lower().endswith(TAR_ENDINGS):
        with open_tar(source, params) as files:
            yield files
    elif source.is_file():
        with open_zip(source, params) as files:
            yield files
    else:
        raise CaptchaOcrError(f"{source} does not exist: name a folder, a zip or a tar")
