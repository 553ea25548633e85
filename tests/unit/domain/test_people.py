from datetime import UTC, datetime

from supportdesk.domain.people import CallNote, Person


def test_a_person_may_be_known_by_a_number_alone() -> None:
    known = Person(key="1", name="Ann", numbers=("+431",))
    assert known.emails == ()
    assert known == Person(key="1", name="Ann", numbers=("+431",))


def test_a_note_keeps_what_was_typed() -> None:
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    note = CallNote(key="n", call="call/P/1", number="", label="Ann", words="  so\n", at=at)
    assert note.words == "  so\n"
