"""A document as a page that needs no other file, and as a model card in Markdown."""

from captcha_ocr.report.data_uris import figure_uri, picture_uri
from captcha_ocr.report.document import Chart, Document
from captcha_ocr.report.templating import render
from captcha_ocr.scoring.metrics import MISSING

SPECIAL = r"\`*_[]<>|"


def _literally(text: str) -> str:
    """Text that Markdown shows as it is, in a table's cell too."""
    return "".join(f"\\{c}" if c in SPECIAL else c for c in text)


def as_page(found: Document) -> str:
    """HTML with charts and pictures inside."""
    return render(
        "captcha_ocr.report",
        "report.html",
        found=found,
        nothing=MISSING,
        figure_uri=figure_uri,
        picture_uri=picture_uri,
    )


def as_card(found: Document) -> str:
    """Markdown that shows the PNG files beside it."""
    return render("captcha_ocr.report", "model_card.md", found=found, nothing=MISSING, literally=_literally)


def charts(found: Document) -> list[Chart]:
    """Those that the card shows."""
    return [block for section in found.sections for block in section.blocks if isinstance(block, Chart)]
