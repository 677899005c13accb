"""params.yaml, read once into frozen objects that refuse unknown keys."""

import re
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.recipe import TrainSection
from captcha_ocr.params.section import Section, Share, complaints
from captcha_ocr.params.sweep import SweepParams


class TextParams(Section):
    """What a label may be."""

    alphabet: str = Field(min_length=1)
    label_pattern: str
    min_length: int = Field(ge=1)
    max_length: int = Field(ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        repeated = sorted({symbol for symbol in self.alphabet if self.alphabet.count(symbol) > 1})
        if repeated:
            raise ValueError(f"alphabet holds {', '.join(repeated)} more than once")
        try:
            groups = re.compile(self.label_pattern).groups
        except re.error as error:
            raise ValueError(f"label_pattern is no regular expression: {error}") from None
        if groups != 1:
            raise ValueError(f"label_pattern must have exactly one group, the label; it has {groups}")
        if self.min_length > self.max_length:
            raise ValueError(f"min_length {self.min_length} is above max_length {self.max_length}")
        return self


class FetchParams(Section):
    """Where the pictures come from, and what an archive may cost."""

    source: str
    when_unreachable: Literal["synthetic", "fail"]
    synthetic_count: int = Field(ge=1)
    synthetic_width: int = Field(ge=32, le=2048)
    synthetic_height: int = Field(ge=16, le=512)
    seed: int = Field(ge=0)
    attempts: int = Field(ge=1, le=20)
    timeout_seconds: float = Field(gt=0)
    max_download_mb: float = Field(gt=0)
    max_unpacked_mb: float = Field(gt=0)
    max_pictures: int = Field(ge=1)
    max_ratio: float = Field(ge=1)


class ValidateParams(Section):
    """What the manifest must satisfy."""

    sizes: tuple[tuple[int, int], ...]
    modes: tuple[str, ...]
    min_contrast: float = Field(ge=0)
    near_duplicate_bits: int = Field(ge=0, le=1024)
    min_symbol_count: int = Field(ge=0)
    min_rows: int = Field(ge=1)
    max_rows: int = Field(ge=1)


class SplitParams(Section):
    """Shares of validation and test (the rest trains), and the seed of the hash."""

    validation: Share
    test: Share
    seed: int = Field(ge=0)

    @model_validator(mode="after")
    def _train_remains(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError(f"validation {self.validation} and test {self.test} leave nothing to train on")
        return self


class EvaluateParams(Section):
    """How many of the worst readings are drawn."""

    worst: int = Field(ge=1)


class ExportParams(Section):
    """How far the exported file may lie from Keras, and the 8-bit one from the exported."""

    max_abs_diff: float = Field(gt=0)
    int8_max_loss: float = Field(ge=0, le=100)
    calibration_pictures: int = Field(ge=1)


class RegisterParams(Section):
    """The name in the registry, and what a model must show to become champion."""

    model_name: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    experiment: str = Field(min_length=1)
    min_exact_match: Share
    max_cer: Share
    max_ece: Share
    max_milliseconds: float = Field(gt=0)
    max_kilobytes: float = Field(gt=0)
    allow_synthetic: bool
    against_champion: Literal["better", "not_worse"]
    margin: Share


class Params(Section):
    """All of params.yaml: one section a stage, `text`, which several share, and `sweep`.

    What is noted of a model leaves `sweep` out, which has no part in it.
    """

    text: TextParams
    fetch: FetchParams
    validate_: ValidateParams = Field(alias="validate")
    split: SplitParams
    train: TrainSection
    evaluate: EvaluateParams
    export: ExportParams
    register_: RegisterParams = Field(alias="register")
    sweep: SweepParams = Field(exclude=True)


def load_params(path: Path) -> Params:
    """The checked parameters of a file; raises CaptchaOcrError naming each wrong key, its value and the rule."""
    try:
        return Params.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CaptchaOcrError(f"{path} does not exist: run from the project's root, or pass --params") from None
    except yaml.YAMLError as error:
        raise CaptchaOcrError(f"{path} is not YAML: {error}") from None
    except ValidationError as error:
        raise CaptchaOcrError(f"{path} has wrong values; correct them:\n{complaints(error)}") from None
