"""models/run.json: how the network was fitted, and what is needed to use it: alphabet, input size, temperature."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.base.code_version import CodeVersion
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.pictures.input_size import InputSize

SHIPPED = "the weights that ship with captcha-ocr"


class Device(Part):
    """What the fit ran on. It is recorded because metrics may differ between devices."""

    backend: str
    accelerators: tuple[str, ...]
    precision: str
    jit_compile: bool

    def tags(self) -> dict[str, str]:
        """The fields as tags of an MLflow run."""
        return {
            "backend": self.backend,
            "device": ", ".join(self.accelerators) or "cpu",
            "precision": self.precision,
            "jit_compile": str(self.jit_compile).lower(),
        }


class PretrainedWeights(Part):
    """What the fit started from, and what was copied of it.

    variables: how many. resized: names of those that were resized to the network's input size. symbols: those of the
    alphabet that the pretrained network had learnt; new_symbols: the others. source: the shipped weights, or what
    train.pretrained names, with its SHA-256.
    """

    variables: int
    resized: tuple[str, ...]
    symbols: str
    new_symbols: str = ""
    source: str = SHIPPED
    sha256: str | None = None

    def sentence(self) -> str:
        """Where the weights are from and what was changed, for people."""
        digest = f" (SHA-256 {self.sha256[:12]}…)" if self.sha256 else ""
        changed = f"; resized to this network's input: {', '.join(self.resized)}" if self.resized else ""
        new = f"; new symbols: {self.new_symbols}" if self.new_symbols else ""
        return f"{self.source}{digest}: {self.variables} variables, symbols {self.symbols or 'none'}{changed}{new}"


class SplitSizes(Part):
    """Numbers of pictures."""

    train: int
    validation: int


class Environment(Part):
    """The machine and the software of a fit, without the names of host and user."""

    python: str
    platform: str
    processor: str
    cores: int | None = None
    packages: dict[str, str]
    code: CodeVersion


class FitRecord(JsonFile):
    """How one network was fitted.

    time_steps: of the network's output. parameters: the network's number of weights. seconds: how long the fit took.
    val_cer, val_exact_match: of the network on the validation split, as shares of 1. pretrained_weights: None where
    the fit started from random weights. share_of_fit: how far the weights lie on the way from those of the start to
    those of `best_epoch`; below 1 only where train.pretrained names a network. temperature: divides the logits, so that
    confidences are calibrated. confidence_threshold: the lowest confidence at and above which 99.9 % of the validation
    readings are exact; None where no threshold reaches that.
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
    share_of_fit: float = 1.0
    seconds: float
    device: Device
    pretrained_weights: PretrainedWeights | None = None
    samples: SplitSizes
    temperature: float
    confidence_threshold: float | None = None


class RunRecord(FitRecord):
    """The fit of a pipeline run.

    run_id: of the MLflow run. data_digest: the content digest of the pictures (`Provenance`). network_sha256: of
    models/model.keras.
    """

    run_id: str
    data_digest: str
    network_sha256: str
    environment: Environment
