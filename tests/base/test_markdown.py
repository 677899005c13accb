"""Untrusted text in Markdown, read by a parser of its own."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from captcha_ocr.base.markdown import code, escaped
from captcha_ocr.base.terminal import visible
from tests.hostile import HARMLESS, HOSTILE


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("ab1", "`ab1`"),
        (0.05, "`0.05`"),
        ("", "`∅`"),
        ("a|b", "`a\\|b`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("@all\n<img>", "`@all\\n<img>`"),
    ],
)
def test_no_symbol_of_a_value_means_anything(value: object, span: str) -> None:
    assert code(value) == span


PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXTS = dict(HOSTILE) | {text: text for text in HARMLESS}


def shown(markdown: str) -> tuple[set[str], list[str]]:
    """The tags that Markdown becomes, and the texts between them."""
    page = PARSER.render(markdown)
    texts = [html.unescape(text).strip() for text in re.split("<[^>]*>", page)]
    return set(re.findall("<([a-z0-9]+)", page)), [text for text in texts if text]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_an_escaped_text_is_one_paragraph_that_says_the_text(text: str) -> None:
    assert shown(f"a\n\n{escaped(text)}\n")[0] == {"p"}
    assert shown(f"{escaped(text)}\n")[1] == [visible(text).strip()] * bool(text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_code_span_says_the_text(text: str) -> None:
    tags, said = shown(code(text))
    assert tags == {"p", "code"}
    assert said == [visible(text).replace("|", "\\|").strip() if "\\|" not in text else visible(text)] or not text


@pytest.mark.parametrize("form", [escaped, code])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_in_a_table_either_form_fills_one_cell(text: str, form: object) -> None:
    assert callable(form)
    tags, said = shown(f"| a | b |\n|---|---|\n| {form(text)} | c |\n")
    assert tags - {"code"} == {"table", "thead", "tbody", "tr", "th", "td"}
    assert said == ["a", "b", *[visible(text).strip() or "∅"][: bool(text) or form is code], "c"]
