"""The sections on what a model was made from, how, and what for."""

from typing import Any

from captcha_ocr.artifacts.provenance import SYNTHETIC
from captcha_ocr.base.nested import flatten
from captcha_ocr.report.document import Chart, Section, Table, Text
from captcha_ocr.report.facts import Facts
from captcha_ocr.report.plots import draw_history

PAIR = ("", "")
# Those that the figures depend on, as the stage `report` lists them in dvc.yaml.
SHOWN = {"text", "validate_", "split", "evaluate", "export"}


def _warnings(validation: dict[str, Any]) -> str:
    """What was found, by rule, with the examples that the checks kept."""
    found = [
        f"{rule}: {count} (such as {validation['examples'][rule][0]})" if validation["examples"].get(rule) else rule
        for rule, count in validation["rules"].items()
        if count
    ]
    return "; ".join(found) or "none"


def _lengths(facts: Facts) -> str:
    low, high = facts.params.text.min_length, facts.params.text.max_length
    return str(low) if low == high else f"{low} to {high}"


def data(facts: Facts) -> Section:
    """Origin, digest, licence, counts and what validation warned of."""
    source, samples = facts.provenance, facts.record["samples"]
    text = facts.params.text
    rows = [
        ("pictures", f"{source['pictures']:,}"),
        ("origin", f"{source['origin']} ({source['obtained']})"),
        ("content digest (SHA-256)", source["content_digest"]),
        ("licence", source["licence"]),
        ("trained on", f"{samples['train']:,} pictures"),
        ("chosen and calibrated on", f"{samples['validation']:,} pictures (validation)"),
        ("measured on", f"{facts.metrics['samples']:,} pictures (test), which took no part in that"),
        ("symbols", text.alphabet),
        ("symbols a label", _lengths(facts)),
        ("validation: errors", str(facts.validation["errors"])),
        ("validation: warnings", _warnings(facts.validation)),
    ]
    return Section("Data", [Table(PAIR, rows)])


def _start(record: dict[str, Any]) -> str:
    copied = record["initial_weights"]
    if copied is None:
        return "random weights"
    return f"weights learnt on rendered captchas ({copied['variables']} variables, symbols {copied['symbols']})"


def training(facts: Facts) -> Section:
    """What was fitted and how it went, with all parameters."""
    record, device = facts.record, facts.record["device"]
    size = record["image"]
    rows = [
        ("architecture", f"{record['architecture']}, {record['parameters']:,} parameters"),
        ("input", f"{size['width']} × {size['height']} pixels, {'grey' if size['channels'] == 1 else 'RGB'}"),
        ("time steps", str(record["time_steps"])),
        ("start", _start(record)),
        ("epochs", f"{record['epochs']}, best by {record['train']['monitor']}: {record['best_epoch']}"),
        ("fitted in", f"{record['seconds']:.0f} s on {device['backend']}"),
        ("device", f"{', '.join(device['accelerators']) or 'CPU'}, {device['precision']}"),
        ("validation at the best epoch", f"CER {record['val_cer']:.4f}, exact match {record['val_exact_match']:.4f}"),
    ]
    used = facts.params.model_dump(by_alias=True, include=SHOWN) | {"train": record["train"]}
    parameters = [(name, str(value)) for name, value in flatten(used).items()]
    curves = Chart(draw_history(facts.history), "history.png", "Loss, validation errors and learning rate by epoch")
    folded = Table(("parameter", "value"), parameters, folded="All parameters, with what the recipe filled in")
    return Section("Training", [Table(PAIR, rows), curves, folded])


def environment(facts: Facts) -> Section:
    """Machine, software and code of the training."""
    used = facts.record["environment"]
    code = used["code"]
    dirty = " with uncommitted changes" if code["git_dirty"] == "true" else ""
    rows = [
        ("code", f"git commit {code['git_commit']}{dirty}"),
        ("run", f"MLflow run {facts.record['run_id']}"),
        ("machine", f"{used['processor']}, {used['cores']} cores, {used['platform']}"),
        ("Python", used["python"]),
        ("packages", ", ".join(f"{name} {version}" for name, version in used["packages"].items())),
    ]
    return Section("Environment", [Table(PAIR, rows)])


def use(facts: Facts) -> Section:
    """What the model is for, and where it must not be trusted."""
    text, checks, samples = facts.params.text, facts.params.validate_, facts.metrics["samples"]
    sizes = " or ".join(f"{width} × {height}" for width, height in checks.sizes) or "any size"
    texts = [
        f"Meant for reading {_lengths(facts)} symbols out of “{text.alphabet}” in pictures like those that it was "
        f"trained on ({sizes} pixels): pictures of one's own, or of a system that one may examine.",
        "Not meant for passing the access control of others without their leave, nor for decisions in which an "
        "unnoticed misreading harms somebody: there a person reads whatever lies below the threshold.",
        "A picture of another kind is read all the same, as some text of the known symbols. The confidence was "
        "calibrated on validation pictures of the same source, and need not hold for others.",
        f"All figures are of {samples:,} test pictures. Their intervals say what chance alone may do; they do not "
        "cover a change of the pictures over time.",
    ]
    if facts.provenance["origin"] == SYNTHETIC:
        texts.append("It was trained and tested on rendered look-alikes: what it reads of real pictures is unknown.")
    return Section("Intended use and limits", [Text(text) for text in texts])
