"""Renders the Jinja templates in the folder `templates` of a package."""

from typing import Any

import jinja2


def _is_kind(block: object, kind: str) -> bool:
    """Whether `kind` is the name of the block's class: `block is kind("Table")` in a template."""
    return type(block).__name__ == kind


def render(package: str, name: str, **values: Any) -> str:
    """Renders `templates/<name>` of `package` with `values`. A template may include those of this package.

    Values are escaped in HTML templates only. A name in the template that is not in `values` is an error.
    """
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package), jinja2.PackageLoader("captcha_ocr.pages")]),
        autoescape=name.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["kind"] = _is_kind
    return environment.get_template(name).render(**values)
