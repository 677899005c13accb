"""The page of `dvc plots diff`, with a policy that lets it draw its plots and run nothing else.

DVC writes the names of revisions and what the tables of plots hold into the page as they are.
"""

import json
import re
from pathlib import Path

from captcha_ocr.base.files import write_text
from captcha_ocr.pages.policy import hash_source, policy, with_policy

_SCRIPT = re.compile(r'<script type = "text/javascript">(.*?)</script>', re.DOTALL)
_DRAWING = re.compile(r"\s*var spec = (\{.*\});\s*vegaEmbed\('#[\w-]+', spec\);\s*", re.DOTALL)
_LIBRARY = re.compile(r'<script src="(https://cdn\.jsdelivr\.net/npm/vega[\w.@-]*)">')


def _draws(script: str) -> bool:
    """Whether a script hands one JSON object to Vega, and does nothing else."""
    found = _DRAWING.fullmatch(script)
    try:
        return found is not None and isinstance(json.loads(found[1]), dict)
    except ValueError:
        return False


def restrict(page: Path) -> None:
    """Adds the policy to the page that DVC has written. Vega compiles its expressions, hence `unsafe-eval`."""
    text = page.read_text(encoding="utf-8")
    drawing = [hash_source(script) for script in _SCRIPT.findall(text) if _draws(script)]
    content = policy(
        script_src=[*drawing, *_LIBRARY.findall(text), "'unsafe-eval'"],
        style_src=["'unsafe-inline'"],
        img_src=["'self'", "data:"],
    )
    write_text(page, with_policy(text, content))
