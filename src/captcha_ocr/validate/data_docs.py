"""Great Expectations' Data Docs: pages on the checks, in which names and labels are text and nothing else.

Great Expectations puts them into its pages as they are. The pages load scripts, styles and fonts from the hosts below,
without which they show the same as bare text. A policy lets these run, with the scripts in Great Expectations' own
templates, and no other.
"""

import html
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context import EphemeralDataContext

from captcha_ocr.base.files import write_text
from captcha_ocr.pages.policy import hash_source, policy, with_policy

INDEX = "index.html"  # holds the names of the checks' suites, and nothing of the data
SITE = "report"
TEMPLATES = files("great_expectations") / "render" / "view" / "templates"
STYLES = (
    "https://cdn.jsdelivr.net",
    "https://cdnjs.cloudflare.com",
    "https://maxcdn.bootstrapcdn.com",
    "https://unpkg.com",
)
LOGO = "https://great-expectations-web-assets.s3.us-east-2.amazonaws.com"
BUILDER_LOG = logging.getLogger("great_expectations.render.renderer.site_builder")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HANDLER = re.compile(r'onclick="([^"]*)"')
_SOURCE = re.compile(r'<script src="(https://[^"?]+)')
_TEXTS = str.maketrans({"$": "&#36;"})  # Great Expectations fills in what a dollar sign precedes


def new_site(context: EphemeralDataContext, docs: Path) -> None:
    """Lets the context build its one site in the folder `docs`."""
    for site in list(context.list_data_docs_sites()):
        context.delete_data_docs_site(site)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.resolve())}
    context.add_data_docs_site(SITE, {"class_name": "SiteBuilder", "store_backend": store})


def _as_text(value: Any) -> Any:
    """A value of a result, in which all texts are escaped for HTML."""
    if isinstance(value, str):
        return html.escape(value).translate(_TEXTS)
    if isinstance(value, Mapping):
        return {key: _as_text(item) for key, item in value.items()}
    return [_as_text(item) for item in value] if isinstance(value, list | tuple) else value


def _escaped(result: ExpectationSuiteValidationResult) -> ExpectationSuiteValidationResult:
    rows = [
        ExpectationValidationResult(
            success=row.success,
            expectation_config=row.expectation_config,
            result=_as_text(row.result),
            meta=row.meta,
            exception_info=_as_text(row.exception_info),
        )
        for row in result.results
    ]
    return ExpectationSuiteValidationResult(
        success=result.success,
        results=rows,
        suite_name=result.suite_name,
        suite_parameters=result.suite_parameters,
        statistics=result.statistics,
        meta=result.meta,
    )


def _scripts_of_templates() -> Iterator[str]:
    """Scripts and handlers that Great Expectations writes into every page alike."""
    for template in TEMPLATES.iterdir():
        if template.name.endswith(".j2"):
            source = template.read_text(encoding="utf-8")
            yield from (found for found in _inline(source) if "{{" not in found and "{%" not in found)


def _inline(page: str) -> list[str]:
    return [*_SCRIPT.findall(page), *_HANDLER.findall(page)]


def _policy(page: str, inline: Iterable[str]) -> str:
    hashes = [hash_source(script) for script in inline]
    return policy(
        script_src=["'unsafe-hashes'", *hashes, *_SOURCE.findall(page)],
        style_src=["'self'", "'unsafe-inline'", *STYLES],
        font_src=["'self'", "data:", *STYLES],
        img_src=["'self'", "data:", LOGO],
    )


def _raise_system_error(record: logging.LogRecord) -> bool:
    """Great Expectations logs an error of the disk, with its traceback, and leaves the page out: raises it instead."""
    if isinstance(error := sys.exception(), OSError):
        raise error
    return True


def write_data_docs(context: EphemeralDataContext, results: Mapping[Any, ExpectationSuiteValidationResult]) -> None:
    """Writes the site of `new_site` about `results`, by their identifiers; raises OSError if it cannot be written."""
    BUILDER_LOG.addFilter(_raise_system_error)
    for identifier, result in results.items():
        context.validation_results_store.set(identifier, _escaped(result))
    index = Path(context.build_data_docs()[SITE].removeprefix("file://"))
    known = [*_scripts_of_templates()]
    for path in index.parent.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        own = _inline(page) if path.name == INDEX else []
        write_text(path, with_policy(page, _policy(page, [*known, *own])))
