"""The benchmark of styles: its pictures, its selection of jobs, its results and their tables."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.styles import __main__ as driver
from benchmarks.styles import families, fonts, measuring, results, table
from benchmarks.styles.contenders import exchange
from benchmarks.styles.environments import HERE
from benchmarks.styles.families import Labelled, PictureSet
from benchmarks.styles.jobs import CONTENDERS, Job, contender, plan, renamed
from benchmarks.styles.results import Result
from benchmarks.styles.split import split
from captcha_ocr.base.errors import CaptchaOcrError

TEST = PictureSet("test", 9, 4)
SAME_SEED = PictureSet("train-0", 9, 4, (TEST,))
FAMILY = families.family("captcha")
RESULT = Result(
    family="captcha",
    contender="default",
    labels=500,
    seed=0,
    on="test",
    pictures=500,
    exact=0.9,
    cer=0.02,
    exact_uncased=0.95,
    cer_uncased=0.01,
    one_case=True,
    calibration_error=0.01,
    plateau=False,
    error="",
    seconds=61.0,
    epochs=90,
    steps=1000,
    cores=2,
    notes={},
)


@pytest.fixture
def drawn_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The family `captcha` with four pictures a set, drawn by the generator that the project has anyway."""
    for module in (families, measuring):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(families, "interpreter", lambda name: Path(sys.executable))
    monkeypatch.setattr(families, "TRAINING", (SAME_SEED,))
    monkeypatch.setattr(measuring, "SETS", {"test": TEST})
    return tmp_path


def rows(count: int) -> list[Labelled]:
    return [Labelled(Path(f"{number}.png"), "abcdefghij"[number % 10], f"digest {number}") for number in range(count)]


def test_a_seed_gives_the_same_pictures_again_and_training_has_none_of_the_test(drawn_here: Path) -> None:
    test, training = (families.pictures(FAMILY, wanted) for wanted in (TEST, SAME_SEED))
    assert [len(test), len(training)] == [4, 4]
    assert not {row.digest for row in test} & {row.digest for row in training}
    # With the seed of the test, the generator goes on where the test ended.
    again = families.pictures(FAMILY, replace(TEST, name="longer", count=8))
    assert [(row.text, row.digest) for row in again] == [(row.text, row.digest) for row in (*test, *training)]
    assert sorted(path.suffix for path in training[0].path.parent.iterdir()) == [".csv", *[".png"] * 4]


def test_the_split_leaves_no_label_out_and_every_symbol_in_training() -> None:
    training, validation = split(rows(40))
    assert sorted((*training, *validation), key=lambda row: int(row.path.stem)) == rows(40)
    assert validation
    assert {row.text for row in training} == set("abcdefghij")


def test_labels_that_cannot_be_split_are_an_error() -> None:
    with pytest.raises(CaptchaOcrError, match="take more labels"):
        split(rows(10))


def test_five_hundred_labels_have_three_seeds_and_who_does_not_learn_reads_once() -> None:
    jobs = plan(["captcha"], [contender("default"), contender("ddddocr")], [100, 500], "test")
    assert [job.key[1:4] for job in jobs] == [
        *[("default", 100, 0), ("default", 500, 0), ("default", 500, 1), ("default", 500, 2)],
        ("ddddocr", 0, 0),
    ]


def test_another_recipe_needs_another_name() -> None:
    assert renamed(CONTENDERS[1], "wide", {"width": 320}).settings == {"pretrained": False, "width": 320}
    with pytest.raises(CaptchaOcrError, match="--name"):
        renamed(CONTENDERS[0], "default", {"width": 320})


