"""The stage `train`: fits a network."""

import captcha_ocr.network  # noqa: F401  # its settings hold before any module of this package imports Keras
