"""Adopts a source: decides all values of params.yaml that depend on the pictures, and keeps the user's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from captcha_ocr.adopt.conflicts import conflicts
from captcha_ocr.adopt.contents import Contents, read_contents
from captcha_ocr.adopt.decision import Decision, Doubt, merged
from captcha_ocr.adopt.input_size import Recipe, decide_input, doubt_channels, doubt_lines, sized
from captcha_ocr.adopt.labels import decide_text
from captcha_ocr.adopt.place import locate_source
from captcha_ocr.adopt.record import RECORD, SHIPPED, read_record, set_by_user, write_record
from captcha_ocr.adopt.rewriting import values_in, with_values
from captcha_ocr.adopt.rules import decide_contrast, decide_forms, decide_limits, decide_rows
from captcha_ocr.adopt.split_seed import decide_seed
from captcha_ocr.artifacts.lineage import source_name
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_bytes
from captcha_ocr.base.root import project_root
from captcha_ocr.ctc.time_steps import time_steps_needed
from captcha_ocr.network.architectures import complete_train_params, time_steps
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.params.recipe import TrainParams

INPUT = ("width", "height", "channels", "fit", "lines")  # keys of train


@dataclass(frozen=True)
class Adoption:
    """What was decided for a source.

    before, after: the text of params.yaml. changes: old and new value by key. kept: values of the user's that differ
    from what ships. contents: None for the archive pinned in data.dvc, which the shipped values describe.
    """

    source: str
    before: str
    after: str
    changes: Mapping[str, tuple[Any, Any]]
    kept: Mapping[str, Any]
    doubts: tuple[Doubt, ...]
    contents: Contents | None


def _decide_input(contents: Contents, own: TrainParams, lines: int) -> Decision:
    """`own` are the parameters of the architecture with nothing decided of the input."""

    @cache
    def steps_of(width: int, height: int) -> int:
        return time_steps(own.model_copy(update={"width": width, "height": height}))

    pictures = sized(contents.forms, contents.labels, lines)
    if not pictures:
        raise CaptchaOcrError("no picture with a label can be decoded: is the source sound?")
    recipe = Recipe(own.width, own.height, own.width / steps_of(own.width, own.height))
    return decide_input(pictures, recipe, lines, steps_of)


def _doubt_layout(contents: Contents) -> list[Doubt]:
    doubts = [
        Doubt("fetch.ignore", f"{count} files {pattern} are left out: no pictures")
        for pattern, count in contents.ignored.items()
    ]
    if contents.pattern and contents.pattern.doubt:
        doubts.append(Doubt("text.label_pattern", contents.pattern.doubt))
    return doubts


def _decided(contents: Contents, params: Params, kept: Mapping[str, Any], source: str) -> Decision:
    """All values for a source, and doubts about those that the user has not set."""
    looks, count = list(contents.looks.values()), len(contents.entries)
    unset = params.train.model_copy(update=dict.fromkeys(INPUT))
    layout = {
        "fetch.source": source,
        "fetch.layout": contents.layout,
        "fetch.ignore": list(contents.ignored),
        "text.label_pattern": contents.pattern.pattern if contents.pattern else SHIPPED["text.label_pattern"],
        "register.model_name": source_name(source),
        "register.experiment": source_name(source),
    }
    shape = (*doubt_lines(contents.forms, contents.labels), *doubt_channels(looks))
    found = merged(
        [
            Decision(SHIPPED),
            Decision(layout, tuple(_doubt_layout(contents))),
            decide_text(contents.labels, contents.entries),
            decide_limits(count, contents.bytes),
            decide_rows(count),
            decide_forms(contents.forms.values()),
            decide_contrast(looks),
            decide_seed(contents.entries, contents.looks, params.split, kept.get("split.seed")),
            _decide_input(contents, complete_train_params(unset), kept.get("train.lines") or 1),
            Decision(doubts=shape),
        ]
    )
    return Decision(found.values, tuple(doubt for doubt in found.doubts if doubt.key not in kept))


def _doubt_steps(params: Params, contents: Contents) -> list[Doubt]:
    """Whether the network that the new parameters describe has too few time steps for a label."""
    steps = time_steps(complete_train_params(params.train))
    needed = max(map(time_steps_needed, contents.labels.values()))
    if needed <= steps:
        return []
    return [Doubt("train.width", f"the longest label needs {needed} time steps, and the network has {steps}: raise it")]


def _checked(text: str) -> Params:
    """The parameters of the text of a params.yaml; raises CaptchaOcrError as `load_params` does."""
    with TemporaryDirectory() as folder:
        draft = Path(folder) / "params.yaml"
        draft.write_bytes(text.encode())
        return load_params(draft)


def _is_pinned(source: str, pinned: Path) -> bool:
    return (project_root() / source).resolve() == (project_root() / pinned).resolve()


def adopt(source: str, file: Path, pinned: Path, dry_run: bool) -> Adoption:
    """Writes the parameters for `source` into `file`, a params.yaml, unless `dry_run`; returns what was decided.

    `pinned` is the archive of data.dvc, for which the shipped parameters are restored. The file is replaced at once, or
    not at all. Raises CaptchaOcrError for a source that cannot be read, and for parameters that are wrong already.
    """
    params, before = load_params(file), file.read_bytes().decode()
    present, record = values_in(before), read_record(file.with_name(RECORD.name))
    kept = {key: value for key, value in set_by_user(present, record).items() if key != "fetch.source"}
    contents, decision = None, Decision(SHIPPED)
    if not _is_pinned(source, pinned):
        place, limit = locate_source(source, params.fetch, kept)
        contents = read_contents(place, params, kept)
        decision = merged([_decided(contents, params, kept, source), limit])
    values = {**decision.values, **kept}
    after = with_values(before, values)
    doubts = list(decision.doubts)
    if contents:
        doubts += conflicts(kept, decision.values, contents) + _doubt_steps(_checked(after), contents)
    if not dry_run:
        write_record(file.with_name(RECORD.name), record, decision.values)
        write_bytes(file, after.encode(), durable=True)
    changes = {key: (present[key], value) for key, value in values.items() if present[key] != value}
    return Adoption(source, before, after, changes, kept, tuple(doubts), contents)
