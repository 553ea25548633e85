"""What is typed finds what was written, in any of its spellings, newest first."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.mail_search import UNREADABLE, MailSearch, SearchGivenUp
from supportdesk.adapters.storage.search_database import SearchPaths, open_both
from supportdesk.adapters.storage.search_schema import parts_in
from supportdesk.domain.cards import NestedMessage
from supportdesk.domain.mail import Mailer
from supportdesk.domain.search import Found, SearchAnswer, SearchHit
from tests.adapters.mail_examples import NOW, keep_text, mail, store, text_of, work_off

Search = Callable[..., SearchAnswer]


@pytest.fixture
def paths(tmp_path: Path) -> SearchPaths:
    return SearchPaths.beside(tmp_path / "mail.db")


@pytest.fixture
def writer(paths: SearchPaths) -> Iterator[MailCacheWriter]:
    cache = MailCacheWriter(paths.mail_db)
    yield cache
    cache.close()


@pytest.fixture
def search(paths: SearchPaths) -> Iterator[Search]:
    """Bring the index up to date, then look."""
    index, searching = MailIndex(paths), MailSearch(paths)

    def look(words: str, limit: int = 50) -> SearchAnswer:
        work_off(index)
        return searching.answer(words, limit, lambda: False)

    yield look
    index.close()
    searching.close()


def ids(answer: SearchAnswer) -> list[int]:
    return [hit.message.address.uid for hit in answer.hits]


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in marks]


def written(writer: MailCacheWriter, *texts: str) -> None:
    """One message for each text, the first with uid 1."""
    for uid, text in enumerate(texts, start=1):
        store(writer, mail(uid))
        keep_text(writer, text_of(mail(uid), text))


def test_newest_first_and_no_more_than_asked_for(writer: MailCacheWriter, search: Search) -> None:
    written(writer, *["refund"] * 5)
    answer = search("refund", limit=3)
    assert ids(answer) == [5, 4, 3]
    assert answer.has_more
    assert not search("refund", limit=5).has_more


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Příliš žluťoučký kůň", "prilis zlutoucky kun "),
        ("Příliš žluťoučký kůň", "PŘÍLIŠ "),
        ("Prilis zlutoucky", "žluťoučký "),
        ("P\u0159i\u0301lis\u030c", "Příliš "),
        ("Őrült űrhajó", "orult urhajo "),
        ("orult urhajo", "őrült űrhajó "),
        ("Herr Müller, schöne Grüße", "mueller schoene gruesse "),
        ("Herr Mueller, schoene Gruesse", "müller schöne grüße "),
        ("Herr Müller, schöne Grüße", "muller schone grusse "),
        ("Hauptstraße", "hauptstrasse "),
        ("HAUPTSTRASSE", "hauptstraße "),
        ("Łódź, Źrebię", "lodz zrebie "),
        ("Søren Sørensen", "soerensen soren "),
        ("Æsop œuvre", "aesop oeuvre "),
        ("ISPARTA ısı İzmir", "isparta isi izmir "),
        ("Đurđević", "durdevic "),
        ("Ёлка зелёная", "елка зеленая "),
        ("Αθήνα", "αθηνα "),
        ("注文した商品が届きません", "商品 "),
    ],
)
def test_with_and_without_accents(
    writer: MailCacheWriter, search: Search, text: str, typed: str
) -> None:
    written(writer, f"Dear all, {text} and more", "something else")
    found = search(typed)
    assert ids(found) == [1]
    assert found.hits[0].snippet_marks


def test_the_last_word_may_go_on_while_one_types(writer: MailCacheWriter, search: Search) -> None:
    written(writer, "the parcel came", "the parcels came", "par")
    assert ids(search("parc")) == [2, 1]
    assert ids(search("parcel")) == [2, 1]
    assert ids(search("parcel ")) == [1]
    assert ids(search("par came")) == []
    assert ids(search("pa")) == [3, 2, 1]
    assert ids(search("p")) == []


def test_words_phrases_and_what_is_not_wanted(writer: MailCacheWriter, search: Search) -> None:
    written(writer, "late order, again", "order is late", "an order")
    assert ids(search("late order ")) == [2, 1]
    assert ids(search('"late order"')) == [1]
    assert ids(search("late-order ")) == [1]
    assert ids(search("order -late ")) == [3]
    assert ids(search('order -"late order" ')) == [3, 2]
    assert ids(search("-late ")) == [3]


def test_fields(writer: MailCacheWriter, search: Search) -> None:
    store(
        writer,
        mail(1, subject="Invoice", sender="Anna Nováková", email="anna@firm.example"),
        mail(2, subject="From Anna", sender="Bob"),
        replace(mail(3), recipients=(Mailer(name="Anna", email="a@b.example"),)),
    )
    assert ids(search("anna ")) == [3, 2, 1]
    assert ids(search("from:anna ")) == [1]
    assert ids(search('from:"anna novakova" ')) == [1]
    assert ids(search("from:anna@firm.example ")) == [1]
    assert ids(search("from:firm")) == [1]
    assert ids(search("to:anna ")) == [3]
    assert ids(search("subject:anna ")) == [2]
    assert ids(search("anna -from:anna ")) == [3, 2]


def test_days_are_local_days(writer: MailCacheWriter, search: Search) -> None:
    def local(day: int, hour: int) -> datetime:
        return datetime(2026, 10, day, hour).astimezone(UTC)

    store(
        writer,
        mail(1, arrived_at=local(1, 0) - timedelta(seconds=1)),
        mail(2, arrived_at=local(1, 0)),
        mail(3, arrived_at=local(2, 23)),
    )
    assert ids(search("before:2026-10-01 ")) == [1]
    assert ids(search("after:2026-10-01 ")) == [3, 2]
    assert ids(search("after:2026-10-01 before:2026-10-02 ")) == [2]
    assert ids(search("order before:2026-10-02 -3 ")) == [2, 1]
    assert ids(search("after:0001-01-01 ")) == [3, 2, 1]
    assert ids(search("after:9999-01-01 ")) == []


def test_attachments(writer: MailCacheWriter, search: Search) -> None:
    store(writer, mail(1), mail(2, has_attachments=True), mail(3))
    keep_text(writer, text_of(mail(1), "here", files=("Účet 2026.pdf", "foto.jpg")))
    assert ids(search("has:attachment ")) == [2, 1]
    assert ids(search("-has:attachment ")) == [3]
    found = search("ucet ").hits[0]
    assert (found.where, found.file) == ((Found.FILE,), "Účet 2026.pdf")
    assert found.snippet == "here"
    assert found.snippet_marks == ()


def test_a_forwarded_message_is_searched_too(writer: MailCacheWriter, search: Search) -> None:
    store(writer, mail(1))
    card = NestedMessage(sender="Eve", subject="Broken lamp", text="It flickers")
    keep_text(writer, replace(text_of(mail(1), "see below"), cards=(card,)))
    hit = search("flickers ").hits[0]
    assert hit.where == (Found.TEXT,)
    assert marked(hit.snippet, hit.snippet_marks) == ["flickers"]


def test_mail_without_a_text_is_found_by_what_is_known_of_it(
    writer: MailCacheWriter, search: Search
) -> None:
    store(writer, mail(1, subject="Lamp", preview="The lamp flickers at night"))
    hit = search("flickers ").hits[0]
    assert hit.message.address.uid == 1
    assert hit.snippet == "The lamp flickers at night"


def hit_for(search: Search, typed: str) -> SearchHit:
    return search(typed).hits[0]


def test_where_it_was_found_is_marked(writer: MailCacheWriter, search: Search) -> None:
    message = mail(1, subject="Müller: refund", sender="Jan Müller", email="jan@mueller.example")
    store(writer, message)
    long = "Lorem ipsum dolor sit amet. " * 40
    keep_text(writer, text_of(message, f"{long}\n\nPlease refund\tMr Mueller today. {long}"))
    hit = hit_for(search, "mueller refund ")
    assert hit.where == (Found.SUBJECT, Found.SENDER, Found.TEXT)
    assert marked(hit.message.subject, hit.subject_marks) == ["Müller", "refund"]
    assert marked("Jan Müller", hit.sender_marks) == ["Müller"]
    assert marked(hit.snippet, hit.snippet_marks) == ["refund", "Mueller"]
    assert hit.snippet.startswith("…")
    assert "\n" not in hit.snippet
    assert len(hit.snippet) < 200
    assert search("mueller").hits[0].snippet_marks


def test_marks_that_overlap_are_one(writer: MailCacheWriter, search: Search) -> None:
    written(writer, "late order")
    hit = hit_for(search, '"late order" order late ')
    assert marked(hit.snippet, hit.snippet_marks) == ["late order"]


def test_a_word_within_a_word_is_not_marked(writer: MailCacheWriter, search: Search) -> None:
    written(writer, "disorder border order_now reorder ÆGIR ægir")
    hit = hit_for(search, "order ")
    assert marked(hit.snippet, hit.snippet_marks) == ["order"]
    assert marked(hit.snippet, hit_for(search, "aegir ").snippet_marks) == ["ÆGIR", "ægir"]


def test_found_in_the_history_alone(writer: MailCacheWriter, search: Search) -> None:
    store(writer, mail(1))
    keep_text(writer, text_of(mail(1), "Thanks.", quoted="> Bob wrote: the parcel"))
    assert marked(*_snippet(search, "parcel ")) == ["parcel"]


def _snippet(search: Search, typed: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    hit = hit_for(search, typed)
    return hit.snippet, hit.snippet_marks


def test_strange_characters_leave_the_snippet_a_line(
    writer: MailCacheWriter, search: Search
) -> None:
    written(writer, "see \u202egpj.exe\u0007 \u200bparcel" + "x" * 500)
    snippet, _ = _snippet(search, "see ")
    assert snippet.isprintable()
    assert search("parcel").hits


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.text(max_size=60))
def test_nothing_typed_fails(writer: MailCacheWriter, search: Search, typed: str) -> None:
    written(writer, 'some words (with) "quotes" AND NOT * here')
    search(typed)
    search(f"words {typed}")
    search(f'from:"{typed}')


@pytest.mark.parametrize(
    "typed", ["AND", "NOT x", "NEAR(a b)", "a*b", "{x}:y", "'", "words:x ^y", "-"]
)
def test_operators_of_the_index_are_words(
    writer: MailCacheWriter, search: Search, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    written(writer, "some words")
    caplog.set_level("INFO")
    search(typed)
    assert not caplog.records


def test_an_empty_search_finds_nothing_and_says_what_was_wrong(search: Search) -> None:
    assert search(" ") == SearchAnswer(words=" ")
    assert search("before:never ").notes


def test_without_a_cache_or_an_index_nothing_is_found(paths: SearchPaths) -> None:
    searching = MailSearch(paths)
    assert searching.answer("x", 5, lambda: False).hits == ()
    writer = MailCacheWriter(paths.mail_db)
    store(writer, mail(1))
    assert searching.answer("order", 5, lambda: False).hits == ()
    index = MailIndex(paths)
    work_off(index)
    assert len(searching.answer("order", 5, lambda: False).hits) == 1
    searching.close()
    index.close()
    paths.search_db.write_bytes(b"damaged" * 5000)
    answer = searching.answer("order", 5, lambda: False)
    assert (answer.hits, answer.notes) == ((), (UNREADABLE,))
    searching.close()
    writer.close()


def test_a_search_that_nobody_waits_for_is_given_up(
    paths: SearchPaths, writer: MailCacheWriter, search: Search
) -> None:
    store(writer, *(mail(uid, arrived_at=NOW) for uid in range(1, 3000)))
    search("order")
    searching = MailSearch(paths)
    with pytest.raises(SearchGivenUp):
        searching.run(
            lambda mail: mail.execute("SELECT sum(length(subject)) FROM places").fetchall(),
            lambda: True,
        )
    assert searching.answer("order", 5, lambda: False).hits
    searching.close()


def test_a_search_goes_back_through_the_years(
    paths: SearchPaths, writer: MailCacheWriter, search: Search
) -> None:
    texts = ["refund lamp", "refunds", "refund chair", "lamp", "refund lamp refunded"]
    for uid, text in enumerate(texts, start=1):
        store(writer, mail(uid, arrived_at=NOW - timedelta(days=800 * (5 - uid))))
        keep_text(writer, text_of(mail(uid), text))
    assert ids(search("refun")) == [5, 3, 2, 1]
    assert ids(search("lamp refun")) == [5, 1]
    assert ids(search("chair refun")) == [3]
    assert ids(search("refun", limit=2)) == [5, 3]
    assert ids(search("before:2024-01-01 refun")) == [3, 2, 1]
    assert ids(search("refund after:2021 before:2026 ")) == [3]
    with closing(open_both(paths) or sqlite3.connect(":memory:")) as connection:
        assert len(parts_in(connection, "search")) == 5
