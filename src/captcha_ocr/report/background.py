"""The report's sections on data, training, environment and intended use."""

from captcha_ocr.artifacts.paths import AUGMENTATION
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.quarantine import Quarantine
from captcha_ocr.artifacts.run_record import PretrainedWeights
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.nested import flatten
from captcha_ocr.base.wording import percent
from captcha_ocr.params.params import TextParams
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.report.document import Block, Chart, Section, Sheet, Table, Text
from captcha_ocr.report.plots import draw_history

PAIR = ("", "")  # the empty head of a table of names and values
# Sections of params.yaml that the report does not show. A test holds that its stage in dvc.yaml depends on all others.
NOT_SHOWN = {"fetch", "register_"}
SHOWN_ASIDE = 100  # most rows of the table of pictures set aside


def _warnings(validation: ValidationReport) -> str:
    """The broken rules of the validation, each with its count and an example if there is one."""
    broken = [
        f"{rule}: {count} (such as {examples[0]})" if (examples := validation.examples.get(rule)) else rule
        for rule, count in validation.rules.items()
        if count
    ]
    return "; ".join(broken) or "none"


def _lengths(text: TextParams) -> str:
    low, high = text.min_length, text.max_length
    return str(low) if low == high else f"{low} to {high}"


def _set_aside(quarantine: Quarantine) -> list[Block]:
    """The pictures that the validation set aside, as a folded table; empty if there are none."""
    if not len(quarantine):
        return []
    rows = [(r.file, r.label, r.rule, r.value, r.remedy) for r in quarantine.head(SHOWN_ASIDE).rows()]
    head = ("picture", "label", "broken rule", "value", "remedy")
    shown = f"the first {len(rows):,} findings; all are" if len(quarantine) > len(rows) else "the findings are"
    return [Table(head, rows, folded=f"Pictures set aside, used for nothing: {shown} in {quarantine.file_name}")]


def data_section(results: PipelineResults) -> Section:
    """Origin, digest, licence and number of the pictures, the warnings of the validation, and what it set aside."""
    source, samples, text = results.provenance, results.record.samples, results.params.text
    rows = [
        ("pictures", f"{source.pictures:,}"),
        ("origin", f"{source.origin} ({source.obtained})"),
        ("content digest (SHA-256)", source.content_digest),
        ("licence", source.licence),
        ("trained on", f"{samples.train:,} pictures"),
        ("chosen and calibrated on", f"{samples.validation:,} pictures (validation)"),
        ("measured on", f"{results.metrics.samples:,} pictures (test), used for neither of these"),
        ("symbols", text.alphabet),
        ("symbols in a label", _lengths(text)),
        ("validation: errors", str(results.validation.errors)),
        ("validation: warnings", _warnings(results.validation)),
        ("validation: set aside", results.quarantine.sentence() if len(results.quarantine) else "none"),
    ]
    return Section("Data", [Table(PAIR, rows), *_set_aside(results.quarantine)])


def _input(size: InputSize) -> str:
    """The form of the network's pictures, in words."""
    fit = {"stretch": "stretched to", "pad": "padded to"}[size.fit]
    lines = {1: "one line", 2: "two lines"}[size.lines]
    return f"{fit} {size.width} × {size.height} pixels, {'grey' if size.channels == 1 else 'RGB'}, {lines} of text"


def _start(weights: PretrainedWeights | None) -> str:
    """The weights that the fit started from, in words."""
    return weights.sentence() if weights else "random weights"


def _moved_back(share: float) -> list[tuple[str, str]]:
    """The row that says how far the weights are from the start; none where they are those of the best epoch."""
    if share == 1:
        return []
    return [("weights", f"{percent(share, 0)} of the way from the start to the best epoch, to keep what was read")]


def training_section(results: PipelineResults, augmentation: bytes) -> Section:
    """The network, the course of its fit, what it was shown (a PNG), and all parameters."""
    record, device = results.record, results.record.device
    rows = [
        ("architecture", f"{record.architecture}, {record.parameters:,} parameters"),
        ("input", _input(record.input_size)),
        ("time steps", str(record.time_steps)),
        ("start", _start(record.pretrained_weights)),
        ("epochs", f"{record.epochs}, best by {record.train.monitor}: {record.best_epoch}"),
        *_moved_back(record.share_of_fit),
        ("fitted in", f"{record.seconds:.0f} s on {device.backend}"),
        ("device", f"{', '.join(device.accelerators) or 'CPU'}, {device.precision}"),
        ("validation", f"CER {record.val_cer:.4f}, exact match {record.val_exact_match:.4f}"),
    ]
    used = results.params.model_dump(by_alias=True, exclude=NOT_SHOWN) | {"train": record.train.model_dump()}
    parameters = [(name, str(value)) for name, value in flatten(used).items()]
    curves = Chart(draw_history(results.history), "history.png", "Loss, validation errors and learning rate by epoch")
    folded = Table(("parameter", "value"), parameters, folded="All parameters, including those from the recipe")
    shown = Sheet(AUGMENTATION.name, augmentation, "Training pictures as they are, and as training changes them")
    return Section("Training", [Table(PAIR, rows), curves, shown, folded])


def environment_section(results: PipelineResults) -> Section:
    """Machine, software and code version of the training."""
    used = results.record.environment
    dirty = " with uncommitted changes" if used.code.git_dirty == "true" else ""
    rows = [
        ("code", f"git commit {used.code.git_commit}{dirty}"),
        ("run", f"MLflow run {results.record.run_id}"),
        ("machine", f"{used.processor}, {used.cores} cores, {used.platform}"),
        ("Python", used.python),
        ("packages", ", ".join(f"{name} {version}" for name, version in used.packages.items())),
    ]
    return Section("Environment", [Table(PAIR, rows)])


def use_section(results: PipelineResults) -> Section:
    """What the model is meant for, and where it must not be trusted."""
    text, samples = results.params.text, results.metrics.samples
    sizes = " or ".join(f"{width} × {height}" for width, height in results.params.validate_.sizes) or "any size"
    texts = [
        f"Meant for reading {_lengths(text)} symbols out of “{text.alphabet}” in pictures like those that it was "
        f"trained on ({sizes} pixels): your own pictures, or those of a system that you may examine.",
        "Not meant for passing other people's access control without their permission. Where an unnoticed misreading "
        "would do harm, people must check every reading below the threshold.",
        "A picture of another kind is read as well, as some text of the known symbols. The confidence was calibrated "
        "on validation pictures of the same source and may be wrong for others.",
        f"All metrics are of {samples:,} test pictures. Their intervals cover chance, but not a change of the "
        "pictures over time.",
    ]
    if results.provenance.is_synthetic:
        texts.append("It was trained and tested on rendered look-alikes: how well it reads real pictures is unknown.")
    return Section("Intended use and limits", [Text(text) for text in texts])
