"""Renders what the stages before have found: a page, a model card, and the pictures beside it."""

from captcha_ocr.base.files import write_text
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.params.params import load_params
from captcha_ocr.report.content import document
from captcha_ocr.report.facts import Facts
from captcha_ocr.report.plots import draw_readings, save_figure
from captcha_ocr.report.render import as_card, as_page, charts
from captcha_ocr.report.results import SHEET


def main() -> None:
    args = arguments(__doc__, paths="params images provenance record reports")
    params = load_params(args.params)
    facts = Facts.load(params, args.images, args.provenance, args.record, args.reports)
    found = document(facts)
    write_text(args.reports / "report.html", as_page(found))
    write_text(args.reports / "model_card.md", as_card(found))
    for chart in charts(found):
        save_figure(chart.figure, args.reports / chart.file)
    save_figure(draw_readings(facts.predictions, args.images, params.evaluate.worst), args.reports / SHEET)


if __name__ == "__main__":
    run(main)
