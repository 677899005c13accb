"""The report from facts made by hand: what it says, and that both forms say the same and nothing gets out of them."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from captcha_ocr.evaluate.evaluation import compute_metrics, confusion
from captcha_ocr.report.facts import Facts
from PIL import Image

from captcha_ocr.evaluate.confidence import confidence_metrics, risk_coverage_frame, selective_metrics
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.params.params import load_params
from captcha_ocr.report.content import document
from captcha_ocr.report.render import as_card, as_page, charts
from tests.modules import ROOT

LABELS = [f"{i}{i + 1}n" for i in range(2, 8)] * 8
TEXTS = ["<b>|", "", *LABELS[2:]]
RECORD: dict[str, Any] = {
    "architecture": "compact",
    "train": {"epochs": 3, "monitor": "val_cer", "seed": 7},
    "image": {"width": 96, "height": 32, "channels": 1},
    "time_steps": 12,
    "parameters": 1234,
    "best_epoch": 2,
    "epochs": 3,
    "val_cer": 0.0,
    "val_exact_match": 1.0,
    "seconds": 4.2,
    "device": {"backend": "tensorflow", "accelerators": [], "precision": "float32", "jit_compile": False},
    "initial_weights": None,
    "samples": {"train": 300, "validation": 40},
    "temperature": 1.2,
    "confidence_threshold": 0.6,
    "run_id": "0123456789abcdef",
    "environment": {
        "python": "3.11.7",
        "platform": "Linux",
        "processor": "a processor",
        "cores": 2,
        "packages": {"keras": "3.15"},
        "code": {"git_commit": "abcd", "git_dirty": "true", "dvc_experiment": ""},
    },
}
FILE = {
    "exact_match": 0.95,
    "cer": 0.04,
    "bytes": 260_000,
    "p50_ms": {"1": 0.8, "32": 16.0},
    "p95_ms": {"1": 1.5, "32": 30.0},
    "pictures_per_second": {"1": 1250.0, "32": 2000.0},
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    images = tmp_path_factory.mktemp("images")
    names = [f"{label}_{i}.png" for i, label in enumerate(LABELS)]
    for name in names:
        Image.new("L", (8, 4), 255).save(images / name)
    predictions = pd.DataFrame({"file": names, "label": LABELS, "text": TEXTS, "edit_distance": [4, 3] + [0] * 46})
    predictions["confidence"] = [0.5 + i / 100 for i in range(48)]
    manifest = pd.DataFrame({"file": names, "contrast": range(48), "joined_ink": 1.0})
    metrics = compute_metrics(predictions) | confidence_metrics(predictions) | selective_metrics(predictions, RECORD)
    history = {"epoch": [1, 2], "loss": [2.0, 1.0], "val_loss": [2.0, 1.0], "val_cer": [0.5, 0.0]}
    return Facts(
        params=load_params(ROOT / "params.yaml"),
        images=images,
        provenance={
            "pictures": 388,
            "origin": "own",
            "obtained": "folder p",
            "content_digest": "5026",
            "licence": "mine",
        },
        record=RECORD,
        validation={
            "errors": 0,
            "rules": {"near_duplicate": 2, "size": 0},
            "examples": {"near_duplicate": ["a.png (b.png)"]},
        },
        metrics=metrics,
        parity={"samples": 88, "batch_sizes": [1, 7], "text_mismatches": 0, "max_abs_diff": 4.2e-06},
        export={"files": {"float32": FILE, "int8": FILE}, "verdict": "So be it."},
        history=pd.DataFrame(history | {"val_exact_match": [0.2, 1.0], "learning_rate": [0.003, 0.0]}),
        predictions=predictions,
        confusion=confusion(predictions),
        coverage=risk_coverage_frame(predictions),
        slices=slices(predictions, confusion(predictions), manifest, "2345678n"),
    )


class Page(HTMLParser):
    """The text of a page, and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said, self.loaded = "", []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.said += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += " "  # cells stand apart
        self.loaded += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "data")]


def squeezed(text: str) -> str:
    """Without tables' bars, Markdown's escapes and line breaks."""
    return re.sub(r"[\s|]+", " ", text.replace("\\", ""))


