"""The command `captcha-ocr label`: a local page on which a user types the labels of pictures."""
