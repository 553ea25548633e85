from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage
from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered, CalleeAnswered, CallMissed
from supportdesk.domain.settings import AlertSettings
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.missed_alerts import MissedAlertRules
from tests.fakes.happenings import (
    DOOR,
    HOOK_SETTINGS,
    OFFICE,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_snapshot,
    after,
    as_utc,
    covered,
    happened,
    joined,
    news,
    raised,
    settings_with,
    updated,
    withdrawn,
)
from tests.fakes.happenings import missed as a_missed_call

BUSY_TEAM = (a_member("Anna"), a_member("Ben"), a_member("Cleo"))
MINUTE = 60.0


def a_rig(alerts: AlertSettings | None = None) -> DeskRig:
    return DeskRig(settings=settings_with(mail=(), alerts=alerts)).listen(*BUSY_TEAM)


def answered(call_id: str, *, at: float = 14) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        by="Anna",
        by_interface="",
        hold_seconds=14,
        at=after(at),
    )


missed = partial(a_missed_call, at=41, number="+33 1", name="Maison Aubry", waited=41)


# --- one a person ------------------------------------------------------------------------


# --- missed ------------------------------------------------------------------------------


def test_a_missed_call_is_told_and_alerts() -> None:
    rig = a_rig()
    told = rig.apply(missed("1"))
    [fact] = happened(told)
    assert (fact.kind, fact.outcome, fact.seconds) == (AlertKind.MISSED, "missed", 41)
    assert (fact.number, fact.name, fact.call_id) == ("+33 1", "Maison Aubry", "1")
    [alert] = raised(told)
    assert (alert.title, alert.body) == (
        "Missed: Maison Aubry",
        "Hung up after 41 s, nobody was free.",
    )
    assert alert.actions == (Action.CALL_BACK, Action.SNOOZE)
    assert (alert.item, alert.covers) == ("call/Office/1", ("call/Office/1",))


def test_a_wait_that_is_not_known_is_no_number() -> None:
    rig = a_rig()
    [fact] = happened(rig.apply(replace(missed("1"), waited_seconds=0)))
    assert (fact.seconds, fact.body) == (None, "Hung up, nobody was free.")


def test_another_try_of_the_same_person_updates_the_alert() -> None:
    rig = a_rig()
    [first] = raised(rig.apply(missed("1")))
    rig.apply(missed("5", number="+999", name="Ingrid"))
    [update] = updated(rig.apply(missed("2", at=100), at=after(100)))
    assert update.key == first.key
    assert update.item == "call/Office/2"
    assert update.covers == ("call/Office/1", "call/Office/2")
    assert "2nd try today" in update.body


def test_it_is_taken_back_when_anyone_reaches_that_person() -> None:
    rig = a_rig()
    rig.apply(missed("1"))
    rig.apply(joined(a_caller("2", number="+33 1")))
    told = rig.apply(answered("2", at=60), at=after(60))
    assert withdrawn(told) == [("Missed: Maison Aubry", "reached by Anna")]


def test_it_is_taken_back_when_called_back_or_closed() -> None:
    rig = a_rig()
    rig.apply(missed("1"))
    rig.apply(missed("2", number="+44", name="Ingrid"))
    called = CalleeAnswered(
        phone=OFFICE,
        call_id=CallId("out"),
        number="+33 1",
        by="Anna",
        by_interface="PJSIP/201",
        at=after(60),
    )
    rig.apply(called)
    rig.take(rig.desk.close_missed("call/Office/2", after(60)))
    assert withdrawn(rig.notices) == [
        ("Missed: Maison Aubry", "called back"),
        ("Missed: Ingrid", "closed here"),
    ]


def test_without_a_number_it_can_only_be_shown() -> None:
    rig = a_rig()
    [alert] = raised(rig.apply(missed("1", number="", name="")))
    assert alert.actions == (Action.SHOW, Action.SNOOZE)


def test_calls_missed_while_we_were_deaf_are_one_alert() -> None:
    rig = a_rig()
    told = rig.apply(
        a_snapshot(members=BUSY_TEAM, at=after(420), deaf_since=after(0), missed_meanwhile=2),
        at=after(420),
    )
    [fact] = happened(told)
    [alert] = raised(told)
    assert fact.title == alert.title == "2 calls were missed"
    assert alert.body.startswith("While we were not listening, 09:00–09:07.")
    assert len(alert.covers) == 2
    assert alert.actions == (Action.SHOW,)


