"""How many cases are tried, who judges them, and the table of all answers."""

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests.fuzz.cases import FUZZ
from tests.fuzz.child import REFUSED, RESULT
from tests.fuzz.judge import Judge, judge

settings.register_profile(
    FUZZ, settings.get_profile("no clock"), max_examples=int(os.environ.get("FUZZ_CASES", "10000")), print_blob=True
)


@pytest.fixture(scope="module")
def judged(request: pytest.FixtureRequest) -> Iterator[Judge]:
    """Judges what the function `answer` of the test's module says of a case, within its BOUNDS."""
    with judge(request.module.answer, request.module.BOUNDS) as judging:
        yield judging


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport]:
    """Notes the tally in the report, which also comes back from another process."""
    report = yield
    judging = getattr(item, "funcargs", {}).get("judged")
    if call.when == "call" and judging is not None:
        row = {"results": judging.tally[RESULT], "refused": judging.tally[REFUSED], "wrong": sorted(judging.faults)}
        report.user_properties.append(("answers", row))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of all targets; `make fuzz` ends with it."""
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.stats.get(outcome, [])]
    rows = [(r, value) for r in reports for name, value in r.user_properties if name == "answers" and r.when == "call"]
    if not rows:
        return
    terminalreporter.section("answers to hostile input")
    form = "{:<16} {:>7} {:>8} {:>8} {:>14} {:>8}"
    terminalreporter.write_line(form.format("target", "cases", "results", "refused", "wrong answers", "seconds"))
    for report, row in sorted(rows, key=lambda pair: pair[0].nodeid):
        target = report.nodeid.partition("::")[0].rpartition("/")[2].removeprefix("test_").removesuffix(".py")
        cases = row["results"] + row["refused"] + len(row["wrong"])
        terminalreporter.write_line(
            form.format(target, cases, row["results"], row["refused"], len(row["wrong"]), f"{report.duration:.0f}")
        )
    for report, row in rows:
        for fault in row["wrong"]:
            terminalreporter.write_line(f"{report.nodeid}: {fault}")