SAID = [
    "95.83 % of 48 test pictures read exactly (95 % interval 86.0 to 98.8 %), CER 4.86 %.",
    "Misread: 2 of 48.",
    "near_duplicate: 2 (such as a.png (b.png))",
    "trained on 300 pictures",
    "git commit abcd with uncommitted changes",
    "train.seed 7",
    "start random weights",
    "So be it.",
    "Against Keras on 88 pictures at batch 1, 7: 0 texts differ, probabilities by at most 4e-06.",
    "set on the 40 validation pictures: confidence 0.6000. Of the 48 test pictures 38 reach it",
    "3,838 pictures would have to be read without an error",
    "adjacent repeats without 48 95.83 %",
    "Intended use and limits",
]


@pytest.fixture(scope="module")
def page(facts: Facts) -> str:
    return as_page(document(facts))


@pytest.fixture(scope="module")
def card(facts: Facts) -> str:
    return as_card(document(facts))


@pytest.mark.parametrize("sentence", SAID)
def test_page_and_card_say_the_same(page: str, card: str, sentence: str) -> None:
    assert sentence in squeezed(Page(page).said)
    assert sentence in squeezed(card)


def test_the_page_needs_no_other_file(facts: Facts, page: str) -> None:
    loaded = Page(page).loaded
    assert all(uri.startswith(("data:image/", "#")) for uri in loaded)
    assert sum(uri.startswith("data:image/svg+xml") for uri in loaded) == 4
    assert sum(uri.startswith("data:image/png") for uri in loaded) == facts.params.evaluate.worst


def test_the_card_shows_the_files_that_the_stage_writes(facts: Facts, card: str) -> None:
    shown = set(re.findall(r"!\[[^]]*]\(([^)]+)\)", card))
    assert shown == {chart.file for chart in charts(document(facts))} | {"worst.png"}


def test_what_was_read_is_shown_and_is_no_markup(page: str, card: str) -> None:
    assert "<code>23n</code> read as <code>&lt;b&gt;|</code>" in page
    assert r"| 23n\_0.png | 23n | \<b\>\| | 0.5000 |" in card
    assert "| 34n | ∅ | 0.5100 |" in card


def test_the_same_facts_give_the_same_bytes(facts: Facts, page: str) -> None:
    assert as_page(document(facts)) == page


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        (None, "of the 40 validation pictures even the surest is misread."),
        (0.999, "Of the 48 test pictures 0 reach it."),
    ],
)
def test_a_threshold_that_nothing_reaches_is_said_plainly(facts: Facts, threshold: float | None, sentence: str) -> None:
    metrics = {key: value for key, value in facts.metrics.items() if key != "above_threshold"}
    metrics |= selective_metrics(facts.predictions, RECORD | {"confidence_threshold": threshold})
    assert sentence in as_card(document(replace(facts, metrics=metrics)))


def test_look_alikes_are_announced_first_and_among_the_limits(facts: Facts, page: str) -> None:
    found = document(replace(facts, provenance=facts.provenance | {"origin": "synthetic"}))
    assert as_card(found).startswith("> **THESE ARE NOT THE REAL PICTURES")
    assert "what it reads of real pictures is unknown" in as_card(found)
    assert "THESE ARE NOT" not in page


def test_facts_are_the_files_of_a_pass(facts: Facts, tmp_path: Path) -> None:
    """Labels such as 001 and nan stay text."""
    for name in ("validation", "metrics", "parity", "export"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"name": name}))
    (tmp_path / "predictions.csv").write_text("file,label,text,confidence\n001.png,001,nan,0.5\n")
    for name in ("history", "confusion", "risk_coverage", "slices"):
        (tmp_path / f"{name}.csv").write_text("a\n1\n")
    read = Facts.load(facts.params, facts.images, tmp_path / "parity.json", tmp_path / "export.json", tmp_path)
    assert read.predictions.iloc[0].tolist() == ["001.png", "001", "nan", 0.5]
    assert (read.provenance["name"], read.record["name"], read.metrics["name"]) == ("parity", "export", "metrics")
