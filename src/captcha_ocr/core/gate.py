"""Whether a model may become champion."""

from collections.abc import Mapping
from typing import Any

from captcha_ocr.core.params import RegisterParams


def objections(metrics: Mapping[str, Any], parity: Mapping[str, Any], origin: str, params: RegisterParams) -> list[str]:
    """What speaks against @champion, one sentence each; empty where nothing does."""
    checks = [
        (
            metrics["exact_match"] >= params.min_exact_match,
            f"exact match {metrics['exact_match']:.4f} is below register.min_exact_match {params.min_exact_match}",
        ),
        (metrics["cer"] <= params.max_cer, f"CER {metrics['cer']:.4f} is above register.max_cer {params.max_cer}"),
        (parity["text_mismatches"] == 0, f"{parity['text_mismatches']} texts differ between Keras and ONNX"),
        (
            origin != "synthetic" or params.allow_synthetic,
            "the pictures are rendered look-alikes, and register.allow_synthetic is false",
        ),
    ]
    return [reason for passed, reason in checks if not passed]
