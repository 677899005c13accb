"""Renders a document as an HTML page that needs no other file, and as a model card in Markdown."""

from captcha_ocr.base.markdown import escaped
from captcha_ocr.pages.data_uris import picture_uri
from captcha_ocr.pages.templating import render
from captcha_ocr.report.document import Chart, Document
from captcha_ocr.report.plots import figure_uri
from captcha_ocr.scoring.metrics import MISSING


def as_page(document: Document) -> str:
    """The document as HTML that contains its charts and pictures."""
    return render(
        "captcha_ocr.report",
        "report.html",
        document=document,
        missing=MISSING,
        figure_uri=figure_uri,
        picture_uri=picture_uri,
    )


def as_card(document: Document) -> str:
    """The document as Markdown that shows the PNG files beside it."""
    return render("captcha_ocr.report", "model_card.md", document=document, missing=MISSING, escaped=escaped)


def charts(document: Document) -> list[Chart]:
    """All charts of the document, for which the model card needs PNG files."""
    return [block for section in document.sections for block in section.blocks if isinstance(block, Chart)]
