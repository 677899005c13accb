"""The command `captcha-ocr`, with a module for each subcommand."""
