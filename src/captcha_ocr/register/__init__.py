"""The stage `register`: registers the model in MLflow, and decides whether the new version becomes champion."""

import captcha_ocr.tracking  # noqa: F401  # it switches telemetry off before MLflow is imported here
