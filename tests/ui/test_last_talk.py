"""The two private lines of the tray menu: who was talked to last, whom to call back (F96)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.ui.presenter.last_talk import (
    days_since,
    missed_ago,
    oldest_to_call_back,
    talk_line,
    with_last_talk,
)
from supportdesk.ui.rows import TrayEntry, TrayState, TrayView
from tests.fakes.happenings import OFFICE, T0

TODAY = T0.date()
TALK = Span(
    span_id="talk",
    kind=SpanKind.TALK,
    item="call/Office/1",
    label="Mr Kiss",
    started_at=T0,
    utc_offset=timedelta(hours=1),
    counted_seconds=245.0,
)
MISSED = Call(
    phone=OFFICE,
    call_id=CallId("9"),
    number="+420541220018",
    name="Maison Aubry",
    queue="support",
    started_at=T0,
    outcome=Outcome.MISSED,
    reason=MissedReason.NOBODY_FREE,
)
TRAY = TrayView(state=TrayState.LISTENING, tooltip="supportdesk: All quiet")


@pytest.mark.parametrize(
    ("days", "when"), [(0, "today"), (1, "yesterday"), (2, "2 days ago"), (6, "6 days ago")]
)
def test_it_says_how_long_ago_with_whom_and_for_how_long(days: int, when: str) -> None:
    line = talk_line(TALK, TODAY + timedelta(days=days))
    assert line == f"You last spoke with a customer {when} (Mr Kiss, 4 min)"


def test_a_short_talk_has_its_seconds_and_a_long_name_is_cut() -> None:
    short = replace(TALK, counted_seconds=40.0, label="Fournil\n" + "é" * 80)
    line = talk_line(short, TODAY)
    assert line.startswith("You last spoke with a customer today (Fournil é")
    assert line.endswith("…, 40 s)")
    assert len(line) < 100


def test_days_are_those_of_the_calendar_where_the_founder_was() -> None:
    late = replace(TALK, started_at=T0 + timedelta(hours=13, minutes=30))
    assert days_since(late, TODAY + timedelta(days=1)) == 1
    tokyo = replace(late, utc_offset=timedelta(hours=9))
    assert days_since(tokyo, TODAY + timedelta(days=1)) == 0
    assert days_since(tokyo, TODAY) == 0, "never a day that is to come"


def test_the_oldest_missed_call_with_a_number_is_offered() -> None:
    withheld = MissedPerson(calls=(replace(MISSED, number=""),))
    done = MissedPerson(calls=(replace(MISSED, closed_at=T0),))
    open_ = MissedPerson(calls=(MISSED,))
    assert oldest_to_call_back([withheld, done]) is None
    assert oldest_to_call_back([withheld, done, open_]) == open_
    assert missed_ago(open_, T0) == "just now"
    view = with_last_talk(
        TRAY, TALK, [withheld, open_], today=TODAY, now=T0 + timedelta(minutes=41)
    )
    assert view.call_back == TrayEntry(
        key="call/Office/9", label="Call back Maison Aubry, missed 41 min ago"
    )
    now = with_last_talk(TRAY, TALK, [open_], today=TODAY, now=T0)
    assert now.call_back is not None
    assert now.call_back.label == "Call back Maison Aubry, missed just now"


def test_what_is_not_known_is_not_said() -> None:
    assert with_last_talk(TRAY, None, (), today=TODAY, now=T0) == TRAY


def test_the_lines_are_in_the_menu_alone() -> None:
    view = with_last_talk(
        TRAY, TALK, [MissedPerson(calls=(MISSED,))], today=TODAY, now=T0 + timedelta(hours=1)
    )
    assert replace(view, talk_line="", call_back=None) == TRAY
