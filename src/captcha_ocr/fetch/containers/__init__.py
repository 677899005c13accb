"""What holds the files of a source: a folder, a zip, tars, or a table's folder. Each is opened as `Files`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.containers.folder import FolderFiles, folder_files, open_folder
from captcha_ocr.fetch.containers.shards import open_shards, shards_among
from captcha_ocr.fetch.containers.tar import TAR_ENDINGS, open_tar
from captcha_ocr.fetch.containers.zip import open_zip
from captcha_ocr.fetch.table_source import LIST_ENDINGS, names_beside
from captcha_ocr.params.params import FetchParams

STORE_ENDINGS = (".mdb", ".parquet")  # a file that holds pictures without being an archive of files


@contextmanager
def open_source(source: Path, params: FetchParams) -> Iterator[Files]:
    """Opens a folder, an archive, a Parquet or LMDB file, or a table and the pictures beside it, until the block ends.

    A folder of nothing but tars holds the files in them.

    Raises CaptchaOcrError for a damaged or encrypted archive, a link, an unsafe or repeated name, and where a limit of
    `params` is exceeded.
    """
    if source.is_dir():
        folder = open_folder(source, params)
        if shards := shards_among(folder.names):
            with open_shards(source, shards, params) as files:
                yield files
        else:
            yield folder
    elif source.suffix.lower() in STORE_ENDINGS and source.is_file():
        yield FolderFiles(str(source), [source.name], source.parent)
    elif source.name.lower().endswith(TAR_ENDINGS):
        with open_tar(source, params) as files:
            yield files
    elif source.is_file() and source.name.lower().endswith(LIST_ENDINGS):
        yield folder_files(source.parent, names_beside(source), params)
    elif source.is_file():
        with open_zip(source, params) as files:
            yield files
    else:
        raise CaptchaOcrError(f"{source} does not exist: name a folder, a zip, a tar or a table")
