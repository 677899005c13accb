"""Texts that strangers may give to pictures, labels, archives and servers, each hostile to something that shows it."""

HOSTILE = {
    "markup": "<img src=x onerror=alert(1)>",
    "end of a script": "</script><script>alert(1)</script>",
    "end of a style": "</style></title></textarea><svg onload=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "comment": "<!-- --!>",
    "reference": "&lt;b&gt;&#x3c;",
    "template": "$template${x}{{ 7*7 }}{% raw %}",
    "code span": "``a` ```",
    "cell": r"a|b\|c\\|d",
    "heading": "a\r\n# b\r## c\n\n- d",
    "list": "- a",
    "number": "1. a",
    "underline": "===",
    "emphasis": "*a* _b_ ~~c~~ \\*d\\*",
    "link": "[a](javascript:alert(1)) ![b](http://x.invalid/c)",
    "address": "http://x.invalid www.x.invalid",
    "mention": "@all #1",
    "terminal": "\x1b]0;a\x07\x1b[2J\x9b31m\x7f",
    "order": "\u202egnp.exe\u2066\u200f",
    "separators": "a\tb\nc\rd\u2028e\x85f",
    "bytes": "\udcff\udc80",
    "formula": "=1+1",
    "sum": "@SUM(A1)",
    "plus": "+1",
    "minus": "-12",
    "tab": "\t=1",
    "full width": "＝1",
    "apostrophe": "'=a",
    "apostrophes": "''-1",
    "maths": "$1_2_3$ \\$",
    "nothing": "",
}
# What may stand in a file: halves of surrogate pairs are no Unicode.
STORABLE = {name: text for name, text in HOSTILE.items() if name != "bytes"}
# What those texts must not be taken for.
HARMLESS = ("abc", "é漢", "O'Brien", "a\\b", "a b", "\N{ZERO WIDTH NON-JOINER}a", "م", "😀", "5 %")
EVERYTHING = " ".join(text for name, text in STORABLE.items() if name not in ("comment", "separators", "heading"))
