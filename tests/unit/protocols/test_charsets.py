"""From bytes to letters, whatever the label says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.charsets import charset_name, decode_8bit, decode_charset


def test_a_wrong_charset_loses_as_little_as_possible() -> None:
    assert decode_charset(b"a\xffb", "utf-8") == "a\ufffdb"
    assert decode_charset("ü".encode(), "us-ascii") == "ü"
    assert decode_charset(b"\xe4", "us-ascii") == "ä"
    assert decode_charset(b"\xe4x", "windows-nonsense") == "äx"
    assert decode_charset(b"abc", "zlib") == "abc"
    assert decode_charset(b"abc", None) == "abc"


CHARSETS = {
    "Grüße – schön": ["cp1252", "utf-8", "utf-16", "utf-7", "mac-roman"],
    "Příliš žluťoučký kůň": ["cp1250", "iso-8859-2", "cp852", "mac-latin2"],
    "Árvíztűrő tükörfúrógép": ["cp1250", "iso-8859-2"],
    "Здравствуйте": ["cp1251", "koi8-r", "iso-8859-5", "mac-cyrillic", "cp866"],
    "Καλημέρα": ["cp1253", "iso-8859-7"],
    "こんにちは、世界": ["shift_jis", "euc-jp", "iso-2022-jp"],
    "你好，世界": ["gb18030", "big5", "hz"],
    "안녕하세요": ["euc-kr", "iso-2022-kr"],
    "שלום": ["cp1255", "iso-8859-8"],
}


@pytest.mark.parametrize(
    ("text", "charset"), [(text, one) for text, many in CHARSETS.items() for one in many]
)
def test_every_charset_there_and_back(text: str, charset: str) -> None:
    assert decode_charset(text.encode(charset), charset) == text
    assert decode_charset(text.encode(charset), f' "{charset.upper()}" ') == text


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("windows1250", "cp1250"),
        ("WIN-1250", "cp1250"),
        ("x-cp1251", "cp1251"),
        ("ISO_8859-2:1987", "iso-8859-2"),
        ("iso8859-15", "iso-8859-15"),
        ("UTF8", "utf-8"),
        ("utf 16le", "utf-16-le"),
        ("charset=utf-8", "utf-8"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("x-sjis", "cp932"),
        ("cp65001", "utf-8"),
        ("iso-8859-99", ""),
        ("zlib", ""),
        ("idna\u0131", ""),
        ("utf-8\0", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_charsets_by_all_their_names(label: str | None, name: str) -> None:
    assert charset_name(label) == name


def test_wrong_labels() -> None:
    assert decode_charset("Žluťoučký".encode(), "iso-8859-2") == "Žluťoučký"
    assert decode_charset("Žluťoučký".encode("cp1250"), "iso-8859-2") == "Žluťoučký"
    assert decode_charset(b"\xa1\x80", "iso-8859-3") == "Ħ\x80"
    assert decode_charset(b"plain", "iso-8859-2") == "plain"
    text = "你好世界" * 5
    assert decode_charset(text.encode("gb18030") + b"\xff!", "gb2312") == f"{text}\ufffd!"
    assert decode_charset("Grüße aus München".encode(), "utf-16") == "Grüße aus München"
    text = "Größe für Jürgen, schöne Grüße"
    assert decode_charset(text.encode("cp1252"), "iso-2022-kr") == text
    assert decode_charset(b"\xe9+AGE-", "utf-7") == "é+AGE-"
    assert decode_charset(b"+", "utf-16-le") == "+"
    assert decode_charset("ä".encode("utf-16"), None) == "ä"
    assert decode_charset(b"\xef\xbb\xbfx", None) == "x"
    broken = "Příliš žluťoučký kůň".encode()[:-1] + b"\xff"
    assert decode_8bit(broken) == "Příliš žluťoučký ků\ufffd\ufffd"
    assert decode_8bit("Größe".encode("utf-16")) == "Größe"
    assert charset_name("csISOLatin1") == "cp1252"
    assert charset_name("EUC_KR") == "cp949"
    assert "\ufffd" in decode_8bit(bytes(range(128, 256)))


def test_japanese_of_mail() -> None:
    assert decode_charset("①髙㈱".encode("iso2022_jp_ext", "replace"), "iso-2022-jp") == "???"
    assert decode_charset(b"\x1b$B-!\x1b(B!", "iso-2022-jp") == "①!"
    assert decode_charset(b"\x1b(I1\x1b(B", "iso-2022-jp") == "ｱ"
    assert decode_charset("丂".encode("iso2022_jp_ext"), "iso-2022-jp") == "丂"
    assert decode_charset(b"\x1b$B$3\nplain", "iso-2022-jp") == "こ\nplain"
    assert decode_charset(b"\x1b$B$3\x00\x01$\x1b(B", "iso-2022-jp") == "こ\ufffd\ufffd"
    assert decode_charset("こ".encode("cp932"), "iso-2022-jp") == "こ"
    assert decode_8bit(b"\x1b$B$3\x1b(B") == "こ"
    assert "\ufffd" in decode_charset(b"\x1b$B~~\x1b(B", "iso-2022-jp")


@given(
    raw=st.binary(max_size=80),
    charset=st.sampled_from(
        ["utf-8", "utf-16", "utf-7", "iso-2022-jp", "gb2312", "big5", "hz", "iso-2022-kr", "euc-jp"]
    ),
)
def test_any_bytes_in_any_charset(raw: bytes, charset: str) -> None:
    assert isinstance(decode_charset(raw, charset), str)
