"""Bodies: charsets, transfer encodings, flowed text, HTML."""

import base64
import binascii
import quopri
from collections.abc import Iterator

from tests.adapters.decoding.case import Case, entity, html, mail, multipart, plain

_CZECH = "Dobrý den, nejde mi přihlášení. Děkuji, Žofie"
_GERMAN = "Grüße aus München – „bitte“ 50 €"
_RUSSIAN = "Здравствуйте, не могу войти"
_JAPANESE = "こんにちは、ログインできません。"


def cases() -> Iterator[Case]:
    yield from _charsets()
    yield from _wrong_charsets()
    yield from _encodings()
    yield from _flowed()
    yield from _html()


def _charsets() -> Iterator[Case]:
    for charset, text in (
        ("utf-8", _CZECH),
        ("UTF8", _CZECH),
        ('"utf-8"', _CZECH),
        ("iso-8859-2", _CZECH),
        ("windows-1250", _CZECH),
        ("cp1250", _CZECH),
        ("iso-8859-15", "Grüße, 50 €"),
        ("windows-1252", _GERMAN),
        ("macintosh", "Grüße"),
        ("koi8-r", _RUSSIAN),
        ("koi8-u", "Вітаю, не можу увійти"),
        ("windows-1251", _RUSSIAN),
        ("iso-8859-5", _RUSSIAN),
        ("ibm866", _RUSSIAN),
        ("windows-1253", "Καλημέρα"),
        ("windows-1255", "שלום"),
        ("windows-1256", "مرحبا"),
        ("windows-1257", "Ačiū, Šarūnas"),
        ("tis-620", "สวัสดี"),
        ("iso-2022-jp", _JAPANESE),
        ("shift_jis", _JAPANESE),
        ("euc-jp", _JAPANESE),
        ("gb2312", "您好，无法登录"),
        ("gb18030", "您好，無法登錄"),
        ("hz-gb-2312", "您好"),
        ("big5", "您好，無法登入"),
        ("euc-kr", "안녕하세요"),
        ("iso-2022-kr", "안녕하세요"),
        ("utf-16", _GERMAN),
        ("utf-7", _GERMAN),
    ):
        codec = charset.strip('"')
        encoded = base64.encodebytes(text.encode({"macintosh": "mac-roman"}.get(codec, codec)))
        raw = mail(entity(f"text/plain; charset={charset}", encoded, encoding="base64"))
        yield Case(name=f"body in {charset}", raw=raw, text=text)


