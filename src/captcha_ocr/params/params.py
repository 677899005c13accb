"""params.yaml, read once into frozen objects that refuse unknown keys."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.yaml_text import read_yaml
from captcha_ocr.params.recipe import TrainSection
from captcha_ocr.params.section import Name, Section, Seed, Share, complaints, printable
from captcha_ocr.params.sweep import SweepParams

Pixels = Annotated[int, Field(ge=1, le=100_000)]


def _short_parts(path: str) -> str:
    if "://" not in path and any(len(part.encode()) > 255 for part in path.split("/")):
        raise ValueError("a part of it has more than 255 bytes, which no file system has")
    return path


PathOrAddress = Annotated[str, Field(max_length=4000), AfterValidator(printable), AfterValidator(_short_parts)]


def _code_points(text: str) -> str:
    return " ".join(f"U+{ord(symbol):04X}" for symbol in text)


def _not_composed(alphabet: str) -> list[str]:
    """The symbols, and pairs of neighbours, that Unicode's form NFC writes otherwise, with how it does."""
    pairs = [*alphabet, *map("".join, pairwise(alphabet))]
    composed = {pair: unicodedata.normalize("NFC", pair) for pair in pairs}
    return [f"{_code_points(a)} is {_code_points(b)} ({b}) there" for a, b in composed.items() if a != b]


class TextParams(Section):
    """What the label of a picture, the text on it, may be."""

    alphabet: Annotated[str, AfterValidator(printable)] = Field(
        min_length=1,
        max_length=20_000,
        description="symbols that labels consist of: the network's classes 1, 2, … (0 is the CTC blank)",
    )
    label_pattern: str = Field(
        max_length=1000, description="regular expression for a file's name without ending; its one group is the label"
    )
    min_length: int = Field(ge=1, le=1000, description="symbols of the shortest label allowed")
    max_length: int = Field(ge=1, le=1000, description="symbols of the longest label allowed")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        repeated = sorted(symbol for symbol, count in Counter(self.alphabet).items() if count > 1)
        if repeated:
            raise ValueError(f"alphabet holds {listed(repeated)} more than once")
        if composed := _not_composed(self.alphabet):
            raise ValueError(
                f"alphabet is not in Unicode's form NFC, as labels are: {listed(composed)}; where a mark is a symbol "
                "of its own, put it first"
            )
        try:
            groups = re.compile(self.label_pattern).groups
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"label_pattern is no regular expression: {error}") from None
        if groups != 1:
            raise ValueError(f"label_pattern must have exactly one group, the label; it has {groups}")
        if self.min_length > self.max_length:
            raise ValueError(f"min_length {self.min_length} is above max_length {self.max_length}")
        return self


class FetchParams(Section):
    """Where the pictures come from, and limits on what is downloaded and unpacked."""

    source: PathOrAddress = Field(
        description="zip, tar, folder, table or address of yours; empty: archive pinned in data.dvc"
    )
    layout: Name = Field(
        description="where the source has its labels: file_names, or another layout of docs/sources.md"
    )
    table: PathOrAddress = Field(
        description="table of the labels, in the source or the project; empty: the only one there"
    )
    picture_column: Name = Field(description="column of the table that names the pictures; empty: found by its name")
    text_column: Name = Field(description="column of the table that holds the labels; empty: found by its name")
    split_column: Name = Field(description="column that names the splits; empty: found by its name, where there is one")
    ignore: tuple[Name, ...] = Field(
        max_length=1000, description="glob patterns of files in the source that are no pictures, as *.py"
    )
    when_unreachable: Literal["synthetic", "fail"] = Field(
        description="if the download fails: synthetic renders captchas instead, fail ends with an error"
    )
    synthetic_count: int = Field(ge=1, le=1_000_000, description="number of captchas rendered instead")
    synthetic_width: int = Field(ge=32, le=2048, description="width of a rendered captcha in pixels")
    synthetic_height: int = Field(ge=16, le=512, description="height of a rendered captcha in pixels")
    seed: Seed = Field(description="random seed of the rendered captchas")
    attempts: int = Field(ge=1, le=20, description="most attempts to download the archive")
    timeout_seconds: float = Field(
        gt=0, le=3600, description="seconds of silence from the server after which an attempt has failed"
    )
    max_download_seconds: float = Field(
        gt=0, le=604_800, description="seconds after which a download is given up, with all its attempts"
    )
    max_download_mb: float = Field(gt=0, le=10_000_000, description="largest download, in megabytes (1,000,000 bytes)")
    max_unpacked_mb: float = Field(
        gt=0, le=10_000_000, description="largest size of all pictures together, unpacked, in megabytes"
    )
    max_pictures: int = Field(ge=1, le=100_000_000, description="most pictures in an archive or folder")
    max_ratio: float = Field(
        ge=1, le=1_000_000, description="most bytes unpacked for each byte packed; a zip bomb has more"
    )


