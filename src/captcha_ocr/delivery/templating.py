"""The templates of this package, rendered by Jinja."""

from importlib.resources import files
from typing import Any

import jinja2


def _is_kind(block: object, kind: str) -> bool:
    return type(block).__name__ == kind


def render(name: str, **values: Any) -> str:
    """`templates/<name>` with `values`; what goes into HTML is escaped, and a name that is missing is an error."""
    environment = jinja2.Environment(
        autoescape=name.endswith(".html"), undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.tests["kind"] = _is_kind
    template = (files("captcha_ocr.delivery") / "templates" / name).read_text("utf-8")
    return environment.from_string(template).render(**values)
