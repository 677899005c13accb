"""Hostile input: every answer must be a result or a CaptchaOcrError. `make fuzz` tries 10,000 cases of each kind."""
