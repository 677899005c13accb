"""data/source.json: the state of the source of the pictures when the stage `locate` last ran."""

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.base.errors import CaptchaOcrError


class SourceState(JsonFile):
    """What `fetch` reads.

    place: a file, a folder or an address. state: a fingerprint of it. pin: the hex SHA-256 of data.dvc, which DVC does
    not take for a dependency.
    """

    file_name, written_by = "source.json", "locate"

    place: str
    state: str
    pin: str = ""

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        # DVC keeps this output between runs, so a forced run of the stage would read the same file again.
        return CaptchaOcrError(f"{name} is not as this version writes it ({why}): delete it, and run `dvc repro`")