def _wrong_charsets() -> Iterator[Case]:
    for name, label, raw, text in (
        ("no charset, UTF-8", "", _CZECH.encode(), _CZECH),
        ("no charset, Latin-1", "", "Grüße aus Köln".encode("latin-1"), "Grüße aus Köln"),
        ("no charset, Windows-1250", "", _CZECH.encode("cp1250"), _CZECH),
        ("no charset, KOI8-R", "", _RUSSIAN.encode("koi8-r"), _RUSSIAN),
        ("no charset, Shift JIS", "", _JAPANESE.encode("shift_jis"), _JAPANESE),
        ("unknown charset, UTF-8", "; charset=x-nobody", _CZECH.encode(), _CZECH),
        ("unknown charset, Windows-1251", "; charset=unknown", _RUSSIAN.encode("cp1251"), _RUSSIAN),
        ("empty charset", "; charset=", _CZECH.encode(), _CZECH),
        ("ASCII that is UTF-8", "; charset=us-ascii", _CZECH.encode(), _CZECH),
        ("ASCII that is Latin-1", "; charset=us-ascii", "Grüße".encode("latin-1"), "Grüße"),
        ("Latin-1 that is Windows-1252", "; charset=iso-8859-1", _GERMAN.encode("cp1252"), _GERMAN),
        ("Latin-1 that is UTF-8", "; charset=iso-8859-1", _CZECH.encode(), _CZECH),
        ("Latin-2 that is Windows-1250", "; charset=iso-8859-2", _CZECH.encode("cp1250"), _CZECH),
        ("Latin-2 that is UTF-8", "; charset=iso-8859-2", _CZECH.encode(), _CZECH),
        ("UTF-16 that is UTF-8", "; charset=utf-16", b"Hello you", "Hello you"),
        ("GB2312 that is GBK", "; charset=gb2312", "您好，朱镕基".encode("gbk"), "您好，朱镕基"),
        ("JIS with signs of Windows", "; charset=iso-2022-jp", b"\x1b$B-!\x1b(B", "①"),
        ("a UTF-8 body with a mark", "; charset=utf-8", b"\xef\xbb\xbfHello", "Hello"),
        ("a bad byte in UTF-8", "; charset=utf-8", b"a\xffb", "a\ufffdb"),
        ("a letter cut at the end", "; charset=utf-8", "Größ".encode()[:-1], "Grö\ufffd"),
        ("charset with a comment", "; charset=utf-8 (Unicode)", _CZECH.encode(), _CZECH),
        ("charset after a space", " charset=iso-8859-2", _CZECH.encode("iso-8859-2"), _CZECH),
        (
            "spaces around the equals sign",
            "; charset = koi8-r",
            _RUSSIAN.encode("koi8-r"),
            _RUSSIAN,
        ),
        ("two charsets", "; charset=koi8-r; charset=utf-8", _RUSSIAN.encode("koi8-r"), _RUSSIAN),
    ):
        yield Case(name=f"body: {name}", raw=mail(plain(raw, label)), text=text)
    yield Case(name="no Content-Type", raw=mail(entity(None, _CZECH)), text=_CZECH)
    yield Case(name="Content-Type: text", raw=mail(entity("text", _CZECH)), text=_CZECH)
    yield Case(name="empty Content-Type", raw=mail(entity("", _CZECH)), text=_CZECH)
    yield Case(name="nonsense for a Content-Type", raw=mail(entity("; x", "Hello")))
    yield Case(
        name="type in capitals", raw=mail(entity("TEXT/PLAIN; CHARSET=UTF-8", _CZECH)), text=_CZECH
    )
    yield Case(name="control characters", raw=mail(plain("He\x00l\x1blo\u202e!")), text="Hello!")
    yield Case(name="nothing at all", raw=mail(plain("")), text="")


def _encodings() -> Iterator[Case]:
    coded = base64.encodebytes(_CZECH.encode())
    for name, encoding, body, text in (
        ("quoted-printable", "quoted-printable", quopri.encodestring(_CZECH.encode()), _CZECH),
        ("soft line ends", "quoted-printable", b"Hel=\nlo", "Hello"),
        ("lower-case hex", "quoted-printable", b"Gr=c3=b6=c3=9fe", "Größe"),
        ("broken quoted-printable", "quoted-printable", b"a=ZZ=C3=B6=\n=", "a=ZZö"),
        ("letters cut by a soft line end", "quoted-printable", b"Gr=C3=\n=B6=C3=9Fe", "Größe"),
        ("base64", "base64", coded, _CZECH),
        ("in capitals", "BASE64", coded, _CZECH),
        ("in quotes", '"base64"', coded, _CZECH),
        ("with a comment", "base64 (Microsoft)", coded, _CZECH),
        ("base64 without padding", "base64", coded.rstrip(b"=\n"), _CZECH),
        ("base64 on one line", "base64", coded.replace(b"\n", b""), _CZECH),
        ("base64 with foreign letters", "base64", b"SGVs*bG8=", "Hello"),
        ("base64 in two pieces", "base64", b"SGU=\nbGxv", "Hello"),
        (
            "base64 and a footer of a list",
            "base64",
            b"SGVsbG8=\n_______________\nThe list of ours\n",
            "Hello\n_______________\nThe list of ours",
        ),
        (
            "base64 that is plain",
            "base64",
            b"This was never encoded, it only says so.",
            "This was never encoded, it only says so.",
        ),
        ("unknown encoding", "x-nobody", b"Hello", "Hello"),
        ("7bit that has 8", "7bit", _CZECH.encode(), _CZECH),
        ("8bit", "8bit", _CZECH.encode(), _CZECH),
        (
            "uuencode",
            "x-uuencode",
            b"begin 644 x\n" + binascii.b2a_uu(b"Hello") + b"`\nend\n",
            "Hello",
        ),
    ):
        part = entity("text/plain; charset=utf-8", body, encoding=encoding)
        yield Case(name=f"encoding: {name}", raw=mail(part), text=text)


