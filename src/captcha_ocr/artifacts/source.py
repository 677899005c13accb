"""data/source.json: the state of the source of the pictures when the stage `locate` last ran."""

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.base.errors import CaptchaOcrError


class SourceState(JsonFile):
    """`place` is what `fetch` reads: a file, a folder or an address. `state` is a fingerprint of it."""

    file_name, written_by = "source.json", "locate"

    place: str
    state: str

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        # DVC keeps this output between runs, so a forced run of the stage would read the same file again.
        return CaptchaOcrError(f"{name} is not as this version writes it ({why}): delete it, and run `dvc repro`")
