"""Changes values in the text of params.yaml, and leaves all else as it is written: comments, order, line ends."""

from collections.abc import Mapping
from typing import Any

import yaml

from captcha_ocr.base.errors import CaptchaOcrError


def _as_yaml(value: Any, quoted: bool) -> str:
    """`value` on one line, text in double quotes where `quoted`."""
    style = '"' if quoted and isinstance(value, str) else None
    text = yaml.safe_dump(
        value, default_style=style, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")


def _child(node: yaml.Node | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    """The nodes of `key` and its value in a mapping; None where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((k, value) for k, value in node.value if k.value == key), None)


def _last_leaf(node: yaml.Node) -> yaml.Node:
    """The node whose end is that of `node`: a block's own mark is where the next token begins."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return node
    last = node.value[-1]
    return _last_leaf(last[1] if isinstance(last, tuple) else last)


def _replaced(text: str, key: yaml.Node, value: yaml.Node, new: Any) -> str:
    """`text` with `new` in place of a value; a comment behind it stays in its column where there is room."""
    quoted = isinstance(value, yaml.ScalarNode) and value.style is not None
    start, end = text.index(":", key.end_mark.index) + 1, _last_leaf(value).end_mark.index
    rest, written = text[end:], f" {_as_yaml(new, quoted)}"
    gap = len(rest) - len(rest.lstrip(" "))
    if gap and rest[gap : gap + 1] == "#":
        rest = " " * max(gap + (end - start) - len(written), 2) + rest[gap:]
    return text[:start] + written + rest


def _with_value(text: str, name: str, new: Any) -> str:
    section, key = name.split(".")
    outer = _child(yaml.compose(text, yaml.SafeLoader), section)
    found = _child(outer[1], key) if outer else None
    if found is None:
        raise CaptchaOcrError(f"params.yaml has no key {name}: add it as in the repository's params.yaml")
    return _replaced(text, *found, new)


def values_in(text: str) -> dict[str, Any]:
    """The values of the YAML document `text` by their dotted names, such as `text.alphabet`."""
    sections = yaml.safe_load(text)
    return {f"{section}.{key}": value for section, content in sections.items() for key, value in content.items()}


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The YAML document `text` with new `values` by their dotted names.

    Values that are there already are not written again, so that equal values leave the text as it is. Raises
    CaptchaOcrError naming a key that is not there.
    """
    present = values_in(text)
    for name, new in values.items():
        if name not in present or present[name] != new:
            text = _with_value(text, name, new)
    return text
