"""The command `captcha-ocr`: a module for each of its words."""
