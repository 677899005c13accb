"""All parameters with their types, allowed values and meanings: `python docs/parameters.py > docs/parameters.md`."""

from collections.abc import Mapping
from typing import Any

from captcha_ocr.params.params import Params
from captcha_ocr.params.section import Section, as_section, description, keys_of
from captcha_ocr.params.sweep import Choices, Span

HEAD = """# Parameters

All keys of `params.yaml`, section by section. All of them must be there, and no other. Written by
`python docs/parameters.py > docs/parameters.md` from the classes in `src/captcha_ocr/params/`; a test holds it current.
"""
RANGES = """### sweep.ranges

One entry for each key of `train` that is to vary, either a span of numbers or a list of choices. A span:
"""
TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true, false",
    "array": "list",
    "object": "mapping",
    "null": "null",
}
# The words by which a JSON schema limits a value.
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "minLength": "length at least {}",
    "minItems": "length at least {}",
    "minProperties": "length at least {}",
    "pattern": "matches `{}`",
}


def _types(options: list[Mapping[str, Any]]) -> str:
    names = [TYPES[option["type"]] for option in options]
    return " or ".join(name for name in names if not (name == TYPES["integer"] and TYPES["number"] in names))


def _limits(options: list[Mapping[str, Any]]) -> str:
    values = [f"`{value}`" for option in options for value in option.get("enum", ())]
    limits = [text.format(option[word]) for word, text in LIMITS.items() for option in options if word in option]
    return ", ".join([*values, *limits])


def _table(section: type[Section]) -> str:
    lines = ["| key | type | allowed | meaning |", "|---|---|---|---|"]
    for key, schema in section.model_json_schema()["properties"].items():
        options = schema.get("anyOf", [schema])
        lines.append(f"| `{key}` | {_types(options)} | {_limits(options)} | {schema['description']} |")
    return "\n".join(lines) + "\n"


def reference() -> str:
    """The text of docs/parameters.md."""
    parts = [HEAD]
    for name, field in keys_of(Params).items():
        if section := as_section(field):
            parts += [f"## {name}\n", f"{description(field)}\n", _table(section)]
    return "\n".join([*parts, RANGES, _table(Span), "Choices:\n", _table(Choices)])


if __name__ == "__main__":
    print(reference(), end="")
