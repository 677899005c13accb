"""What `make docs` does not see: links from the documentation to other files than its pages."""

import re
from pathlib import Path

import pytest

from tests.modules import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
READER = "read/"  # what `make pages` lays beside the documentation


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_link_leads_to_a_file_that_is_on_the_site(page: Path) -> None:
    targets = set(LINK.findall(page.read_text())) - {READER}
    assert [name for name in targets if not (DOCS / name).is_file()] == []
    outside = [name for name in targets if not (DOCS / name).resolve().is_relative_to(DOCS)]
    assert outside == [], "name these as code instead: they are not on the site"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_loads_anything_from_another_host(page: Path) -> None:
    text = page.read_text()
    assert "```mermaid" not in text  # its script would come from a CDN
    assert not re.search(r"!\[[^]]*\]\(https?:|<(script|img|iframe|link)\b", text)