def test_a_reading_is_scored_with_case_and_without(drawn_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = [row.text for row in families.pictures(FAMILY, TEST)]

    def read(one: object, task: Path, limit: float | None) -> None:
        assert len(exchange.read(exchange.Task, task).judged) == 4
        texts = [labels[0], labels[1].lower(), labels[2][1:], "?"]
        exchange.write(exchange.Answer(texts, 1.0, confidences=[1.0, 0.0, 0.0, 0.0]), task.with_name("answer.json"))

    monkeypatch.setattr(measuring, "_run", read)
    found = measuring.measure(Job("captcha", contender("ddddocr"), 0, 0, "test"))
    assert (found.exact, found.exact_uncased, found.one_case) == (0.25, 0.5, True)
    assert (found.calibration_error, found.plateau) == (0, False)


def test_contenders_of_others_see_transparency_over_white(tmp_path: Path) -> None:
    Image.new("RGBA", (2, 1), (0, 0, 0, 0)).save(tmp_path / "a.png")
    Image.new("RGB", (2, 1), "red").save(tmp_path / "b.png")
    shown = Image.open(measuring._flattened(tmp_path / "a.png", tmp_path))
    assert (shown.mode, shown.getpixel((0, 0))) == ("RGB", (255, 255, 255))
    assert measuring._flattened(tmp_path / "b.png", tmp_path) == str(tmp_path / "b.png")


def test_a_later_call_makes_what_is_missing_and_a_failure_stops_no_other_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    broken = {"trdg"}

    def measure(job: Job, limit: float | None) -> Result:
        seen.append((job.family, job.seed))
        if job.family in broken:
            raise CaptchaOcrError("no such luck")
        return replace(RESULT, family=job.family, contender=job.contender.name, labels=job.labels, seed=job.seed)

    def call(*words: str) -> Sequence[tuple[str, int]]:
        seen.clear()
        driver.main(["measure", "--output", str(tmp_path / "styles.jsonl"), "--contenders", "default", *words])
        return list(seen)

    monkeypatch.setattr(driver, "measure", measure)
    with pytest.raises(CaptchaOcrError, match="1 jobs failed"):
        call("--labels", "100", "--families", "trdg", "captcha")
    assert seen == [("trdg", 0), ("captcha", 0)]
    broken.clear()
    assert call("--labels", "100", "--families", "trdg", "captcha") == [("trdg", 0)]
    assert call("--labels", "100", "500", "--families", "captcha") == [("captcha", 0), ("captcha", 1), ("captcha", 2)]


def test_a_damaged_line_of_the_results_is_named(tmp_path: Path) -> None:
    results.append(RESULT, path := tmp_path / "styles.jsonl")
    path.write_text(path.read_text() + '{"family": "tr')
    with pytest.raises(CaptchaOcrError, match="line 2 is no result"):
        results.read(path)


def test_the_table_has_means_over_seeds_the_mean_of_the_families_and_the_worst() -> None:
    shown = table.table(
        [
            *(RESULT, replace(RESULT, seed=1, exact=1.0), replace(RESULT, family="trdg", exact=0.0, plateau=True)),
            replace(RESULT, contender="scratch", exact=0.5),
        ],
        table.EXACT,
    )
    assert shown.splitlines() == [
        "| family | default | scratch |",
        "|---|---|---|",
        "| captcha | 95.0 % (93.5 to 96.2 %) | 50.0 % (45.6 to 54.4 %) |",
        "| trdg | 0.0 % (0.0 to 0.8 %) plateau | – |",
        "| **mean** | 47.5 % | 50.0 % of 1 |",
        "| **worst** | 0.0 % | 50.0 % of 1 |",
    ]


def test_the_document_compares_the_untrained_without_case_where_a_family_has_one() -> None:
    untrained = replace(RESULT, contender="ddddocr", labels=0, calibration_error=None)
    mixed = replace(untrained, family="trdg", one_case=False)
    text = table.document([untrained, mixed, RESULT, replace(RESULT, on="validation", seconds=9999)], "test")
    first = text.split("Exact match:")[0]
    assert "| captcha | 95.0 %" in first
    assert "| trdg | 90.0 %" in first
    assert "## 500 labels" in text
    assert "9,999" not in text


def test_the_fonts_of_the_families_are_named_to_be_left_out() -> None:
    fonts.check_left_out({fonts.MATPLOTLIB / name for kind in families.FAMILIES for name in kind.fonts})
    with pytest.raises(CaptchaOcrError, match=r"STIXGeneral\.ttf"):
        fonts.check_left_out([fonts.MATPLOTLIB / "STIXGeneral.ttf"])


def test_the_locks_have_hashes_and_no_address() -> None:
    for lock in (HERE / "locks").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pinned = text.replace("\\\n", "").splitlines()
        assert all("==" in line and "--hash=" in line for line in pinned)
    packages = json.loads((HERE / "node" / "package-lock.json").read_text())["packages"]
    outside = [
        package for name, package in packages.items() if name.startswith("node_modules/") and "link" not in package
    ]
    assert outside
    assert all("integrity" in package and "resolved" not in package for package in outside)
