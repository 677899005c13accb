"""data/source.json: what lay at the source when `locate` last looked."""

from captcha_ocr.artifacts.formats.json_file import JsonFile


class SourceState(JsonFile):
    """`place` is what `fetch` will read; `state` is a fingerprint of the sizes and times found there."""

    file_name, written_by = "source.json", "locate"

    place: str
    state: str
