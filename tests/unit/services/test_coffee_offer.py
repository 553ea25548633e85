"""The morning scroll is offered at the usual hour, once a day, and only for something new."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from supportdesk.domain.alerts import Action, AlertKind, AlertPage
from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered, CallEnded
from supportdesk.domain.settings import ReadingSettings, RitualSettings, Settings
from tests.fakes.happenings import (
    OFFICE,
    DeskRig,
    a_member,
    a_message,
    arrived,
    missed,
    raised,
    settings_with,
    withdrawn,
)
from tests.fakes.stores import MemoryDeskStore
from tests.unit.services.test_weekly_nudge import a_span

# A Friday; local time in these tests is UTC.
SEVEN = datetime(2026, 11, 20, 7, tzinfo=UTC)
NINE = SEVEN + timedelta(hours=2)
_WANTED = RitualSettings(coffee_scroll=True)


def settings(*, is_wanted: bool = True, hour: time | None = None) -> Settings:
    return replace(
        settings_with(),
        ritual=_WANTED if is_wanted else RitualSettings(),
        reading=ReadingSettings(nudge_at=hour or time(9), is_nudge_wanted=False),
    )


def a_rig(
    *,
    at: datetime = SEVEN,
    store: MemoryDeskStore | None = None,
    wanted: Settings | None = None,
) -> DeskRig:
    rig = DeskRig(settings=wanted or settings(), now=at, store=store).listen(a_member("Anna"))
    rig.forget()
    return rig


def offers(rig: DeskRig) -> list[tuple[str, str]]:
    told = [one for one in raised(rig.notices) if one.kind is AlertKind.MORNING]
    return [(one.title, one.body) for one in told]


def titles(rig: DeskRig) -> list[str]:
    return [title for title, _ in offers(rig)]


def mail(rig: DeskRig, uid: int, who: str = "") -> str:
    message = a_message(uid, at=rig.now, who=who)
    rig.apply(arrived(message))
    return message.key


def test_at_its_hour_it_says_who_came_and_leads_to_the_scroll() -> None:
    rig = a_rig()
    mail(rig, 1)
    mail(rig, 2, who="Jana")
    mail(rig, 3, who="Jana")
    rig.wait_until(NINE - timedelta(seconds=1))
    assert titles(rig) == []
    rig.wait_until(NINE)
    [alert] = [one for one in rig.desk.alerts() if one.kind is AlertKind.MORNING]
    assert (alert.title, alert.body) == (
        "2 people wrote, with your coffee",
        "The morning scroll: all of it, oldest first, and an end.",
    )
    assert (alert.page, alert.actions) == (
        AlertPage.MORNING,
        (Action.READ_THEM, Action.NOT_TODAY),
    )


def test_calls_count_too() -> None:
    rig = a_rig()
    rig.apply(replace(missed("1", number="+420 1"), at=rig.now))
    rig.wait_until(NINE)
    assert titles(rig) == ["1 person called, with your coffee"]
    other = a_rig()
    mail(other, 1)
    other.apply(replace(missed("1", number="+420 1"), at=other.now))
    other.wait_until(NINE)
    assert titles(other) == ["2 people wrote or called, with your coffee"]


@pytest.mark.parametrize("what", ["nothing", "machine", "read", "old"])
def test_with_nothing_new_nothing_is_offered(what: str) -> None:
    rig = a_rig()
    if what == "machine":
        rig.apply(arrived(a_message(1, at=rig.now, is_robot=True)))
    elif what == "read":
        rig.take(rig.desk.read(mail(rig, 1), rig.now))
    elif what == "old":
        rig.apply(arrived(a_message(1, at=rig.now - timedelta(days=8))))
    rig.wait_until(NINE + timedelta(hours=1))
    assert titles(rig) == []


def test_it_is_off_unless_it_is_wanted() -> None:
    rig = a_rig(wanted=settings(is_wanted=False))
    mail(rig, 1)
    rig.wait_until(NINE + timedelta(days=1))
    assert titles(rig) == []


def test_once_a_day_also_over_a_restart_and_again_the_next_working_day() -> None:
    store = MemoryDeskStore()
    rig = a_rig(store=store)
    mail(rig, 1)
    rig.wait_until(NINE)
    again = DeskRig(
        settings=settings(), now=NINE, store=store, messages=[a_message(1, at=SEVEN)]
    ).listen()
    again.wait_until(NINE + timedelta(minutes=10))
    assert titles(again) == []
    # Saturday and Sunday are nobody's working days.
    again.wait_until(NINE + timedelta(days=2))
    assert titles(again) == []
    mail(again, 2)
    again.wait_until(NINE + timedelta(days=3))
    assert len(titles(again)) == 1


def test_it_waits_for_the_end_of_a_silence_but_not_for_the_afternoon() -> None:
    rig = a_rig()
    mail(rig, 1)
    rig.take(rig.desk.pause(NINE + timedelta(hours=1), rig.now))
    rig.wait_until(NINE + timedelta(minutes=59))
    assert titles(rig) == []
    rig.wait_until(NINE + timedelta(hours=1))
    assert len(titles(rig)) == 1
    late = a_rig()
    mail(late, 1)
    late.take(late.desk.pause(NINE + timedelta(hours=4), late.now))
    late.wait_until(NINE + timedelta(hours=5))
    assert titles(late) == []


def test_not_while_the_screen_is_shown_or_the_founder_talks() -> None:
    shown = settings()
    presenting = replace(shown, alerts=replace(shown.alerts, presenting=True))
    rig = a_rig(wanted=presenting)
    mail(rig, 1)
    rig.wait_until(NINE + timedelta(minutes=1))
    assert titles(rig) == []


def test_it_is_taken_back_when_all_is_read_or_the_morning_is_over() -> None:
    rig = a_rig()
    key = mail(rig, 1)
    rig.wait_until(NINE)
    rig.take(rig.desk.read(key, rig.now))
    assert len(withdrawn(rig.notices)) >= 1
    assert not [one for one in rig.desk.alerts() if one.kind is AlertKind.MORNING]
    other = a_rig()
    mail(other, 1)
    other.wait_until(NINE + timedelta(hours=3) - timedelta(seconds=1))
    assert [one for one in other.desk.alerts() if one.kind is AlertKind.MORNING]
    other.wait_until(NINE + timedelta(hours=3))
    assert not [one for one in other.desk.alerts() if one.kind is AlertKind.MORNING]


def test_switched_off_it_is_gone() -> None:
    rig = a_rig()
    mail(rig, 1)
    rig.wait_until(NINE)
    rig.take(rig.desk.change_settings(settings(is_wanted=False), rig.now))
    assert not [one for one in rig.desk.alerts() if one.kind is AlertKind.MORNING]


def test_its_hour_is_learned_from_when_the_founder_usually_reads() -> None:
    store = MemoryDeskStore()
    for days in range(1, 9):
        store.append_span(a_span(SEVEN + timedelta(hours=1) - timedelta(days=days), 10))
    learned = replace(settings(), reading=ReadingSettings(is_nudge_wanted=False))
    fresh = DeskRig(settings=learned, now=SEVEN, store=store)
    assert fresh.desk.next_wakeup(SEVEN) == SEVEN + timedelta(seconds=1)
    rig = a_rig(store=store, wanted=learned)
    mail(rig, 1)
    rig.wait_until(SEVEN + timedelta(minutes=59))
    assert titles(rig) == []
    rig.wait_until(SEVEN + timedelta(hours=1))
    assert len(titles(rig)) == 1


def test_a_founder_on_the_phone_is_left_alone() -> None:
    rig = a_rig()
    mail(rig, 1)
    rig.apply(
        CallAnswered(
            phone=OFFICE,
            call_id=CallId("1"),
            number="+420111222333",
            by="you",
            by_interface="PJSIP/100",
            hold_seconds=4,
            at=rig.now,
        )
    )
    rig.wait_until(NINE + timedelta(minutes=10))
    assert titles(rig) == []
    rig.apply(CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=600, at=rig.now))
    assert len(titles(rig)) == 1
