"""HTML in letters that not every reader takes for HTML."""

_IMAGE = '<p>words</p><img src="@WEB@/i.png"><script>fetch("@WEB@/")</script>'


def _utf7(text: str) -> str:
    return text.encode("utf-7").decode("ascii").replace("<", "+ADw-").replace(">", "+AD4-")


ENCODINGS = {
    "utf-7": ("utf-7", _IMAGE, "ascii"),
    "utf-7 hidden": ("utf-7", _utf7(_IMAGE), "ascii"),
    "utf-7 told by the document": (
        "us-ascii",
        '<meta charset="utf-7">' + _utf7(_IMAGE),
        "ascii",
    ),
    "utf-16": ("utf-16", _IMAGE, "utf-16"),
    "utf-16 without a mark": ("utf-16le", _IMAGE, "utf-16-le"),
    "utf-16 taken for utf-8": ("utf-8", _IMAGE, "utf-16"),
    "utf-32": ("utf-32", _IMAGE, "utf-32"),
    "utf-8 with a mark": ("utf-8", "\ufeff" + _IMAGE, "utf-8"),
    "latin taken for utf-8": ("utf-8", "é" + _IMAGE, "latin-1"),
    "utf-8 taken for latin": ("iso-8859-1", "é" + _IMAGE, "utf-8"),
    "iso-2022-jp": ("iso-2022-jp", "\x1b$B" + _IMAGE + "\x1b(B" + _IMAGE, "latin-1"),
    "iso-2022-kr": ("iso-2022-kr", "\x1b$)C\x0e" + _IMAGE, "latin-1"),
    "hz": ("hz-gb-2312", "~{" + _IMAGE + "~}" + _IMAGE, "latin-1"),
    "ebcdic": ("cp037", _IMAGE, "cp037"),
    "shift-jis swallowing a quote": ("shift_jis", '<p title="\x83">' + _IMAGE, "latin-1"),
    "gbk swallowing a quote": ("gbk", '<p title="\xbf">' + _IMAGE, "latin-1"),
    "overlong utf-8": ("utf-8", "\xc0\xbcimg src=@WEB@/i.png\xc0\xbe", "latin-1"),
    "unknown charset": ("x-unknown-9", _IMAGE, "utf-8"),
    "charset with quotes": ('"utf-8"; x="', _IMAGE, "utf-8"),
    "nuls everywhere": ("utf-8", "\x00".join(_IMAGE), "utf-8"),
    "lone surrogates": ("utf-8", "\xed\xa0\x80" + _IMAGE, "latin-1"),
}
