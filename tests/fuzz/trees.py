"""Trees of JSON and YAML with values that nobody expects."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.cases import one, upto

DEEP = "\N{WHITE SQUARE}deep"  # stands for a list in lists, deeper than Python writes
TEXTS = (
    "", " ", "a", "0", "-1", "1e5", "true", "null", "~", "../x.png", "/etc/passwd", "0.png", "a\x00b", "\x1b[2J",
    "\u202eab", "\ud800",
    "é", "e\u0301", "a" * 100_000, "$(touch x)", "`x`", "<b>", "=1+1", "http://[", "http://x/%ff.png?d=%00", "*.py",
    "(a+)+b", "(", "[", "%", "\n", "\t", '"',
)  # fmt: skip
VALUES = (
    *TEXTS, None, True, False, 0, 1, -1, 2, 3, 5, 10**6, 10**9, 2**31, 2**63, 10**30, 10**400, 0.0, 0.1, -0.5, 1.5,
    1e308, 1e-308, DEEP,
)  # fmt: skip
LEAVES = st.sampled_from(VALUES)
ODD = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("a", "text", "value", "low", "high", "", "\ud800")), inner, max_size=3),
    ),
    max_leaves=5,
)
KEYS = one(
    "", "a", "text", "label", "file_name", "image", "split", "id", "data", "annotations", "low", "choices", "__class__"
)


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container of the tree with each of its keys."""
    pairs = enumerate(tree) if isinstance(tree, list) else tree.items() if isinstance(tree, dict) else ()
    return [place for key, value in list(pairs) for place in [(tree, key), *_places(value)]]


def mutated(draw: st.DrawFn, tree: Any, most: int = 3) -> Any:
    """A copy of the tree with up to `most` values replaced, removed, doubled, or exchanged for others of it."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(one(0, 1, 1, most))):
        places = _places(tree)
        if not places:
            return draw(ODD)
        container, key = places[draw(upto(len(places) - 1))]
        change = draw(one("odd", "odd", "odd", "remove", "add", "other", "text"))
        if change == "remove":
            del container[key]
        elif change == "add" and isinstance(container, dict):
            container[draw(KEYS)] = draw(ODD)
        elif change == "other":
            source, name = places[draw(upto(len(places) - 1))]
            container[key] = copy.deepcopy(source[name])
        elif change == "text":
            container[key] = str(container[key])[:1000]
        else:
            container[key] = draw(ODD)
    return tree


def written(tree: Any, **options: Any) -> str:
    """The tree as JSON. A list in lists as deep as no parser likes stands where DEEP does."""
    return json.dumps(tree, **options).replace(json.dumps(DEEP), "[" * 5000 + "]" * 5000)