def test_a_snoozed_missed_call_comes_back_in_new_words() -> None:
    rig = a_rig()
    rig.apply(missed("1"))
    rig.take(rig.desk.snooze(rig.desk.alerts()[0].key, rig.now))
    rig.apply(missed("2", at=100), at=after(100))
    rig.take(rig.desk.snooze(rig.desk.alerts()[0].key, rig.now))
    assert [alert.covers for alert in raised(rig.wait(3_600))] == [
        ("call/Office/1", "call/Office/2")
    ]
    assert len(rig.desk.alerts()) == 1


def test_a_call_nobody_knows_is_over() -> None:
    rig = a_rig()
    rules = MissedAlertRules(
        rig.desk.calls, AlertBook(rig.store, AlertRules(AlertSettings())), rig.desk.knocks, as_utc
    )
    assert rules.why_over("call/Office/none") == "no longer known"
    rules.tell(["call/Office/none"], rig.now)
    assert rig.titles == []


def test_calls_missed_since_are_counted_by_their_end() -> None:
    rig = a_rig()
    rules = MissedAlertRules(
        rig.desk.calls, AlertBook(rig.store, AlertRules(AlertSettings())), rig.desk.knocks, as_utc
    )
    rig.apply(missed("1", at=41))
    rig.apply(missed("2", at=100))
    assert [rules.missed_since(after(at)).count for at in (0, 42, 101)] == [2, 1, 0]


def test_a_missed_call_can_be_returned_by_another_phone_or_the_desktop() -> None:
    rig = DeskRig(settings=settings_with(mail=(), phone=(HOOK_SETTINGS,)))
    [alert] = raised(rig.apply(replace(missed("1"), phone=DOOR)))
    assert alert.actions == (Action.CALL_BACK, Action.SNOOZE)
    for number in ("", "monkeys"):
        rig = DeskRig(settings=settings_with(mail=(), phone=(HOOK_SETTINGS,)))
        [alert] = raised(rig.apply(replace(missed("1", number=number), phone=DOOR)))
        assert alert.actions == (Action.SHOW, Action.SNOOZE)


# --- many --------------------------------------------------------------------------------


def others(first: int, last: int, *, at: float = 41) -> list[CallMissed]:
    """Each by somebody else."""
    return [
        missed(str(number), at=at, number=f"+44 {number}", name=f"Caller {number}")
        for number in range(first, last + 1)
    ]


def tell(rig: DeskRig, calls: Sequence[CallMissed], *, every: float = 0) -> None:
    for number, call in enumerate(calls):
        at = call.at.timestamp() - T0.timestamp() + number * every
        rig.apply(replace(call, at=after(at)), at=after(at))


def the_many(rig: DeskRig) -> Alert:
    [alert] = [one for one in rig.desk.alerts() if one.key.startswith("missed/")]
    return alert


def test_from_the_fourth_person_in_a_row_on_it_is_one_alert() -> None:
    rig = a_rig()
    tell(rig, others(1, 3), every=5)
    assert len(rig.titles) == 3
    rig.forget()
    tell(rig, others(4, 4, at=60))
    assert withdrawn(rig.notices) == [
        (f"Missed: Caller {number}", "part of another alert") for number in (1, 2, 3)
    ]
    [alert] = raised(rig.notices)
    assert (alert.title, alert.kind) == ("4 calls were missed", AlertKind.MISSED)
    assert alert.body == "Caller 1, Caller 2, Caller 3 and 1 more."
    assert (alert.actions, alert.item) == ((Action.SHOW, Action.SNOOZE), "")
    assert alert.page is AlertPage.CALLS
    assert alert.covers == tuple(f"call/Office/{number}" for number in (1, 2, 3, 4))
    assert rig.titles == ["4 calls were missed"]


def test_a_thousand_in_a_second_are_one_alert_and_a_few_changes_of_it() -> None:
    rig = a_rig()
    tell(rig, others(1, 1000), every=0.001)
    rig.wait(60)
    assert news(rig.notices) == [
        "Missed: Caller 1",
        "Missed: Caller 2",
        "Missed: Caller 3",
        "4 calls were missed",
    ]
    assert len(updated(rig.notices)) <= 3
    assert rig.titles == ["1000 calls were missed"]
    assert len(the_many(rig).covers) == len(covered(rig.notices)) == 1000


def test_a_thousand_counted_in_one_gap_are_one_alert_that_is_told_once() -> None:
    rig = a_rig()
    told = rig.apply(
        a_snapshot(members=BUSY_TEAM, at=after(420), deaf_since=after(0), missed_meanwhile=1_000),
        at=after(420),
    )
    assert news(told) == ["1000 calls were missed"]
    assert updated(told) == []
    [alert] = raised(told)
    assert len(alert.covers) == 1_000
    assert sum(len(person.calls) for person in rig.desk.calls.missed()) == 1_000


