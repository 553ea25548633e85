"""Subjects and people: raw letters, encoded words, broken addresses."""

import base64
from collections.abc import Iterator

from tests.adapters.decoding.case import ANN, SUPPORT, Case, mail, plain


def cases() -> Iterator[Case]:
    yield from _raw_subjects()
    yield from _guessed_subjects()
    yield from _encoded_subjects()
    yield from _odd_headers()
    yield from _senders()
    yield from _recipients()


def _raw_subjects() -> Iterator[Case]:
    """8-bit letters without any mark: the charset is the one of the body."""
    for charset, subject, body in (
        ("utf-8", "Dotaz č. 5 – žluťoučký kůň", "Dobrý den"),
        ("iso-8859-2", "Problém s přihlášením", "Dobrý den, nejde mi to."),
        ("windows-1250", "Příliš žluťoučký kůň – „dotaz“", "Děkuji."),
        ("iso-8859-1", "Größe und Maße", "Grüße"),
        ("windows-1252", "Rechnung über 50 €", "Grüße"),
        ("koi8-r", "Вопрос о заказе", "Здравствуйте"),
        ("windows-1251", "Не работает вход", "Здравствуйте"),
        ("iso-8859-7", "Ερώτηση", "Καλημέρα"),
        ("shift_jis", "お問い合わせ", "こんにちは"),
        ("gb2312", "发票问题", "您好"),
        ("big5", "發票問題", "您好"),
        ("euc-kr", "환불 요청", "안녕하세요"),
        ("iso-8859-9", "Sipariş hakkında", "Merhaba Şule"),
    ):
        raw = mail(
            plain(body.encode(charset), f"; charset={charset}"), subject=subject.encode(charset)
        )
        yield Case(name=f"raw subject in {charset}", raw=raw, subject=subject, text=body)
    name = "Jiří Dvořák".encode("iso-8859-2")
    yield Case(
        name="raw name in the charset of the body",
        raw=mail(
            plain("Dobrý den, příště.".encode("iso-8859-2"), "; charset=iso-8859-2"),
            sender=b'"' + name + b'" <jiri@example.org>',
            to=name + b" <j@example.com>",
        ),
        sender=("Jiří Dvořák", "jiri@example.org"),
        people=(("Jiří Dvořák", "j@example.com"),),
        text="Dobrý den, příště.",
    )
    yield Case(
        name="raw name in UTF-8 above a body in Latin-2",
        raw=mail(
            plain("příště".encode("iso-8859-2"), "; charset=iso-8859-2"),
            sender="Jiří Dvořák <jiri@example.org>",
        ),
        sender=("Jiří Dvořák", "jiri@example.org"),
        text="příště",
    )
    yield Case(
        name="raw letters after an encoded word",
        raw=mail(
            plain("Gr\xfc\xdfe".encode("latin-1"), "; charset=iso-8859-1"),
            subject="=?iso-8859-1?Q?Gr=FC=DFe?= und Größe".encode("latin-1"),
        ),
        subject="Grüße und Größe",
        text="Grüße",
    )
    yield Case(
        name="Japanese of seven bits without encoded words",
        raw=mail(
            plain("本文".encode("iso-2022-jp"), "; charset=iso-2022-jp"),
            subject="お問い合わせの件".encode("iso-2022-jp"),
            sender="山田 太郎".encode("iso-2022-jp") + b" <taro@example.org>",
        ),
        subject="お問い合わせの件",
        sender=("山田 太郎", "taro@example.org"),
        text="本文",
    )


def _guessed_subjects() -> Iterator[Case]:
    """8-bit letters, and a body that says nothing: only the alphabet tells."""
    for charset, subject in (
        ("cp1252", "Größe der Maße"),
        ("cp1252", "Não consigo entrar na minha conta"),
        ("cp1250", "Příliš žluťoučký kůň"),
        ("iso-8859-2", "Frissítés után nem működik"),
        ("cp1251", "Привет, у меня вопрос"),
        ("koi8-r", "Не могу войти в кабинет"),
        ("shift_jis", "請求書の再発行をお願いします"),
        ("gb18030", "关于订单的问题"),
        ("iso-8859-7", "Ερώτηση για την παραγγελία"),
    ):
        raw = mail(plain("Hello", ""), subject=subject.encode(charset))
        yield Case(name=f"guessed {charset}: {subject}", raw=raw, subject=subject)


