from dataclasses import replace

import pytest

from supportdesk.domain.people import CallNote
from supportdesk.domain.phone_week import PhoneDay, Ramp
from supportdesk.domain.voices import Lesson
from supportdesk.services.naming import Naming
from supportdesk.services.phone_week_page import (
    is_told,
    phone_week_page,
    ramp_words,
    talk_words,
    talks_words,
)
from supportdesk.services.phone_weeks import Gathered
from tests.fakes.cards import MemoryCards
from tests.fakes.happenings import as_utc
from tests.unit.services.test_phone_weeks import (
    MONDAY,
    THURSDAY,
    TUESDAY,
    Records,
    at,
    maya,
    quote,
    talk,
    weeks_of,
)

SHOWN = Naming(cards=MemoryCards(), is_masked=False)
MASKED = Naming(cards=MemoryCards(), is_masked=True)
NOW = at(THURSDAY, 18)
OWN = talk(1, "Maya", at(THURSDAY), minutes=6)
BESIDE = talk(2, "Anna", at(TUESDAY), minutes=0.5)


def gathered() -> Gathered:
    records = Records(OWN, BESIDE)
    records.quotes.append(quote("q", OWN.key, OWN.started_at))
    records.learned.append(
        Lesson(
            key="l",
            item=OWN.key,
            words="Ingrid bakes at night.",
            who="Ingrid",
            contact="+420111",
            at=OWN.started_at,
        )
    )
    records.noted.append(
        CallNote(
            key="n",
            call=OWN.key,
            number="+420111",
            label="Ingrid",
            words="Call Ingrid in the morning.",
            at=OWN.started_at,
        )
    )
    weeks = weeks_of(records)
    return weeks.gathered(maya(weeks))


def test_the_page_has_every_day_with_the_talks_behind_its_minutes() -> None:
    page = phone_week_page(gathered(), as_utc, now=NOW, naming=SHOWN)
    assert (page.title, page.subtitle) == ("Maya on the phones", "Mon 16 – Sun 22 Nov")
    days, quotes, notes, lessons = page.written
    assert [(one.words, one.about) for one in days.passages] == [
        ("Mon 16 Nov, listening to Anna", ""),
        ("Tue 17 Nov, listening to Anna\nAnna: 09:00 Ingrid, 30 s", ""),
        ("Wed 18 Nov, with Anna beside them", ""),
        ("Thu 19 Nov, alone\n09:00 Ingrid, 6 min", "1 talk, 6 min"),
        ("Fri 20 Nov, alone", ""),
    ]
    assert quotes.are_quotes
    assert [one.words for one in quotes.passages] == ["Twice again."]
    assert [one.words for one in notes.passages] == ["Call Ingrid in the morning."]
    assert [one.words for one in lessons.passages] == ["Ingrid bakes at night."]
    assert page.footer == ""


def test_names_of_customers_can_be_left_out_everywhere() -> None:
    page = phone_week_page(gathered(), as_utc, now=NOW, naming=MASKED)
    said = " ".join(
        f"{one.words} {one.by} {one.note}" for section in page.written for one in section.passages
    )
    assert "Ingrid" not in said
    assert "Maya" in page.title
    assert "Anna: 09:00 I." in said
    assert page.footer == "The names of these customers are left out, as far as they are known."


@pytest.mark.parametrize(
    ("ramp", "alone", "together"),
    [
        (Ramp.LISTEN, "listening", "listening to Anna"),
        (Ramp.BUDDY, "with a buddy", "with Anna beside them"),
        (Ramp.ALONE, "alone", "alone"),
        (Ramp.OFF, "not on", "not on"),
    ],
)
def test_what_somebody_does_in_words(ramp: Ramp, alone: str, together: str) -> None:
    assert ramp_words(ramp, "") == alone
    assert ramp_words(ramp, "Anna") == together


def test_a_day_off_is_told_only_of_who_talked_on_it() -> None:
    assert not is_told(PhoneDay(day=MONDAY, ramp=Ramp.OFF))
    assert is_told(PhoneDay(day=MONDAY, ramp=Ramp.OFF, talks=(OWN,)))


def test_a_talk_that_goes_on_has_no_length_yet() -> None:
    going_on = replace(OWN, closed_at=None, talk_seconds=0, name="")
    assert talk_words(going_on, as_utc, SHOWN) == "09:00 +420111, going on"
    assert talks_words([OWN, BESIDE]) == "2 talks, 6 min"
