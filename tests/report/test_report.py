"""The report of results made by hand: what it says, and that both forms say the same and nothing gets out of them."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.evaluate.metrics import all_metrics
from captcha_ocr.params.params import Params
from captcha_ocr.report.background import NOT_SHOWN
from captcha_ocr.report.content import document
from captcha_ocr.report.document import Document
from captcha_ocr.report.render import as_card, as_page, charts
from tests.modules import ROOT
from tests.packed import png
from tests.results import blank_pictures, pipeline_results, write_results

RESULTS = pipeline_results()
SHEET = png(Image.new("L", (9, 9)))


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> PictureShards:
    return blank_pictures(tmp_path_factory.mktemp("report") / "pictures")


@pytest.fixture(scope="module")
def found(shards: PictureShards) -> Document:
    return document(RESULTS, shards, SHEET)


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
    "1 of the 88 validation and test pictures. The network is sure of another text",
    "near_duplicate: 2 (such as a.png (b.png))",
    "validation: set aside 2 pictures set aside (size 2): reports/quarantine.csv lists them",
    "bad0.png 2n size 0x50 cut it bad1.png",
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
def page(found: Document) -> str:
    return as_page(found)


@pytest.fixture(scope="module")
def card(found: Document) -> str:
    return as_card(found)


@pytest.mark.parametrize("sentence", SAID)
def test_page_and_card_say_the_same(page: str, card: str, sentence: str) -> None:
    assert sentence in squeezed(Page(page).said)
    assert sentence in squeezed(card)


def test_the_page_needs_no_other_file(page: str) -> None:
    loaded = Page(page).loaded
    assert all(uri.startswith(("data:image/", "#")) for uri in loaded)
    assert sum(uri.startswith("data:image/svg+xml") for uri in loaded) == 4
    assert sum(uri.startswith("data:image/png") for uri in loaded) == 1 + RESULTS.params.evaluate.worst + len(
        RESULTS.suspects
    )


def test_the_card_shows_the_files_that_the_stage_writes(found: Document, card: str) -> None:
    shown = set(re.findall(r"!\[[^]]*]\(([^)]+)\)", card))
    assert shown == {chart.file for chart in charts(found)} | {"worst.png", "augmentation.png"}


def test_what_was_read_is_shown_and_is_no_markup(page: str, card: str) -> None:
    assert "<code>23n</code> read as <code>&lt;b&gt;|</code>" in page
    assert r"| 23n\_0.png | 23n | \<b\>\| | 0.5000 |" in card
    assert "| 34n | ∅ | 0.5100 |" in card


def test_the_same_results_give_the_same_bytes_also_where_they_are_read_from_their_files(
    shards: PictureShards, page: str, tmp_path: Path
) -> None:
    write_results(RESULTS, tmp_path)
    read = PipelineResults.read(ROOT / "params.yaml", tmp_path / "provenance.json", tmp_path / "run.json", tmp_path)
    assert as_page(document(read, shards, SHEET)) == page


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        (None, "even the most confident reading of the 40 validation pictures is wrong."),
        (0.999, "Of the 48 test pictures 0 reach it."),
    ],
)
def test_a_threshold_that_nothing_reaches_is_said_plainly(
    shards: PictureShards, threshold: float | None, sentence: str
) -> None:
    record = RESULTS.record.model_copy(update={"confidence_threshold": threshold})
    metrics = all_metrics(RESULTS.predictions, record, RESULTS.metrics.images_per_second)
    assert sentence in as_card(document(replace(RESULTS, record=record, metrics=metrics), shards, SHEET))


def test_look_alikes_are_announced_first_and_among_the_limits(shards: PictureShards, page: str) -> None:
    provenance = RESULTS.provenance.model_copy(update={"origin": "synthetic"})
    found = document(replace(RESULTS, provenance=provenance), shards, SHEET)
    assert as_card(found).startswith("> **THESE ARE NOT THE REAL PICTURES")
    assert "how well it reads real pictures is unknown" in as_card(found)
    assert '<p class="warning" role="alert">THESE ARE NOT' in as_page(found)
    assert "THESE ARE NOT" not in page


def test_the_parameters_shown_are_those_that_the_stage_depends_on() -> None:
    """Of another section an edit would leave the report as it is, and what it shows out of date."""
    listed = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]["report"]["params"]
    sections = {name: field.alias or name for name, field in Params.model_fields.items() if not field.exclude}
    assert {name for name, key in sections.items() if key not in listed} == NOT_SHOWN
