"""The report's sections in their order."""

from captcha_ocr.artifacts.provenance import SYNTHETIC, SYNTHETIC_WARNING
from captcha_ocr.report import background, results, words
from captcha_ocr.report.document import Document
from captcha_ocr.report.facts import Facts


def document(facts: Facts) -> Document:
    """What a pass has to tell; look-alikes are announced before anything else."""
    return Document(
        title=f"{facts.params.register_.model_name}: {facts.record['architecture']}",
        warning=SYNTHETIC_WARNING if facts.provenance["origin"] == SYNTHETIC else "",
        summary=words.result(facts.metrics) + ".",
        sections=[
            results.results(facts),
            results.pictures(facts),
            results.confidence(facts),
            results.parts(facts),
            results.exported(facts),
            background.data(facts),
            background.training(facts),
            background.environment(facts),
            background.use(facts),
        ],
    )