class ValidateParams(Section):
    """What the pictures and their labels must satisfy before they are used."""

    sizes: tuple[tuple[Pixels, Pixels], ...] = Field(
        max_length=1000, description="allowed sizes, [width, height] in pixels; empty: any"
    )
    modes: tuple[Name, ...] = Field(
        max_length=100, description="allowed colour modes by their names in Pillow; empty: any"
    )
    min_contrast: float = Field(
        ge=0,
        le=255,
        description="fewest grey levels between darkest and brightest spot, each against its surroundings",
    )
    near_duplicate_bits: int = Field(
        ge=0,
        le=1024,
        description="warn of two pictures if at most so many of their 256 perceptual-hash bits differ",
    )
    min_symbol_count: int = Field(
        ge=0, le=100_000_000, description="warn of a symbol that occurs less often than this in all labels"
    )
    min_rows: int = Field(ge=1, le=100_000_000, description="fewest pictures allowed")
    max_rows: int = Field(ge=1, le=100_000_000, description="most pictures allowed")
    on_bad_picture: Literal["stop", "quarantine"] = Field(
        description="if a picture breaks a rule: stop, or quarantine: leave it out, list it in reports/"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_rows > self.max_rows:
            raise ValueError(f"min_rows {self.min_rows} is above max_rows {self.max_rows}")
        return self


class SplitParams(Section):
    """Which share of the pictures validates and tests the network, where the source gives no split; the rest trains."""

    validation: Share = Field(description="share of the pictures on which each epoch is judged; 0.1: a tenth")
    test: Share = Field(description="share of the pictures on which the finished model is judged; 0.1: a tenth")
    seed: Seed = Field(description="seed of the hash; another seed gives another split")

    @model_validator(mode="after")
    def _train_remains(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError(f"validation {self.validation} and test {self.test} leave nothing to train on")
        return self


class EvaluateParams(Section):
    """What is shown of the readings of the test pictures."""

    worst: int = Field(ge=1, le=1000, description="pictures in reports/worst.png, the worst readings first")


class ExportParams(Section):
    """How the network is exported to ONNX, and how close the files must come to it."""

    max_abs_diff: float = Field(
        gt=0, le=1, description="largest difference of a probability between Keras and ONNX Runtime, from 0 to 1"
    )
    int8_max_loss: float = Field(
        ge=0, le=100, description="percentage points of exact match that 8 bits may cost on validation pictures"
    )
    calibration_pictures: int = Field(
        ge=1,
        le=1_000_000,
        description="training pictures from which the value ranges of 8-bit activations are measured",
    )


class RegisterParams(Section):
    """Names in MLflow, and what an exported model must reach on the test pictures to become champion."""

    model_name: str = Field(
        max_length=200, pattern=r"^\w[\w.-]*$", description="name of the model in MLflow's registry"
    )
    experiment: Name = Field(min_length=1, max_length=200, description="MLflow experiment that holds the runs")
    min_exact_match: Share = Field(description="least exact match: share of pictures whose whole text is read right")
    max_cer: Share = Field(
        description="highest character error rate: wrong, missing and extra symbols per label symbol"
    )
    max_ece: Share = Field(
        description="highest expected calibration error: mean gap between confidence and exact match"
    )
    max_milliseconds: float = Field(
        gt=0, le=1_000_000, description="longest median time for one picture on one thread, in milliseconds"
    )
    max_kilobytes: float = Field(gt=0, le=10_000_000, description="largest ONNX file, in kilobytes (1,000 bytes)")
    allow_synthetic: bool = Field(description="whether a model trained on rendered captchas may become champion")
    against_champion: Literal["better", "not_worse"] = Field(
        description="the 95 % interval of the gain in exact match over the champion must lie above 0 (better) "
        "or -margin (not_worse)"
    )
    margin: Share = Field(description="loss of exact match that not_worse accepts; 0.05: 5 percentage points")
    signing: Literal["none", "key", "identity"] = Field(
        description="what signs each registered file: none, a key (CAPTCHA_OCR_SIGNING_KEY names its file), or an "
        "identity of sigstore"
    )
    trusted_key: str | None = Field(
        description="PEM file of the public key that must have signed what is taken from the registry; null: none must"
    )
    trusted_identity: str | None = Field(
        description="instead of a key, an identity of sigstore, such as a workflow's address; null: none"
    )
    trusted_issuer: str = Field(min_length=1, description="who vouches for trusted_identity")


class Params(Section):
    """All of params.yaml: a section for each stage, `text`, which several share, and `sweep`.

    `model_dump`, which is recorded with each model, leaves out `sweep`: a model does not depend on it.
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
    if not path.exists():
        raise CaptchaOcrError(f"{path} does not exist: run from the project's root, or pass --params")
    try:
        return Params.model_validate(read_yaml(path))
    except ValidationError as error:
        raise CaptchaOcrError(f"{path} has wrong values; correct them:\n{complaints(error, Params)}") from None
