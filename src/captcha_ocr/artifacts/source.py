"""data/source.json: what lay at the source when `locate` last looked."""

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.base.errors import CaptchaOcrError


class SourceState(JsonFile):
    """`place` is what `fetch` will read; `state` is a fingerprint of the sizes and times found there."""

    file_name, written_by = "source.json", "locate"

    place: str
    state: str

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        # Unlike other outputs it is kept from run to run: a forced one would read it again.
        return CaptchaOcrError(f"{name} is not as this version writes it ({why}): delete it, and run `dvc repro`")
