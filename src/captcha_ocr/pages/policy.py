"""The content security policy of a page: what a browser lets it load and run, whatever a text of the data has become.

developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy describes the directives.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
CHARSET = '<meta charset="utf-8">'
_CHARSET = re.compile(re.escape(CHARSET), re.IGNORECASE)


def hash_source(text: str) -> str:
    """The source expression that allows an inline style or script of this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(**sources: Iterable[str]) -> str:
    """A policy that allows `sources`, by directives such as style_src, and nothing else."""
    allowed = {name.replace("_", "-"): " ".join(dict.fromkeys(found)) for name, found in sources.items()}
    directives = {"default-src": "'none'", **allowed, "base-uri": "'none'", "form-action": "'none'"}
    return "; ".join(f"{name} {found}" for name, found in directives.items() if found)


def with_policy(page: str, content: str) -> str:
    """The page with the policy `content` at the begin of its head, and the declaration of UTF-8 before that."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(content, quote=False)}">'
    page = _CHARSET.sub("", page, count=1)
    head, begin, rest = page.partition("<head>")
    return f"{head}{begin}\n{CHARSET}\n{tag}{rest}"


def without_scripts(page: str) -> str:
    """A page that contains all it needs, with the policy that lets it show that: its styles, and pictures within it."""
    return with_policy(page, policy(style_src=map(hash_source, _STYLE.findall(page)), img_src=["data:"]))
