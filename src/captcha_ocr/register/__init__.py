"""The stage `register`: the model registry, and which version is champion."""

import captcha_ocr.tracking  # noqa: F401  # its settings hold before any module of this package imports MLflow
