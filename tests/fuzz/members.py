"""What archives hold: names, well-behaved and hostile, and contents."""

from hypothesis import strategies as st

from tests.fuzz.cases import one
from tests.fuzz.pictures import png

# Names as strangers write them: ways out of the folder, what other systems forbid, and what no terminal likes.
PLAIN = st.builds("{}{}.png".format, one("", "a/", "train/", "a/b/"), one(*"0123456789abcdefgh"))
HOSTILE = st.one_of(
    one(
        *("../x.png", "/etc/x.png", "a/../../x.png", "C:\\x.png", "a\\..\\x.png", "./a.png", "a//b.png", "a/./b.png"),
        *("a/", "", ".", "..", "a", "a/b/c/d.png", "x" * 255 + ".png", "é" * 200 + ".png", "a" * 70_000 + ".png"),
        *("a/" * 3000 + "x.png", "con.png", "a\x00b.png", "a\nb.png", "\x1b[2Ja.png", "\u202egnp.a", "a\u2028b.png"),
        *(
            "\ud800.png",
            "e\u0301.png",
            "é.png",
            "<img src=x onerror=alert(1)>.png",
            "$1_2_3$.png",
            "`x`.png",
            "=1+1.png",
        ),
        *(
            "-rf.png",
            ".DS_Store",
            "__MACOSX/a.png",
            "README.md",
            "a.txt",
            "labels.csv",
            "data.mdb",
            "a.parquet",
            "a.tar",
        ),
        *("metadata.jsonl", "Label.txt", "rec_gt.txt"),
    ),
    st.text(max_size=12).map(lambda text: f"{text}.png"),
)
NAMES = st.lists(PLAIN, max_size=4, unique=True)
CONTENTS = st.sampled_from((png(0), png(1), b"", b"text", bytes(200_000), b"file_name,text\n0.png,ab\n"))
