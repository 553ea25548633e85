import json

import pytest

from supportdesk.domain.errors import SettingsError
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.chat_message import (
    chat_message,
    checked_url,
    host_of,
    refusal_words,
)
from supportdesk.services.passage_lines import lines_of
from tests.hostile_words import HOSTILE

SLACK = "https://hooks.slack.com/services/T0/B0/secret"
DISCORD = "https://discord.com/api/webhooks/1/secret"
OTHER = "https://chat.example/hooks/secret"
PARTED = "\u200b"


def page(words: str) -> WordsPage:
    section = Section(title="In their words", passages=(Passage(words=words),), are_quotes=True)
    return WordsPage(title="The week", subtitle="", sections=(section,))


def text_to(url: str, words: str) -> str:
    """What the chat is given of the words."""
    message = json.loads(chat_message(url, page(words)).body)
    text = str(message.get("text") or message["content"])
    return text.partition("“")[2].rpartition("”")[0]


@pytest.mark.parametrize(
    "url",
    [
        SLACK,
        DISCORD,
        f"  {OTHER}\n",
        "https://chat.example:8443/hooks/1?key=a%20b",
        "http://localhost:8065/hooks/1",
        "http://127.0.0.1/hooks/1",
        "http://[::1]:80/hooks/1",
    ],
)
def test_a_hook_is_reached_by_https_or_on_this_computer(url: str) -> None:
    assert checked_url(url) == url.strip()


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("", "not the address"),
        ("hooks.slack.com/services/T0", "not the address"),
        ("https:///nowhere", "not the address"),
        ("https://user:word@chat.example/", "not the address"),
        ("https://chat.example/a b", "not the address"),
        ("https://chat.example/a\r\nHost: b", "not the address"),
        ("https://chat.example:port/", "not the address"),
        ("https://chät.example/", "not the address"),
        ("https://chat.example/ä", "not the address"),
        ("https://chat.example/" + "a" * 3000, "not the address"),
        ("http://chat.example/hooks/1", "https"),
        ("http://10.0.0.7/hooks/1", "https"),
        ("ftp://localhost/", "https"),
        ("file:///etc/passwd", "not the address"),
    ],
)
def test_any_other_address_is_refused_with_a_next_step(url: str, title: str) -> None:
    with pytest.raises(SettingsError) as refused:
        checked_url(url)
    assert title in refused.value.title
    assert refused.value.advice


def test_what_is_shown_is_what_goes_to_the_letter() -> None:
    message = chat_message(OTHER, page("Oh. “Soon”.\nNo."))
    assert (message.url, message.host) == (OTHER, "chat.example")
    assert message.shown.encode() == message.body
    assert json.loads(message.body) == {"text": "The week\n\nIn their words:\n\n“Oh. “Soon”.\nNo.”"}


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("url", [SLACK, DISCORD, OTHER])
def test_no_words_call_people_or_lead_somewhere(words: str, url: str) -> None:
    said = "\n".join(lines_of(words))[:900]
    text = text_to(url, said)
    for sign in ("@everyone", "@here", "<!", "<@", "<http", "://", "](", "tracker.example", "//"):
        assert sign not in text
    if url == SLACK:
        assert "<" not in text
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert said.strip() in text.replace(PARTED, "")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("https://a.example/x?y=b.c", "https|:/|/a|.|example/x?y=b|.|c"),
        ("www.a1.example, 10.com", "www|.|a1|.|example, 10|.|com"),
        ("[Click](http://a.example)", "[Click]|(http|:/|/a|.|example)"),
        ("![x](//a.example)", "![x]|(/|/a|.|example)"),
        ("[x][1]\n[1]: a.example", "[x]|[1]\n[1]|: a|.|example"),
        ("<mailto:eva@a.example>", "<|mailto|:eva@|a|.|example>"),
        ("tel:112 +1://2", "tel|:112 +1|:/|/2"),
        ("@all #town ~square", "@|all #|town ~|square"),
        ("http&#58;//a&period;example &lt;a", "http&|#58;/|/a&|period;example &|lt;a"),
        ("Order #12: 3.50, at 09:14. So: AT&T; R&D", "Order #12: 3.50, at 09:14. So: AT&|T; R&D"),
    ],
)
def test_what_would_begin_a_link_is_parted_and_nothing_else(words: str, parts: str) -> None:
    assert text_to(OTHER, words).replace(PARTED, "|") == parts


def test_each_chat_is_told_to_fetch_nothing() -> None:
    slack = json.loads(chat_message(SLACK, page("So")).body)
    assert (slack["unfurl_links"], slack["unfurl_media"]) == (False, False)
    discord = json.loads(chat_message(DISCORD, page("So")).body)
    assert discord["flags"] == 4
    assert discord["allowed_mentions"] == {"parse": []}


def test_discord_takes_a_short_page_alone() -> None:
    with pytest.raises(SettingsError) as refused:
        chat_message("https://ptb.discord.com/api/webhooks/1/x", page("word " * 500))
    assert refused.value.title.startswith("Discord takes 2000 letters, and this page has 25")
    assert refused.value.title.endswith(", with the signs that keep its links from working")


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (404, "make a new one"),
        (302, "sent nowhere else"),
        (429, "Wait a minute"),
        (500, "Try it again later"),
    ],
)
def test_a_refusal_has_a_next_step_and_their_words(status: int, step: str) -> None:
    assert step in refusal_words(status, "")
    assert refusal_words(status, "no\u202e\nservice").endswith("It says: no service.")


def test_the_host_alone_is_shown() -> None:
    assert host_of(SLACK) == "hooks.slack.com"
    assert host_of("nonsense") == ""
