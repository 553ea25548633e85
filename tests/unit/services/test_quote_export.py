"""Every kept word is in both files, to the letter, and is text in them whatever it looks like."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from markdown_it import MarkdownIt

from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.services.quote_export import KeptWords, json_words, markdown_words
from tests.fakes.happenings import T0, after, as_utc
from tests.hostile_words import HOSTILE

MAIL = "mail/Support/<1@x.example>"
QUOTE = Quote(
    key="quote/1",
    words="It saved\nmy Friday",
    item=MAIL,
    who="Eva",
    contact="eva@out.example",
    said_at=T0,
    kept_at=after(60),
    felt=Felt.LET_DOWN,
    note="Tell Anna",
    talk_seconds=90.5,
)
LESSON = Lesson(key="lesson/1", item=MAIL, words="Say the price first", who="Eva", at=T0)
PROMISE = Promise(
    key="promise/1",
    item="call/Office/1",
    words="Send the plan",
    who="Tom",
    contact="+420601234567",
    made_at=T0,
    due=T0 + timedelta(days=2),
    state=PromiseState.KEPT,
    settled_at=after(90),
)
NOTHING = KeptWords(quotes=(), lessons=(), promises=())


def test_as_json() -> None:
    older = replace(QUOTE, key="quote/0", said_at=after(-60), felt=None, note="", item="")
    open_one = replace(PROMISE, key="promise/2", state=PromiseState.OPEN, settled_at=None)
    kept = KeptWords(quotes=(QUOTE, older), lessons=(LESSON,), promises=(open_one, PROMISE))
    found = json.loads("".join(json_words(kept, as_utc)))
    assert (found["format"], found["version"]) == ("supportdesk quotes", 1)
    assert [one["quote"] for one in found["quotes"]] == ["quote/0", "quote/1"]
    assert found["quotes"][0]["felt"] is None
    assert found["quotes"][1] == {
        "quote": "quote/1",
        "words": "It saved\nmy Friday",
        "who": "Eva",
        "contact": "eva@out.example",
        "said_at_local": T0.isoformat(timespec="seconds"),
        "kept_at_local": after(60).isoformat(timespec="seconds"),
        "felt": "let down",
        "note": "Tell Anna",
        "talk_seconds": 90.5,
        "source": MAIL,
    }
    assert found["lessons"][0]["words"] == "Say the price first"
    assert [one["settled_at_local"] for one in found["promises"]] == [
        after(90).isoformat(timespec="seconds"),
        None,
    ]
    assert kept.count == 5


def test_as_markdown() -> None:
    typed = replace(QUOTE, key="quote/2", item="", contact="", felt=None, note="")
    kept = KeptWords(quotes=(QUOTE, typed), lessons=(LESSON,), promises=(PROMISE,))
    link = "supportdesk:mail/Support/%3C1%40x.example%3E"
    assert "".join(markdown_words(kept, as_utc)) == (
        "# Kept words\n"
        "\n> “It saved\\\n> my Friday”\n"
        f"\n— Eva, eva\\@out.example, [mail]({link}), 2026-11-21, let down\n"
        "\nTell Anna\n"
        "\n> “It saved\\\n> my Friday”\n"
        "\n— Eva, 2026-11-21\n"
        "\n## What we learned\n"
        f"\n- Say the price first — Eva, [mail]({link}), 2026-11-21\n"
        "\n## Promises\n"
        "\n- Send the plan — Tom, \\+420601234567, [call](supportdesk:call/Office/1), 2026-11-21,"
        " kept, due 2026-11-23\n"
    )


def test_nothing_is_kept() -> None:
    assert "".join(markdown_words(NOTHING, as_utc)) == "# Kept words\n"
    found = json.loads("".join(json_words(NOTHING, as_utc)))
    assert found["quotes"] == found["lessons"] == found["promises"] == []


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_text(words: str) -> None:
    quote = replace(QUOTE, words=words, who=words[:200], contact=words[:80], note=words)
    lesson, promise = replace(LESSON, words=words), replace(PROMISE, words=words, contact="")
    kept = KeptWords(quotes=(quote,), lessons=(lesson,), promises=(promise,))
    found = json.loads("".join(json_words(kept, as_utc)))
    assert found["quotes"][0]["words"] == found["lessons"][0]["words"] == words
    html = MarkdownIt("commonmark", {"html": True}).render("".join(markdown_words(kept, as_utc)))
    opened = {part.partition(">")[0].split()[0] for part in html.split("<")[1:]}
    assert opened <= {
        *("h1", "/h1", "h2", "/h2", "p", "/p", "blockquote", "/blockquote", "br"),
        *("ul", "/ul", "li", "/li", "a", "/a"),
    }
    assert html.count("<a ") == html.count('<a href="supportdesk:')
