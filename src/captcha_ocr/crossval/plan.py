"""crossval/params.yaml: which seeds and folds are fitted."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.yaml_text import read_yaml
from captcha_ocr.params.section import Section, Share, complaints

Number = Annotated[int, Field(strict=True, ge=0, le=2**32 - 1)]


class Plan(Section):
    """The plan of a cross-validation. DVC puts seeds and folds into commands, so they are numbers and nothing else."""

    seeds: tuple[Number, ...] = Field(min_length=1, max_length=1000, description="seeds of assignments to folds")
    folds: tuple[Number, ...] = Field(min_length=2, max_length=1000, description="folds, 0, 1, 2, …")
    validation: Share = Field(description="share of the pictures not held out, used to choose the best epoch")


def read_plan(path: Path) -> Plan:
    """The checked plan; raises CaptchaOcrError naming each wrong key, its value and the rule."""
    try:
        return Plan.model_validate(read_yaml(path))
    except ValidationError as error:
        raise CaptchaOcrError(f"{path} has wrong values; correct them:\n{complaints(error, Plan)}") from None
