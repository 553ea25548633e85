"""Messages that are long or mean, as a founder may get them: HTML or text, made here."""

import random
from collections.abc import Callable

_SENTENCE = (
    "flour order arrives on friday morning with the usual truck and nobody at the bakery knows "
    "why it came twice again although we wrote to you about the second invoice last week"
)
_WORDS = _SENTENCE.split()


def newsletter(kilobytes: int = 200) -> str:
    """Nested tables, styles, links with long addresses, images, a table of prices."""
    chance = random.Random(7)
    story = (
        '<tr><td align="center" style="padding:0 24px"><table width="100%" cellspacing="0"><tr>'
        '<td style="font:16px Arial;color:#333"><table><tr><td><img src="https://cdn.larder.'
        'example/{0}.jpg" width="600" height="240" alt="Story {0}"></td></tr><tr><td><h2 style='
        '"color:#0f6a5a">Story {0}</h2><p style="margin:0;color:#444">{1}</p><p>{2} <a href="'
        'https://click.larder.example/{0}?utm_source=mail&utm_medium=newsletter&id={3:032x}">'
        "read on</a></p></td></tr></table></td></tr></table></td></tr>"
    )
    prices = "<tr><td><table>{}</table></td></tr>".format(
        "".join(f"<tr><td>Flour {n}</td><td>{n}.20</td><td>in stock</td></tr>" for n in range(20))
    )
    rows: list[str] = []
    size = 0
    while size < kilobytes * 1000:
        number = len(rows)
        row = story.format(number, words(chance, 40), words(chance, 60), chance.getrandbits(128))
        rows.append(row if number % 12 else row + prices)
        size += len(rows[-1])
    return f"<html><body><table width=100%><tr><td><table>{''.join(rows)}</table></table></body>"


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count))


def _paragraph() -> str:
    return words(random.Random(3), 30_000)


def _letters(alphabet: str, count: int) -> str:
    chance = random.Random(5)
    return "".join(chance.choice(alphabet) for _ in range(count))


MESSAGES: dict[str, Callable[[], str]] = {
    "a short letter": lambda: "<p>Dear Anna,</p><p>the flour came. Thank you.</p>",
    "newsletter, 200 kB": newsletter,
    "newsletter, 900 kB": lambda: newsletter(900),
    "one paragraph, 150 kB": lambda: f"<p>{_paragraph()}</p>",
    "one word, 1 MB": lambda: "x" * 1_000_000,
    "one word of wide letters": lambda: "<p>" + "W" * 400_000,
    "20,000 blocks": lambda: "<div>x</div>" * 20_000,
    "20,000 paragraphs": lambda: "<p>some words</p>" * 20_000,
    "nested tables": lambda: "<table><tr><td>words" * 20_000,
    "nested blocks": lambda: "<div>words" * 60_000,
    "nested quotes": lambda: "<blockquote>words" * 20_000,
    "nested lists": lambda: "<ul><li>words" * 20_000,
    "one endless list": lambda: "<ol>" + "<li>words" * 20_000,
    "misnested": lambda: "<b><i><p>words" * 20_000,
    "a table of 5,000 rows": lambda: "<table>" + "<tr><td>1<td>2<td>3" * 5000,
    "300 tables": lambda: ("<table>" + "<tr><td>a<td>b<td>c<td>d" * 8 + "</table>") * 300,
    "wide table": lambda: "<table>" + ("<tr>" + "<td>cell" * 400) * 30,
    "huge colspan": lambda: "<table>" + "<tr><td colspan=99999>a<td rowspan=9999>b" * 100,
    "5,000 images": lambda: "".join(
        f"<img src=https://a.example/{n} alt='image {n}'>" for n in range(5000)
    ),
    "400 images, each its own": lambda: "".join(
        f"<p><img src=https://a.example/{n} alt='picture number {n}' width=300 height=90>"
        for n in range(400)
    ),
    "10,000 links": lambda: "<a href=https://a.example/>link</a> " * 10_000,
    "10,000 deceptions": lambda: "<a href=https://evil.example/>bank.example</a> " * 10_000,
    "bold letters": lambda: "<b>a</b><i>b</i>" * 30_000,
    "styled letters": lambda: "<span style='font-weight:700'>a</span>" * 15_000,
    "breaks": lambda: "a<br>" * 60_000,
    "verbatim lines": lambda: "<pre>" + "line\n" * 60_000,
    "verbatim line": lambda: "<pre>" + "word " * 60_000,
    "chinese": lambda: f"<p>{_letters('面粉订单星期五早上到', 150_000)}</p>",
    "arabic": lambda: f"<p>{_letters('الطحين يصل صباح الجمعة ', 150_000)}</p>",
    "both directions": lambda: "<p>" + "flour الطحين 12 " * 10_000 + "</p>",
    "combining marks": lambda: "<p>" + ("a" + "\u0301\u0302\u0303" * 60 + " ") * 700 + "</p>",
    "emoji": lambda: f"<p>{_letters('😀🎂👩‍🍳🍞 ', 40_000)}</p>",
    "joined letters": lambda: "<p>" + "a\u200d" * 60_000 + "</p>",
    "soft hyphens": lambda: "<p>" + "a\u00ad" * 60_000 + "</p>",
    "no-break spaces": lambda: "<p>" + "word\u00a0" * 40_000 + "</p>",
    "giant letters": lambda: "<p style='font-size:9999px'>words</p><h1>a</h1>" * 3000,
    "negative margins": lambda: "<div style='margin:-9999px'>words</div>" * 5000,
    "10 MB": lambda: "<p>hello world</p>" * 600_000,
}
TEXTS: dict[str, Callable[[], str]] = {
    "text, 300 kB": lambda: "\n\n".join([_paragraph()[:2000]] * 150),
    "text of lines": lambda: "line of a log 12:00:01\n" * 12_000,
    "text without a space": lambda: "x" * 300_000,
    "text of quotes": lambda: "> > > quoted\n" * 20_000,
}
