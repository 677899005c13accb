"""expect/params.yaml: which numbers of labels are fitted, and how often."""

from pathlib import Path

from pydantic import Field, ValidationError

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.yaml_text import read_yaml
from captcha_ocr.expect.draws import MOST_DRAWS
from captcha_ocr.params.section import Section, Seed, complaints


class Plan(Section):
    """The plan of `make expect`."""

    first: int = Field(ge=4, le=1_000_000, description="labels of the first fits; each next size has twice as many")
    draws: int = Field(ge=2, le=MOST_DRAWS, description="how often each size is drawn and fitted")
    seed: Seed = Field(description="seed of the draws and of the fits")


def read_plan(path: Path) -> Plan:
    """The checked plan; raises CaptchaOcrError naming each wrong key, its value and the rule."""
    try:
        return Plan.model_validate(read_yaml(path))
    except ValidationError as error:
        raise CaptchaOcrError(f"{path} has wrong values; correct them:\n{complaints(error, Plan)}") from None
