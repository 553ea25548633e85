from datetime import UTC, datetime, timedelta

from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.domain.words_page import Passage
from supportdesk.services.masking import LEFT_OUT
from supportdesk.services.naming import Naming
from supportdesk.services.week_lines import LineKind, LineWriter, PageLine
from tests.fakes.cards import MemoryCards

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
THURSDAY = NOW - timedelta(days=1)
INGRID = "ingrid@solheim.example"
CARDS = MemoryCards()
SHOWN = LineWriter(to_local=lambda at: at, now=NOW, naming=Naming(cards=CARDS, is_masked=False))
MASKED = LineWriter(to_local=lambda at: at, now=NOW, naming=Naming(cards=CARDS, is_masked=True))
QUOTE = Quote(
    key="quote/1",
    words="Ingrid here, the button looks as if nothing happened.",
    item="call/Office/7",
    who="Ingrid Solheim",
    contact=INGRID,
    said_at=THURSDAY,
    kept_at=NOW,
    felt=Felt.FRUSTRATED,
    note="Ingrid said it twice",
    talk_seconds=389.0,
)
PROMISE = Promise(
    key="promise/1",
    item="mail/Support/1@x",
    words="I'll send it to Ingrid",
    who="Ingrid Solheim",
    contact=INGRID,
    made_at=THURSDAY,
    due=NOW + timedelta(days=1),
)


def test_a_quote_says_who_where_and_how() -> None:
    assert SHOWN.quote(QUOTE) == PageLine(
        key="quote/1",
        kind=LineKind.QUOTE,
        passage=Passage(
            words=QUOTE.words,
            by="Ingrid Solheim",
            about="call, Thu 19 Nov, 6 min",
            felt=Felt.FRUSTRATED,
            note="Ingrid said it twice",
        ),
        item="call/Office/7",
        contact=INGRID,
        at=NOW,
    )


def test_a_masked_quote_names_nobody_in_any_of_its_parts() -> None:
    passage = MASKED.quote(QUOTE).passage
    assert passage.words == f"{LEFT_OUT} here, the button looks as if nothing happened."
    assert passage.by == "I. S."
    assert passage.note == f"{LEFT_OUT} said it twice"


def test_a_note_of_a_call_and_a_lesson() -> None:
    note = CallNote(
        key="note/1",
        call="call/Office/7",
        number="+4712",
        label="Solheim Bakery",
        words="Solheim wants to leave",
        at=THURSDAY,
        felt=Felt.LET_DOWN,
    )
    line = SHOWN.note(note)
    assert (line.kind, line.item, line.contact) == (LineKind.NOTE, "call/Office/7", "+4712")
    assert (line.passage.by, line.passage.about) == ("Solheim Bakery", "call, Thu 19 Nov")
    assert line.passage.felt is Felt.LET_DOWN
    assert MASKED.note(note).passage.words == f"{LEFT_OUT} wants to leave"
    lesson = Lesson(key="lesson/1", words="Bakers press twice.", at=THURSDAY)
    assert MASKED.lesson(lesson).passage == Passage(words="Bakers press twice.", about="Thu 19 Nov")
    named = Lesson(key="lesson/2", words="So.", who="Ingrid Solheim", item="mail/S/1", at=THURSDAY)
    assert MASKED.lesson(named).passage.by == "I. S."
    assert SHOWN.lesson(named).passage.by == "Ingrid Solheim"
    assert SHOWN.lesson(named).kind is LineKind.LESSON


def test_a_promise_is_kept_or_due() -> None:
    due = SHOWN.promise(PROMISE)
    assert (due.kind, due.passage.about) == (LineKind.OPEN, "due Sat 21 Nov")
    settled = Promise(
        key="promise/1",
        item="",
        words="so",
        who="Ingrid Solheim",
        contact=INGRID,
        made_at=THURSDAY,
        due=NOW,
        state=PromiseState.KEPT,
        settled_at=THURSDAY,
    )
    kept = MASKED.promise(settled)
    assert (kept.kind, kept.passage.about, kept.at) == (LineKind.KEPT, "kept Thu 19 Nov", THURSDAY)
    assert kept.passage.by == "I. S."
    assert MASKED.promise(PROMISE).passage.words == f"I'll send it to {LEFT_OUT}"


def test_a_card_that_was_named_since_names_its_lines_or_masks_them() -> None:
    named = Person(key="1", name="Eva Novak", emails=("eva@out.example",), numbers=("+4712",))
    CARDS.people.append(named)
    note = CallNote(
        key="note/2", call="call/Office/8", number="+4712", label="+4712", words="Eva rang", at=NOW
    )
    learned = Lesson(key="lesson/3", words="Eva bakes", contact="eva@out.example", at=NOW)
    assert [SHOWN.note(note).passage.by, SHOWN.lesson(learned).passage.by] == ["Eva Novak"] * 2
    for passage in (MASKED.note(note).passage, MASKED.lesson(learned).passage):
        assert (passage.by, passage.words.split()[0]) == ("E. N.", LEFT_OUT)
