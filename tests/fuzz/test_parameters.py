"""params.yaml as nobody would write it: read into parameters that hold, or refused with the key that is wrong."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.base.root import project_root
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.fetch.layouts.file_names import label_of
from captcha_ocr.fetch.locate import locate
from captcha_ocr.fetch.remote.addresses import check_address, is_address
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.params.recipe import Recipe
from tests.fuzz.cases import broken, fuzzed, one, rare, upto
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.trees import mutated, written
from tests.modules import ROOT

BOUNDS = Bounds(seconds=5, megabytes=300)
RECIPE = Recipe(width=128, height=32, epochs=1, batch_size=8, learning_rate=0.001, patience=1)
NAMES = ("ab234", "a" * 40 + "!", "é_1", "")


def answer(content: bytes, folder: Path) -> None:
    """As stages treat the file: they read it, join it with a recipe, and take names and addresses from it."""
    path = folder / "params.yaml"
    path.write_bytes(content)
    params = load_params(path)
    assert Params.model_validate(json.loads(params.model_dump_json(by_alias=True)) | {"sweep": params.sweep}) == params
    codec = Codec(params.text.alphabet)
    assert codec.decode(codec.encode(params.text.alphabet)) == params.text.alphabet
    params.train.merged_with(RECIPE)
    for name in NAMES:
        label_of(f"{name}.png", params.text.label_pattern)
    if is_address(params.fetch.source):
        check_address(params.fetch.source)
    else:
        locate(params.fetch, project_root() / "absent.zip")


@cache
def shipped() -> tuple[str, Any]:
    """The file as it ships, and what is in it."""
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    return text, yaml.load(text, yaml.CSafeLoader)


def _bomb(levels: int, width: int) -> str:
    lines = ["text: &a0 [x, x]", *(f"k{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, levels))]
    return "\n".join(lines)


PIECES = st.one_of(
    one(b"&a ", b"*a", b"<<: *a\n", b"!!python/object/apply:os.system [id]", b"!!binary x", b"? ", b"--- ",
        b"%YAML 9\n", b"\t", b"{", b"]", b"\x00", b"\xff\xfe", b": ", b"- - - ", b"2001-99-99", b"0x", b"1_0",
        b".inf", b"!!float x", b"!!timestamp 1", b"!!set {a}", b"!!omap [a]", b"=", b"'"),
    st.binary(max_size=6),
)  # fmt: skip
WHOLE = st.one_of(
    st.builds(_bomb, st.sampled_from((2, 9, 30)), st.sampled_from((2, 9))).map(str.encode),
    st.sampled_from((b"", b"[", b"{" * 5000, b"[" * 5000, b"- " * 3000, b"a: " * 3000, b"&a [*a]", b"&a {a: *a}",
        b"text: &a\n  alphabet: *a\n", b"\xff\xfea\0", b"null", b"!!python/name:os.system", b"'", b"x" * 100_000)),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
)  # fmt: skip


@st.composite
def parameters(draw: st.DrawFn) -> bytes:
    """The shipped file with other values, its text with pieces put in, or another text."""
    text, tree = shipped()
    kind = draw(upto(9))
    if kind == 0:
        return draw(WHOLE)
    if kind < 4:
        content = text.encode()
        for _ in range(draw(upto(2))):
            place = len(content) * draw(upto(1000)) // 1000
            content = content[:place] + draw(PIECES) + content[place:]
        return broken(draw, content, [content], 2)
    return rare(draw, 30, st.just(b"\xef\xbb\xbf"), b"") + written(mutated(draw, tree)).encode()  # type: ignore[no-any-return]


@fuzzed
@given(parameters())
def test_parameters_are_read_or_refused(judged: Judge, content: bytes) -> None:
    judged.answer(content)
