"""Renders the Jinja templates in the folder `templates` of a package."""

from typing import Any

import jinja2

from captcha_ocr.pages.policy import without_scripts


def _is_kind(block: object, kind: str) -> bool:
    """Whether `kind` is the name of the block's class: `block is kind("Table")` in a template."""
    return type(block).__name__ == kind


def render(package: str, name: str, **values: Any) -> str:
    """Renders `templates/<name>` of `package` with `values`. A template may include those of this package.

    Values are escaped in HTML templates, and such a page has a policy that lets it run no script. In others, the
    template escapes them. A name in the template that is not in `values` is an error.
    """
    is_page = name.endswith(".html")
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package), jinja2.PackageLoader("captcha_ocr.pages")]),
        autoescape=is_page,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["kind"] = _is_kind
    text = environment.get_template(name).render(**values)
    return without_scripts(text) if is_page else text
