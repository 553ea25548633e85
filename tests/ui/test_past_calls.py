"""What became of calls, in words: by person, call by call, and where nobody knows."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.services.call_records import FOUNDER, Gap
from supportdesk.services.missed_calls import BY_MAIL, MissedPerson
from supportdesk.services.one_ring_share import OneRingShare
from supportdesk.ui.presenter.one_ring import ring_figure
from supportdesk.ui.presenter.past_calls import PastItem, PastRows, past_entry
from supportdesk.ui.rows import CallEntry, CallMark, CallsTab, FigurePart
from tests.fakes.happenings import OFFICE, T0, after

NOW = after(7200)
MISSED = Call(
    phone=OFFICE,
    call_id=CallId("1"),
    number="+420541220018",
    name="Pavel Kiss",
    queue="support",
    started_at=T0,
    outcome=Outcome.MISSED,
    wait_seconds=41,
    reason=MissedReason.NOBODY_FREE,
)


def entry(item: PastItem, note: str = "") -> CallEntry:
    return past_entry(item, NOW, note)


def chip(item: PastItem) -> str:
    return entry(item).chips[0].label


def clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


@pytest.mark.parametrize(
    ("reason", "wait_seconds", "words"),
    [
        (MissedReason.NOBODY_FREE, 15, "hung up after 15 s, nobody was free"),
        (MissedReason.GAVE_UP, 41, "hung up after 41 s"),
        (MissedReason.PHONE_OFFLINE, 0, "the phone was offline"),
    ],
)
def test_why_a_call_was_missed_is_a_sentence(
    reason: MissedReason, wait_seconds: float, words: str
) -> None:
    call = replace(MISSED, reason=reason, wait_seconds=wait_seconds)
    assert entry(MissedPerson(calls=(call,))).why == words


def test_an_open_row_says_how_long_and_how_often() -> None:
    again = replace(MISSED, call_id=CallId("2"), started_at=after(600))
    row = entry(MissedPerson(calls=(MISSED, again)), "Wants the invoice")
    assert row.mark is CallMark.MISSED
    assert row.is_hot
    assert (row.tries, row.age_label) == (2, "2 h 00")
    assert row.tries_line == f"Tries at {clock(T0)}, {clock(after(600))}"
    assert row.note == "Wants the invoice"
    assert "Wants the invoice" in row.accessible_text


def test_what_became_of_it_by_whom_and_when() -> None:
    at = after(300)
    closed = replace(MISSED, closed_at=at)
    when = clock(at)
    assert chip(MissedPerson(calls=(MISSED,))) == "waiting for a call back"
    assert chip(MissedPerson(calls=(closed,))) == f"marked as done, {when}"
    assert chip(replace(closed, by="Anna")) == f"reached by Anna, {when}"
    assert chip(replace(closed, by=BY_MAIL)) == f"answered by mail, {when}"
    back = replace(closed, outcome=Outcome.CALLED_BACK)
    assert chip(back) == f"called back, {when}"
    assert chip(replace(back, by=FOUNDER)) == f"called back by you, {when}"
    assert entry(closed).mark is CallMark.DONE


def test_calls_counted_in_a_gap_are_a_gap() -> None:
    unseen = replace(MISSED, number="", name="", reason=MissedReason.UNSEEN, wait_seconds=420)
    person = MissedPerson(calls=(unseen, replace(unseen, call_id=CallId("2"))))
    row = entry(person)
    assert row.who == f"Phones unknown {clock(T0)}\N{EN DASH}{clock(after(420))}"
    assert (row.mark, row.why) == (CallMark.GAP, "2 calls missed")
    assert chip(person) == "nobody knows who called"
    done = MissedPerson(calls=(replace(unseen, closed_at=after(500)),))
    assert entry(done).mark is CallMark.DONE


@pytest.mark.parametrize(
    ("missed", "words"),
    [
        (None, "it is not known if anybody called"),
        (0, "the queues missed nobody"),
        (1, "1 call missed"),
    ],
)
def test_a_gap_says_what_is_known_of_it(missed: int | None, words: str) -> None:
    gap = Gap(phone=OFFICE, since=T0, until=after(420), missed=missed)
    assert entry(gap).why == words


def test_a_gap_over_days_names_them() -> None:
    gap = Gap(phone=OFFICE, since=T0 - timedelta(days=2), until=T0, missed=0)
    assert " \N{EN DASH} " in entry(gap).who


def test_single_calls_say_how_they_went() -> None:
    answered = replace(MISSED, outcome=Outcome.ANSWERED, by="Anna", wait_seconds=4, talk_seconds=80)
    assert entry(answered).why == "answered by Anna after 4 s, talked 80 s"
    assert entry(answered).tries_line == "+420541220018, support"
    assert entry(replace(answered, by="", wait_seconds=0, talk_seconds=0)).why == "answered"
    assert entry(replace(answered, outcome=Outcome.TAKEN, by=FOUNDER)).mark is CallMark.TAKEN
    assert entry(replace(MISSED, outcome=Outcome.WAITING)).why == "waits on the line"
    called = replace(answered, outcome=Outcome.CALLED)
    assert entry(called).mark is CallMark.CALLED
    assert entry(called).why == "called by Anna, talked 80 s"
    assert "not known" in entry(replace(MISSED, outcome=Outcome.UNKNOWN)).why
    assert entry(replace(MISSED, name="")).tries_line == "support"


def test_rows_are_worded_when_they_come_in_sight() -> None:
    worded: list[str] = []

    def word(item: PastItem) -> CallEntry:
        made = entry(item)
        worded.append(made.key)
        return made

    calls = [replace(MISSED, call_id=CallId(str(number))) for number in range(1000)]
    source = PastRows(calls, word)
    assert source.count == 1000
    assert [row.key for row in source.rows(10, 12)] == worded == [calls[10].key, calls[11].key]
    assert source.index_of(calls[999].key) == 999
    assert source.index_of("") == source.index_of("call/Office/gone") == -1
    assert source.heading_before(5) == -1


def test_each_number_of_the_week_opens_its_callers() -> None:
    calls = [replace(MISSED, call_id=CallId(str(number))) for number in range(31)]
    share = OneRingShare(within=tuple(calls[:27]), beyond=tuple(calls[27:]), unknown=())
    figure = ring_figure(share)
    assert figure is not None
    assert figure.figure == FigurePart(words="27", opens=CallsTab.WITHIN_RING)
    assert figure.of_what == "of 31 calls"
    assert figure.parts == (
        FigurePart(words="the 4 that were not, caller by caller", opens=CallsTab.BEYOND_RING),
    )


def test_there_is_no_number_that_nobody_stands_behind() -> None:
    one = (MISSED,)
    assert ring_figure(None) is None
    none = ring_figure(OneRingShare(within=(), beyond=one, unknown=()))
    assert none is not None
    assert (none.figure, none.of_what) == (None, "None of 1 call")
    assert none.parts[0].words.startswith("the one that was not")
    unseen = ring_figure(OneRingShare(within=(), beyond=(), unknown=one))
    assert unseen is not None
    assert (unseen.figure, unseen.of_what) == (None, "Not known")
    assert unseen.parts[0].opens is CallsTab.UNSEEN
    late = ring_figure(OneRingShare(within=one, beyond=(), unknown=(), after_hours=one))
    assert late is not None
    assert late.parts[-1] == FigurePart(
        words="1 call not counted: outside the opening hours", opens=CallsTab.AFTER_HOURS
    )
    whole = ring_figure(OneRingShare(within=one, beyond=(), unknown=()))
    assert whole is not None
    assert whole.parts[0].opens is CallsTab.WITHIN_RING
