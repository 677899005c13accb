"""From a zip of labelled captcha pictures to a trusted text recogniser."""
