"""models/run.json: how a network was fitted, and all that readers of the network need beside it."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.base.code_version import CodeVersion
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.pictures.input_size import InputSize


class Device(Part):
    """What the fit ran on: metrics of different devices are not to be compared blindly."""

    backend: str
    accelerators: tuple[str, ...]
    precision: str
    jit_compile: bool

    def tags(self) -> dict[str, str]:
        """As tags of a run."""
        return {
            "backend": self.backend,
            "device": ", ".join(self.accelerators) or "cpu",
            "precision": self.precision,
            "jit_compile": str(self.jit_compile).lower(),
        }


class PretrainedWeights(Part):
    """What a network took over: how many variables, those resized to its input, and symbols that it reads already."""

    variables: int
    resized: tuple[str, ...]
    symbols: str


class SplitSizes(Part):
    """Pictures that were trained on and validated on."""

    train: int
    validation: int


class Environment(Part):
    """Machine and software; it names no host and no user."""

    python: str
    platform: str
    processor: str
    cores: int | None = None
    packages: dict[str, str]
    code: CodeVersion


class FitRecord(JsonFile):
    """What a fit knows of itself.

    time_steps: of the network's output. parameters: of the network. seconds: of fitting. temperature: divides the
    logits, so that confidences are calibrated. confidence_threshold: from which on 99.9 % of the validation readings
    are exact; None where even the surest is misread. pretrained_weights: None after a start from random ones.
    """

    file_name, written_by = "run.json", "train"

    alphabet: str
    architecture: str
    train: TrainParams
    input_size: InputSize
    time_steps: int
    parameters: int
    best_epoch: int
    epochs: int
    val_cer: float
    val_exact_match: float
    seconds: float
    device: Device
    pretrained_weights: PretrainedWeights | None = None
    samples: SplitSizes
    temperature: float
    confidence_threshold: float | None = None


class RunRecord(FitRecord):
    """The fit of a pipeline run: with the MLflow run, the digest of the pictures, and the environment."""

    run_id: str
    data_digest: str
    environment: Environment
