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
from great_expectations.core.validation_definition import ValidationDefinition
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import TextParams, ValidateParams
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.checks import ERROR, Rule, checked_columns, picture_rules, symbol_counts, symbol_rules

EXAMPLES = 10  # items quoted for each broken rule


@dataclass(frozen=True)
class Finding:
    """The result of one rule: how many items break it, and the first of them as `name (value)`."""

    rule: Rule
    unexpected: int
    examples: list[str]

    @property
    def is_error(self) -> bool:
        return self.unexpected > 0 and self.rule.severity == ERROR

    def __str__(self) -> str:
        shown = listed(self.examples, EXAMPLES) if self.unexpected <= EXAMPLES else ", ".join(self.examples)
        return f"{self.rule.name}: {self.unexpected} wrong: {shown}. Remedy: {self.rule.remedy}"


@dataclass(frozen=True)
class Findings:
    """The results of all rules for one manifest of `rows` pictures."""

    rows: int
    findings: list[Finding]

    def report(self) -> ValidationReport:
        """The content of validation.json."""
        broken = [f for f in self.findings if f.unexpected]
        return ValidationReport(
            rows=self.rows,
            errors=sum(f.unexpected for f in broken if f.is_error),
            warnings=sum(f.unexpected for f in broken if not f.is_error),
            rules={f.rule.name: f.unexpected for f in self.findings},
            examples={f.rule.name: f.examples for f in broken},
        )

    def raise_errors(self) -> None:
        """Raises CaptchaOcrError if a rule of severity ERROR is broken, naming each with its items and its remedy."""
        errors = [str(finding) for finding in self.findings if finding.is_error]
        if errors:
            raise CaptchaOcrError("\n".join(["the pictures do not pass validation:", *errors]))


def _examples(result: dict[str, Any], frame: pd.DataFrame, name_column: str, shown: str) -> list[str]:
    """`name (value)` for the first rows that break a rule, from its Great Expectations result."""
    rows = result.get("unexpected_index_list", [])[:EXAMPLES]
    names = [row[name_column] for row in rows]
    if shown in ("", name_column):
        return names
    values = frame.drop_duplicates(name_column).set_index(name_column)[shown]
    return [f"{name} ({values[name]})" for name in names]


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
        return Finding(rule, 1, [f"observed {result.get('observed_value')}"])
    return Finding(rule, result["unexpected_count"], _examples(result, frame, name_column, rule.shown))


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
) -> list[Finding]:
    """Checks the rows of `frame`, which are called by `name_column` in messages."""
    checkpoint = gx.Checkpoint(
        name=name,
        validation_definitions=[_validation_definition(context, name, rules)],
        actions=[gx.checkpoint.UpdateDataDocsAction(name="docs")],
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [name_column]},
    )
    outcome = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame})
    (result,) = outcome.run_results.values()
    by_name = {row.expectation_config.meta["rule"]: row for row in result.results}
    return [_finding(rule, by_name[rule.name], frame, name_column) for rule in rules]


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
    shutil.rmtree(docs, ignore_errors=True)  # pages of earlier runs
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for site in list(context.list_data_docs_sites()):
        context.delete_data_docs_site(site)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.resolve())}
    context.add_data_docs_site("report", {"class_name": "SiteBuilder", "store_backend": store})
    pictures = checked_columns(manifest, params, time_steps, input_size)
    symbols = symbol_counts(manifest, text.alphabet)
    findings = _check(context, "pictures", picture_rules(params, text, time_steps), pictures, "file")
    findings += _check(context, "symbols", symbol_rules(params), symbols, "symbol")
    return Findings(len(manifest), findings)