def _flowed() -> Iterator[Case]:
    flowed = "; charset=utf-8; format=flowed"
    for name, parameters, body, text in (
        (
            "joined",
            flowed,
            "One line \nthat goes on \nand ends.\n\nAnother.",
            "One line that goes on and ends.\n\nAnother.",
        ),
        ("space-stuffed", flowed, " From here\n >no quote", "From here\n >no quote"),
        ("DelSp", f"{flowed}; DelSp=yes", "日本語の \nテキスト", "日本語のテキスト"),
        ("fixed", "; charset=utf-8; format=fixed", "One \nTwo", "One \nTwo"),
    ):
        yield Case(name=f"flowed: {name}", raw=mail(plain(body, parameters)), text=text)
    yield Case(
        name="flowed: quotes by depth",
        raw=mail(plain("Yes.\n\n> Is it \n> so?\n>> Maybe \n>> not.", flowed)),
        text="Yes.",
        quoted="> Is it so?\n>> Maybe not.",
    )
    yield Case(
        name="flowed: the signature is not joined",
        raw=mail(plain("Hello \nyou\n-- \nAnn", flowed)),
        text="Hello you",
        quoted="-- \nAnn",
    )


def _html() -> Iterator[Case]:
    yield Case(name="HTML alone", raw=mail(html()), html="Hello", is_plain=False)
    yield Case(
        name="HTML that names its charset itself",
        raw=mail(html(f'<meta charset="iso-8859-2"><p>{_CZECH}</p>'.encode("iso-8859-2"), "")),
        text=_CZECH,
        html=_CZECH,
        is_plain=False,
    )
    yield Case(
        name="HTML of Outlook that names its charset itself",
        raw=mail(
            html(
                '<html><head><meta http-equiv="Content-Type" content="text/html; '
                f'charset=windows-1251"></head><body>{_RUSSIAN}</body></html>'.encode("cp1251"),
                "",
            )
        ),
        text=_RUSSIAN,
        html=_RUSSIAN,
        is_plain=False,
    )
    yield Case(
        name="HTML with entities and blocks",
        raw=mail(html("<div>Gr&uuml;&szlig;e&nbsp;&amp; so</div><div>Zwei</div>")),
        text="Grüße & so\nZwei",
        html="Grüße & so Zwei",
        is_plain=False,
    )
    yield Case(
        name="text and HTML as alternatives",
        raw=mail(multipart("alternative", plain("Hello in text"), html("<p>Hello in HTML</p>"))),
        text="Hello in text",
        html="Hello in HTML",
    )
    yield Case(
        name="HTML before text as alternatives",
        raw=mail(multipart("alternative", html("<p>Hello in HTML</p>"), plain("Hello in text"))),
        text="Hello in text",
        html="Hello in HTML",
    )
    yield Case(
        name="an empty text beside the HTML",
        raw=mail(multipart("alternative", plain(" \n"), html("<p>Hello</p>"))),
        html="Hello",
        is_plain=False,
    )
    yield Case(
        name="text and HTML that should have been alternatives",
        raw=mail(multipart("mixed", plain("Hello you two"), html("<p>Hello you two</p>"))),
        text="Hello you two",
        html="Hello you two",
    )
    yield Case(
        name="a footer in text after the HTML",
        raw=mail(multipart("mixed", html("<p>Hello</p>"), plain("-- the list footer"))),
        text="Hello\n\n-- the list footer",
        html="Hello -- the list footer",
        is_plain=False,
    )
    yield Case(
        name="text after the HTML in related",
        raw=mail(multipart("related", html("<p>Hello you two</p>"), plain("Hello you two"))),
        text="Hello you two",
        html="Hello you two",
    )
    yield Case(
        name="AMP beside text and HTML",
        raw=mail(
            multipart(
                "alternative", plain(), entity("text/x-amp-html", "<html amp>x</html>"), html()
            )
        ),
        html="Hello",
        attachments=("text",),
    )
    yield Case(
        name="enriched text alone",
        raw=mail(entity("text/enriched; charset=utf-8", "<bold>Hello</bold> you")),
        text="Hello you",
        is_plain=False,
    )