def test_many_who_call_again_while_waiting_for_company_are_one_change() -> None:
    rig = a_rig()
    tell(rig, others(1, 30))
    rig.wait(2)
    rig.forget()
    tell(rig, [replace(one, call_id=CallId(f"again-{one.call_id}")) for one in others(1, 30)])
    rig.wait(60)
    assert rig.titles == ["60 calls were missed"]
    assert len(the_many(rig).covers) == 60


def test_those_that_join_rise_again_after_ten_minutes() -> None:
    rig = a_rig()
    tell(rig, others(1, 50), every=15)
    rig.wait(60)
    assert news(rig.notices)[-2:] == ["4 calls were missed", "44 calls were missed"]
    assert rig.titles == ["50 calls were missed"]


def test_far_apart_each_is_told() -> None:
    rig = a_rig()
    tell(rig, others(1, 6), every=20)
    assert len(rig.titles) == len(raised(rig.notices)) == 6


def test_many_that_stand_beside_each_other_become_one() -> None:
    rig = a_rig()
    tell(rig, others(1, 21), every=30)
    assert rig.titles == ["21 calls were missed"]
    tell(rig, others(22, 23, at=3_000), every=30)
    assert sorted(rig.titles) == ["21 calls were missed", "Missed: Caller 22", "Missed: Caller 23"]


def test_another_try_of_one_of_many_is_news() -> None:
    rig = a_rig()
    tell(rig, others(1, 4))
    rig.forget()
    again = missed("9", at=300, number="+44 2", name="Caller 2")
    rig.apply(again, at=after(300))
    assert news(rig.notices) == ["5 calls were missed"]
    assert rig.titles == ["5 calls were missed"]


def test_tries_of_one_person_stay_one_alert_however_many() -> None:
    rig = a_rig()
    for number in range(1, 7):
        rig.apply(missed(str(number), at=number * 5), at=after(number * 5.0))
    assert len(raised(rig.notices)) == 1
    assert rig.titles == ["Missed: Maison Aubry"]


def test_many_stay_until_all_are_handled() -> None:
    rig = a_rig()
    tell(rig, others(1, 4))
    for number in range(1, 5):
        assert len(rig.titles) == 1
        rig.take(rig.desk.close_missed(f"call/Office/{number}", after(60)))
    assert withdrawn(rig.notices)[-1] == ("4 calls were missed", "closed here")


def test_many_that_were_put_off_come_back_with_those_that_are_open() -> None:
    rig = a_rig()
    tell(rig, others(1, 5))
    rig.wait(2)
    rig.take(rig.desk.snooze(the_many(rig).key, rig.now))
    rig.take(rig.desk.close_missed("call/Office/2", rig.now))
    rig.forget()
    rig.wait(30 * MINUTE)
    assert rig.titles == ["4 calls were missed"]
    rig.take(rig.desk.snooze(the_many(rig).key, rig.now))
    for number in (1, 3, 4):
        rig.take(rig.desk.close_missed(f"call/Office/{number}", rig.now))
    rig.wait(30 * MINUTE)
    assert rig.titles == ["Missed: Caller 5"]


def test_what_joins_in_the_moment_of_a_crash_is_told_by_the_next_run() -> None:
    rig = a_rig()
    tell(rig, others(1, 6))
    assert len(the_many(rig).covers) == 4
    again = DeskRig(store=rig.store, settings=settings_with(mail=()), now=after(45))
    again.listen(*BUSY_TEAM)
    again.wait(60)
    assert covered(again.notices) == {"call/Office/5", "call/Office/6"}
    assert rig.store.open_alerts() == list(again.desk.alerts())


def test_a_pause_in_the_moment_of_waiting_keeps_what_waited_for_the_digest() -> None:
    rig = a_rig()
    tell(rig, others(1, 6))
    rig.take(rig.desk.pause(after(600), rig.now))
    rig.wait(60)
    assert rig.titles == ["4 calls were missed"]
    rig.wait_until(after(600))
    [digest] = [one for one in rig.desk.alerts() if one.is_digest]
    assert len(digest.covers) == 6


def test_what_is_done_while_it_waits_is_not_told() -> None:
    rig = a_rig()
    tell(rig, others(1, 5))
    rig.take(rig.desk.close_missed("call/Office/5", rig.now))
    rig.wait(60)
    assert rig.titles == ["4 calls were missed"]
