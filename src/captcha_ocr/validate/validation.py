"""Checks a manifest against all rules, and reports counts, examples and one error that names every broken rule."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

# Set before Great Expectations is imported, so that it sends no usage statistics.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.core.validation_definition import ValidationDefinition
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.quarantine import Quarantine
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import TextParams, ValidateParams
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.checks import ERROR, Rule, checked_columns, picture_rules, symbol_counts, symbol_rules
from captcha_ocr.validate.data_docs import new_site, write_data_docs

DOCS = ("expectations", "validations")  # folders that Great Expectations writes into Data Docs, a page for each run
EXAMPLES = 10  # items quoted for each broken rule


@dataclass(frozen=True)
class Finding:
    """The result of one rule: how many items break it, and the name of each with the value that is wrong.

    An item without such a value has an empty one.
    """

    rule: Rule
    unexpected: int
    items: list[tuple[str, str]]

    @property
    def is_error(self) -> bool:
        return self.unexpected > 0 and self.rule.severity == ERROR

    @property
    def examples(self) -> list[str]:
        """The first items as `name (value)`."""
        return [f"{name} ({value})" if value else name for name, value in self.items[:EXAMPLES]]

    def __str__(self) -> str:
        shown = listed(self.examples, EXAMPLES)
        return f"{self.rule.name}: {self.unexpected} wrong: {shown}. Remedy: {self.rule.remedy}"


@dataclass(frozen=True)
class Findings:
    """The results of all rules for one manifest of `rows` pictures."""

    rows: int
    findings: list[Finding]

    def report(self, quarantined: int = 0) -> ValidationReport:
        """The content of validation.json; `quarantined` pictures were set aside before."""
        broken = [f for f in self.findings if f.unexpected]
        return ValidationReport(
            rows=self.rows,
            errors=sum(f.unexpected for f in broken if f.is_error),
            warnings=sum(f.unexpected for f in broken if not f.is_error),
            rules={f.rule.name: f.unexpected for f in self.findings},
            examples={f.rule.name: f.examples for f in broken},
            quarantined=quarantined,
        )

    def bad_pictures(self, manifest: Manifest) -> Quarantine:
        """Every picture of the manifest that breaks a rule of severity ERROR, once for each such rule."""
        labels = dict(zip(manifest.file, manifest.label.fillna(""), strict=True))
        return Quarantine.from_rows(
            {"file": name, "label": labels[name], "rule": f.rule.name, "value": value, "remedy": f.rule.remedy}
            for f in self.findings
            if f.is_error and not f.rule.of_set
            for name, value in f.items
        )

    def raise_errors(self) -> None:
        """Raises CaptchaOcrError if a rule of severity ERROR is broken, naming each with its items and its remedy."""
        errors = [finding for finding in self.findings if finding.is_error]
        if not errors:
            return
        lines = ["the pictures do not pass validation:", *map(str, errors)]
        if not all(finding.rule.of_set for finding in errors):
            lines.append(
                "To leave these pictures out and list them in reports/quarantine.csv, set validate.on_bad_picture to "
                "quarantine in params.yaml."
            )
        raise CaptchaOcrError("\n".join(lines))


def _items(result: dict[str, Any], frame: pd.DataFrame, name_column: str, shown: str) -> list[tuple[str, str]]:
    """Name and value of the rows that break a rule, from its Great Expectations result."""
    names = [str(row[name_column]) for row in result.get("unexpected_index_list", [])]
    if shown in ("", name_column):
        return [(name, "") for name in names]
    values = frame.drop_duplicates(name_column).set_index(name_column)[shown]
    return [(name, str(value)) for name, value in zip(names, values.loc[names], strict=True)]


def _exceptions(info: Mapping[str, Any]) -> list[str]:
    """Messages of exceptions inside Great Expectations.

    Its `info` holds them directly, or one level deeper by metric.
    """
    details = [info, *(value for value in info.values() if isinstance(value, Mapping))]
    return [str(detail["exception_message"]) for detail in details if detail.get("raised_exception")]


def _finding(rule: Rule, outcome: Any, frame: pd.DataFrame, name_column: str) -> Finding:
    """Converts a Great Expectations result; raises CaptchaOcrError if the rule could not be checked."""
    result = outcome.result
    if exceptions := _exceptions(outcome.exception_info or {}):
        raise CaptchaOcrError(f"rule {rule.name} could not be checked: {listed(exceptions)}")
    if outcome.success:
        return Finding(rule, 0, [])
    if "unexpected_index_list" not in result:
        return Finding(rule, 1, [(f"observed {result.get('observed_value')}", "")])
    return Finding(rule, result["unexpected_count"], _items(result, frame, name_column, rule.shown))


def _validation_definition(context: EphemeralDataContext, name: str, rules: Sequence[Rule]) -> ValidationDefinition:
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    suite = context.suites.add(gx.ExpectationSuite(name=name))
    for rule in rules:
        rule.expectation.severity = rule.severity
        rule.expectation.meta = {"rule": rule.name}
        rule.expectation.notes = rule.remedy
        suite.add_expectation(rule.expectation)
    batch = asset.add_batch_definition_whole_dataframe(name)
    return context.validation_definitions.add(ValidationDefinition(name=name, data=batch, suite=suite))


def _check(
    context: EphemeralDataContext, name: str, rules: Sequence[Rule], frame: pd.DataFrame, name_column: str
) -> tuple[list[Finding], dict[Any, ExpectationSuiteValidationResult]]:
    """Checks the rows of `frame`, which are called by `name_column` in messages; the results are for the Data Docs."""
    checkpoint = gx.Checkpoint(
        name=name,
        validation_definitions=[_validation_definition(context, name, rules)],
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [name_column],
            "return_unexpected_index_query": False,
        },
    )
    outcome = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame})
    (result,) = outcome.run_results.values()
    by_name = {row.expectation_config.meta["rule"]: row for row in result.results}
    return [_finding(rule, by_name[rule.name], frame, name_column) for rule in rules], outcome.run_results


def validate_manifest(
    manifest: Manifest,
    params: ValidateParams,
    text: TextParams,
    time_steps: int,
    input_size: InputSize,
    docs: Path,
) -> Findings:
    """Checks a manifest, and writes Great Expectations' Data Docs (HTML pages) into the folder `docs`.

    `time_steps` is the length of the network's output, `input_size` the form of its pictures.
    """
    for pages in DOCS:
        shutil.rmtree(docs / pages, ignore_errors=True)  # of earlier runs
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    new_site(context, docs)
    pictures = checked_columns(manifest, params, text.alphabet, time_steps, input_size)
    symbols = symbol_counts(manifest, text.alphabet)
    of_pictures, results = _check(context, "pictures", picture_rules(params, text, time_steps), pictures, "file")
    of_symbols, more = _check(context, "symbols", symbol_rules(params), symbols, "symbol")
    write_data_docs(context, results | more)
    return Findings(len(manifest), of_pictures + of_symbols)


@dataclass(frozen=True)
class Checked:
    """The outcome of the checks. manifest: the pictures that later stages use. quarantine: those set aside."""

    manifest: Manifest
    findings: Findings
    quarantine: Quarantine

    def report(self) -> ValidationReport:
        """The content of validation.json."""
        return self.findings.report(self.quarantine.pictures)


def check_pictures(
    manifest: Manifest,
    params: ValidateParams,
    text: TextParams,
    time_steps: int,
    input_size: InputSize,
    docs: Path,
) -> Checked:
    """Checks a manifest as `validate_manifest` does, and sets bad pictures aside if `params.on_bad_picture` says so.

    The findings are then those of the pictures that remain.
    """
    findings = validate_manifest(manifest, params, text, time_steps, input_size, docs)
    bad = findings.bad_pictures(manifest)
    if params.on_bad_picture == "stop" or not len(bad):
        return Checked(manifest, findings, bad.head(0))
    kept = manifest.where(~manifest.file.isin(bad.file))
    return Checked(kept, validate_manifest(kept, params, text, time_steps, input_size, docs), bad)
