"""A parameter is described once, beside its field. What users read elsewhere repeats that, word for word."""

import re
import runpy

from captcha_ocr.params.params import Params
from captcha_ocr.params.section import Section, as_section, description, keys_of
from tests.modules import ROOT

TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")


def descriptions(section: type[Section] = Params, prefix: str = "") -> dict[str, str]:
    """By the dotted names of sections and keys."""
    found = {}
    for key, field in keys_of(section).items():
        found[prefix + key] = description(field)
        if inner := as_section(field):
            found |= descriptions(inner, f"{prefix}{key}.")
    return found


def comments() -> dict[str, str]:
    """What params.yaml says behind each section and key, or on the line above."""
    found, section, above = {}, "", ""
    for line in TEXT.splitlines():
        comment = match[1] if (match := re.search(r"(?:^|\s)# (.*)", line)) else ""
        if key := re.match(r"(  )?(\w+):", line):
            section = section if key[1] else key[2]
            found[f"{section}.{key[2]}" if key[1] else section] = comment or above
        above = comment
    return found


def test_params_yaml_has_each_description_as_comment() -> None:
    found = comments()
    assert list(found) == list(descriptions())
    wrong = [f"{name}: # {text}" for name, text in descriptions().items() if found[name] != text]
    assert not wrong, "\n".join(["params.yaml should have:", *wrong])


def test_params_yaml_has_no_other_comments() -> None:
    below_the_head = TEXT.partition("\n\n")[2]
    assert set(re.findall(r"(?m)(?:^|\s)# (.*)$", below_the_head)) <= set(descriptions().values())


def test_the_reference_in_the_docs_is_current() -> None:
    reference = runpy.run_path(str(ROOT / "docs" / "parameters.py"))["reference"]
    written = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert written == reference(), "run `python docs/parameters.py > docs/parameters.md`"
