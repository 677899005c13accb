"""Jinja templates of a package's folder `templates`."""

from typing import Any

import jinja2


def _is_kind(block: object, kind: str) -> bool:
    return type(block).__name__ == kind


def render(package: str, name: str, **values: Any) -> str:
    """`templates/<name>` of `package`, with `values`.

    What goes into HTML is escaped. A value that the template names and `values` lacks is an error.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=name.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["kind"] = _is_kind
    return environment.get_template(name).render(**values)