def _encoded_subjects() -> Iterator[Case]:
    japanese = "サポートへのお問い合わせについて".encode()
    cut = [japanese[at : at + 10] for at in range(0, len(japanese), 10)]
    words = b"\r\n ".join(b"=?UTF-8?B?" + base64.b64encode(piece) + b"?=" for piece in cut)
    letters = base64.b64encode("Größe und Maße".encode()).decode()
    for name, raw, subject in (
        ("B in UTF-8", "=?UTF-8?B?R3LDtsOfZQ==?=", "Größe"),
        ("Q with underscores", "=?utf-8?Q?Gr=C3=B6=C3=9Fe_5_=5F?=", "Größe 5 _"),
        ("words cut inside of letters", words.decode(), "サポートへのお問い合わせについて"),
        ("Q words cut inside of a letter", "=?utf-8?Q?Gr=C3?=\r\n =?utf-8?Q?=B6=C3=9Fe?=", "Größe"),
        (
            "B cut inside of a group",
            f"=?utf-8?B?{letters[:7]}?= =?utf-8?B?{letters[7:]}?=",
            "Größe und Maße",
        ),
        ("each word without padding", "=?utf-8?B?R3LDtg?= =?utf-8?B?w59l?=", "Größe"),
        ("no space between words", "=?utf-8?Q?Gr=C3=B6?==?utf-8?Q?=C3=9Fe?=", "Größe"),
        ("a word inside of letters", "Re:=?utf-8?Q?Gr=C3=B6=C3=9Fe?=!", "Re:Größe!"),
        ("a word in quotes", '"=?utf-8?Q?Gr=C3=B6=C3=9Fe?="', '"Größe"'),
        ("Q that is B", "=?utf-8?Q?R3LDtsOfZQ==?=", "Größe"),
        ("B that is Q", "=?utf-8?B?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("Q with spaces", "=?utf-8?Q?Gr=C3=B6=C3=9Fe und mehr?=", "Größe und mehr"),
        ("Q with question marks", "=?utf-8?Q?Gr=C3=B6=C3=9Fe? Ja??=", "Größe? Ja?"),
        ("spaces inside of B", "=?utf-8?B?R3LD tsOf ZQ==?=", "Größe"),
        ("folded inside of a word", "=?utf-8?B?R3LD\r\n tsOfZQ==?=", "Größe"),
        ("a word without an end", "Frage: =?utf-8?B?R3LDtsOfZQ", "Frage: Größe"),
        ("a Q word without an end", "=?utf-8?Q?Gr=C3=B6=C3=9Fe", "Größe"),
        ("a word with a language", "=?utf-8*de?Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("lower case all over", "=?utf-8?b?R3LDtsOfZQ==?=", "Größe"),
        ("a charset in quotes", '=?"utf-8"?Q?Gr=C3=B6=C3=9Fe?=', "Größe"),
        ("an unknown charset", "=?x-unknown?Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("an empty charset", "=??Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("unknown-8bit", "=?unknown-8bit?Q?Gr=F6=DFe?=", "Größe"),
        ("ASCII that is Latin-1", "=?us-ascii?Q?Gr=F6=DFe?=", "Größe"),
        ("Latin-1 that is Windows-1252", "=?iso-8859-1?Q?=84Gr=F6=DFe=93_=80?=", "„Größe“ €"),
        ("Latin-2 that is Windows-1250", "=?iso-8859-2?Q?=8Akoda?=", "Škoda"),
        ("Latin-1 that is UTF-8", "=?iso-8859-1?Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("cp-1250", "=?cp-1250?Q?=8Akoda?=", "Škoda"),
        ("Shift JIS", "=?Shift_JIS?B?grGC8YLJgr+CzQ==?=", "こんにちは"),
        ("ISO-2022-JP", "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("ISO-2022-JP with a circled digit", "=?ISO-2022-JP?B?GyRCLSEbKEI=?=", "①"),
        ("GB2312 with a letter of GBK", "=?gb2312?B?lfg=?=", "書"),
        ("KOI8-R", "=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("UTF-7", "=?utf-7?Q?Gr+APYA3w-e?=", "Größe"),
        ("two charsets", "=?iso-8859-1?Q?Gr=F6?= =?utf-8?Q?=C3=9Fe?=", "Größe"),
        ("a byte that is no letter", "=?utf-8?Q?Gr=FFe?=", "Gr\ufffde"),
        ("base64 with signs of URLs", "=?utf-8?B?w7_Dvg==?=", "ÿþ"),
        ("line ends inside of a word", "=?utf-8?Q?Hello=0D=0ABcc:_evil?=", "Hello Bcc: evil"),
        ("direction overrides", "=?utf-8?Q?Invoice_=E2=80=AEfdp.exe?=", "Invoice fdp.exe"),
        ("NULs", "=?utf-8?Q?He=00llo?=", "Hello"),
        ("an equals sign in words", "2 =? 3", "2 =? 3"),
    ):
        yield Case(name=f"subject: {name}", raw=mail(subject=raw), subject=subject)


def _odd_headers() -> Iterator[Case]:
    yield Case(
        name="folded subject", raw=mail(subject="One\r\n two\r\n\tthree"), subject="One two three"
    )
    yield Case(name="no subject", raw=mail(subject=None), subject="")
    yield Case(name="empty subject", raw=mail(subject=""), subject="")
    yield Case(name="a lone CR in a subject", raw=mail(subject="One\rBcc: x"), subject="One Bcc: x")
    yield Case(
        name="space before the colon",
        raw=mail(subject=None, extra=["Subject : Question"]),
    )
    yield Case(name="two subjects", raw=mail(extra=["Subject: Another"]))
    yield Case(name="envelope line of a mailbox file", raw=b"From ann@x Sat Nov 21\r\n" + mail())
    yield Case(name="escaped envelope line", raw=b">From ann@x Sat Nov 21\r\n" + mail())
    yield Case(name="empty line before the header", raw=b"\r\n" + mail())
    yield Case(
        name="junk line in the header", raw=mail(extra=["nonsense without a colon", "X-A: b"])
    )
    yield Case(
        name="no empty line after the header",
        raw=mail().replace(b"\r\n\r\nHello", b"\r\nHello without a line before"),
        text="Hello without a line before",
    )
    yield Case(name="only LF", raw=mail().replace(b"\r\n", b"\n"))
    yield Case(name="only CR", raw=mail().replace(b"\r\n", b"\r"))
    yield Case(name="names of fields in capitals", raw=mail().replace(b"Subject", b"SUBJECT"))


def _senders() -> Iterator[Case]:
    for name, raw, person in (
        ("encoded name", "=?utf-8?B?SsO2cmc=?= <j@example.org>", ("Jörg", "j@example.org")),
        (
            "encoded name in quotes",
            '"=?utf-8?Q?J=C3=B6rg_M.?=" <j@example.org>',
            ("Jörg M.", "j@example.org"),
        ),
        ("comma in quotes", '"Lee, Ann" <ann@example.org>', ("Lee, Ann", "ann@example.org")),
        ("comma without quotes", "Lee, Ann <ann@example.org>", ("Lee, Ann", "ann@example.org")),
        (
            "encoded comma",
            "=?utf-8?Q?Lee,_Ann?= <ann@example.org>",
            ("Lee, Ann", "ann@example.org"),
        ),
        (
            "escaped quotes",
            '"Ann \\"A\\" Lee" <ann@example.org>',
            ('Ann "A" Lee', "ann@example.org"),
        ),
        ("bare address", "ann@example.org", ("", "ann@example.org")),
        ("name in a comment", "ann@example.org (Ann Lee)", ANN),
        (
            "comment in a comment",
            "ann@example.org (Ann (A) Lee)",
            ("Ann (A) Lee", "ann@example.org"),
        ),
        ("name after the address", "<ann@example.org> Ann Lee", ANN),
        ("no angle brackets", "Ann Lee ann@example.org", ANN),
        ("no end of the angle", "Ann Lee <ann@example.org", ANN),
        ("unclosed quote", '"Ann Lee <ann@example.org>', ANN),
        ("spaces in the address", "Ann Lee < ann@example.org >", ANN),
        ("spaces around the at sign", "Ann Lee <ann @ example.org>", ANN),
        ("mailto", "Ann Lee [mailto:ann@example.org]", ANN),
        ("a route", "Ann Lee <@relay.example,@b:ann@example.org>", ANN),
        ("two addresses in angles", "Ann Lee <ann@example.org> <old@example.org>", ANN),
        ("name is quoted twice", "\"'Ann Lee'\" <ann@example.org>", ANN),
        ("whole field encoded", "=?utf-8?Q?Ann_Lee_=3Cann=40example.org=3E?=", ANN),
        ("raw UTF-8", "Zoë Žák <zoe@example.org>", ("Zoë Žák", "zoe@example.org")),
        ("international address", "Zoë <zoë@bücher.example>", ("Zoë", "zoë@bücher.example")),
        ("folded", "=?utf-8?Q?Ann?=\r\n =?utf-8?Q?_Lee?=\r\n <ann@example.org>", ANN),
        (
            "override in a name",
            "=?utf-8?Q?Sup=E2=80=AEport?= <ann@example.org>",
            ("Support", "ann@example.org"),
        ),
        ("line end in a name", "=?utf-8?Q?Ann=0D=0A_Lee?= <ann@example.org>", ANN),
        ("name only", "Ann Lee", ("Ann Lee", "")),
        (
            "Lotus Notes",
            '"Ann Lee" <Ann_Lee/ACME@example.org>',
            ("Ann Lee", "Ann_Lee/ACME@example.org"),
        ),
        (
            "quoted local part",
            'Ann Lee <"ann lee"@example.org>',
            ("Ann Lee", '"ann lee"@example.org'),
        ),
        (
            "address as name",
            '"ann@example.org" <ann@example.org>',
            ("ann@example.org", "ann@example.org"),
        ),
        ("apostrophe", "Aoife O'Brien <a@example.org>", ("Aoife O'Brien", "a@example.org")),
    ):
        yield Case(name=f"from: {name}", raw=mail(sender=raw), sender=person)
    yield Case(
        name="from: none, but a Sender",
        raw=mail(sender=None, extra=["Sender: Ann Lee <ann@example.org>"]),
    )


def _recipients() -> Iterator[Case]:
    bob = ("Bob", "bob@example.com")
    for name, raw, people in (
        ("a list", "support@example.com, Bob <bob@example.com>", (SUPPORT, bob)),
        ("semicolons", "support@example.com; Bob <bob@example.com>", (SUPPORT, bob)),
        ("empty entries", "support@example.com, , Bob <bob@example.com>,", (SUPPORT, bob)),
        ("a group", "Team: support@example.com, Bob <bob@example.com>;", (SUPPORT, bob)),
        ("an empty group", "undisclosed-recipients:;", ()),
        ("Exchange without recipients", "Undisclosed recipients:;", ()),
        (
            "encoded, one after the other",
            "=?utf-8?Q?J=C3=B6?= <j@x.org>,=?utf-8?Q?B=C3=B6?= <b@x.org>",
            (("Jö", "j@x.org"), ("Bö", "b@x.org")),
        ),
        (
            "surnames first",
            "Lee, Ann <ann@example.org>, Bob <bob@example.com>",
            (("Lee, Ann", "ann@example.org"), bob),
        ),
        ("none", None, ()),
    ):
        yield Case(name=f"to: {name}", raw=mail(to=raw), people=people)
    yield Case(name="cc", raw=mail(cc="Bob <bob@example.com>"), people=(SUPPORT, bob))
    yield Case(
        name="two To fields",
        raw=mail(extra=["To: Bob <bob@example.com>"]),
        people=(SUPPORT, bob),
    )
