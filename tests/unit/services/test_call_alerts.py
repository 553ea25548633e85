from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.alerts import Action, AlertKind, AlertPage, Reason, Urgency, Verdict
from supportdesk.domain.calls import CallId, MemberState, MissedReason, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    Event,
    MemberChanged,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.settings import AlertRule, AlertSettings, RuleLevel
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.call_alerts import CallAlertRules
from supportdesk.services.desk import Desk
from tests.fakes.happenings import (
    DOOR,
    HOOK_SETTINGS,
    OFFICE,
    T0,
    UNABLE,
    DeskRig,
    a_caller,
    a_member,
    a_snapshot,
    after,
    as_utc,
    happened,
    health,
    joined,
    news,
    raised,
    settings_with,
    updated,
    withdrawn,
)
from tests.fakes.happenings import missed as a_missed_call
from tests.fakes.lifted import call_lifted, lifting

FREE = MemberState.FREE
BUSY_TEAM = (a_member("Anna"), a_member("Ben"), a_member("Cleo"))


def a_rig(*members: object) -> DeskRig:
    team = members or BUSY_TEAM
    return DeskRig(settings=settings_with(mail=())).listen(*team)  # type: ignore[arg-type]


def member(name: str, state: MemberState, at: float) -> MemberChanged:
    return MemberChanged(phone=OFFICE, member=a_member(name, state), at=after(at))


def answered(
    call_id: str, *, at: float = 14, by: str = "Anna", interface: str = ""
) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        by=by,
        by_interface=interface,
        hold_seconds=14,
        at=after(at),
    )


missed = partial(a_missed_call, at=41, number="+33 1", name="Maison Aubry", waited=41)


# --- the one-ring rule -------------------------------------------------------------------


def test_from_the_second_ring_with_nobody_free_it_is_yours() -> None:
    rig = a_rig()
    rig.forget()
    rig.apply(joined(a_caller("1")))
    assert raised(rig.notices) == []
    [alert] = raised(rig.wait(6))
    assert alert.kind is AlertKind.WAITING
    assert (alert.title, alert.at) == ("Pavel Kiss is waiting", after(6))
    assert alert.body == "All 3 are on calls. This one is yours. 2 rings, 0:06."
    assert alert.actions == (Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE)
    assert (alert.item, alert.urgency) == ("call/Office/1", Urgency.CRITICAL)
    assert raised(rig.wait(600)) == []


def test_while_a_member_is_free_the_founder_is_left_alone() -> None:
    rig = a_rig(a_member("Anna", FREE))
    rig.apply(joined(a_caller("1")))
    assert raised(rig.wait(600)) == []


def test_nobody_at_the_phones_is_told_at_the_first_ring() -> None:
    rig = a_rig(a_member("Anna", MemberState.GONE))
    [alert] = raised(rig.apply(joined(a_caller("1"))))
    assert (alert.title, alert.body) == (
        "Pavel Kiss is ringing",
        "Nobody is at the phones. 1 ring.",
    )


def test_the_second_caller_is_yours_when_one_member_is_free() -> None:
    rig = a_rig(a_member("Anna", FREE), a_member("Ben"))
    rig.apply(joined(a_caller("1")))
    rig.apply(joined(a_caller("2", name="Ingrid")))
    [alert] = raised(rig.wait(6))
    assert alert.title == "Ingrid is waiting"


def test_an_unknown_team_is_told_as_unknown() -> None:
    rig = a_rig()
    rig.apply(a_snapshot(a_caller("1"), members=None))
    [alert] = raised(rig.wait(6))
    assert alert.body.startswith("It is not known if anybody is free.")
    assert [one.reason for one in rig.store.decided] == [Reason.PERHAPS_NEEDED]


def test_withdrawn_when_answered_and_said_by_whom() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(10)
    told = rig.apply(answered("1"), at=after(14))
    assert withdrawn(told) == [("Pavel Kiss is waiting", "answered by Anna after 14 s")]
    [fact] = happened(told)
    assert (fact.kind, fact.outcome, fact.by, fact.seconds) == (
        AlertKind.ANSWERED,
        "answered",
        "Anna",
        14,
    )


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (answered("1", by=""), "answered by somebody after 14 s"),
        (answered("1", interface="PJSIP/100"), "you took it"),
        (missed("1"), "they hung up"),
        (
            CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=0, at=after(14)),
            "no longer waiting",
        ),
        (a_snapshot(members=BUSY_TEAM, at=after(14)), "no longer waiting"),
    ],
)
def test_why_a_waiting_alert_is_withdrawn(event: Event, why: str) -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(10)
    told = rig.apply(event, at=after(14))
    assert withdrawn(told)[0] == ("Pavel Kiss is waiting", why)


def test_an_alert_follows_the_state_of_the_team() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    told: list[str] = []
    for member_name in ("Anna", "Ben", "Cleo"):
        told += [one.body for one in updated(rig.apply(member(member_name, MemberState.GONE, 7)))]
    assert told == ["Nobody is at the phones. 2 rings."]
    assert news(rig.notices) == ["Pavel Kiss is waiting"]


def test_a_member_who_becomes_free_takes_nothing_back() -> None:
    """They may not pick up, and the caller was promised to the founder."""
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.forget()
    rig.apply(member("Anna", FREE, 7), at=after(7))
    rig.apply(member("Anna", MemberState.ON_A_CALL, 12), at=after(12))
    rig.wait(3)
    assert rig.notices == []
    assert rig.titles == ["Pavel Kiss is waiting"]


def test_it_is_told_again_ever_less_often_until_somebody_acts() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.forget()
    rig.wait_until(after(200))
    assert raised(rig.notices) == []
    repeats = updated(rig.notices)
    assert [alert.at for alert in repeats] == [after(at) for at in (16, 46, 106, 166)]
    assert repeats[0].body == "All 3 are on calls. This one is yours. 3 rings, 0:16."
    rig.apply(answered("1"), at=after(200))
    rig.forget()
    rig.wait(600)
    assert rig.notices == []


def test_it_is_not_told_again_at_the_moment_of_the_answer() -> None:
    """A member is busy some moments before the phone says with whom."""
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.apply(member("Anna", FREE, 7), at=after(7))
    rig.forget()
    rig.apply(member("Anna", MemberState.ON_A_CALL, 20), at=after(20))
    rig.wait(0.5)
    assert rig.notices == []
    assert len(updated(rig.wait(0.5))) == 1


def test_while_a_member_is_free_it_is_not_told_again() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.apply(member("Anna", FREE, 7), at=after(7))
    rig.forget()
    rig.wait(60)
    assert rig.notices == []


def test_in_a_pause_it_is_not_told_again() -> None:
    rig = DeskRig(settings=settings_with(mail=(), alerts=AlertSettings(breakthrough=False))).listen(
        *BUSY_TEAM
    )
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.take(rig.desk.pause(after(3600), rig.now))
    rig.forget()
    rig.wait(60)
    assert rig.notices == []


def test_where_a_rule_says_never_nobody_who_waits_is_told_and_why_is_kept() -> None:
    rule = AlertRule(source=OFFICE, kind=AlertKind.WAITING, level=RuleLevel.NEVER)
    alerts = AlertSettings(rules=(rule,))
    rig = DeskRig(settings=settings_with(mail=(), alerts=alerts)).listen(*BUSY_TEAM)
    rig.apply(joined(a_caller("1")))
    rig.wait(60)
    assert raised(rig.notices) == []
    [why] = rig.store.decisions("call/Office/1", 9)
    assert (why.verdict, why.reason, why.words) == (
        Verdict.SILENT,
        Reason.RULE_NEVER,
        "Pavel Kiss",
    )
    assert rig.desk.state(rig.now).callers[0].is_yours


def test_a_caller_the_founder_closed_is_not_told_again() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.take(rig.desk.dismiss(rig.desk.alerts()[0].key, rig.now))
    rig.apply(member("Anna", FREE, 7), at=after(7))
    rig.forget()
    rig.apply(member("Anna", MemberState.ON_A_CALL, 20), at=after(20))
    rig.wait(600)
    assert raised(rig.notices) == []


def test_a_snoozed_caller_who_still_waits_comes_back() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.take(rig.desk.snooze(rig.desk.alerts()[0].key, rig.now))
    assert raised(rig.wait(1_799)) == []
    assert [alert.title for alert in raised(rig.wait(1))] == ["Pavel Kiss is waiting"]


def test_only_what_the_phone_can_do_is_offered() -> None:
    rig = a_rig()
    watching = replace(UNABLE, sees_waiting=True, sees_busy=True)
    rig.apply(a_snapshot(a_caller("1"), members=BUSY_TEAM, capabilities=watching))
    [alert] = raised(rig.wait(6))
    assert alert.actions == (Action.SHOW, Action.SNOOZE)


def test_nobody_is_called_back_without_a_number() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1", number="", name="")))
    [alert] = raised(rig.wait(6))
    assert alert.actions == (Action.TAKE_CALL, Action.SNOOZE)
    assert alert.title == "Unknown number is waiting"


def test_a_knock_at_a_hook_is_told_as_what_is_known() -> None:
    rig = DeskRig(settings=settings_with(mail=(), phone=(HOOK_SETTINGS,)))
    rig.apply(joined(a_caller("1", phone=DOOR)))
    [alert] = raised(rig.wait(6))
    assert alert.actions == (Action.SHOW, Action.SNOOZE)
    assert alert.body.startswith("It is not known if anybody is free.")


# --- a deaf phone ------------------------------------------------------------------------


def a_waiting_rig() -> DeskRig:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(10)
    assert rig.titles == ["Pavel Kiss is waiting"]
    rig.forget()
    return rig


def deafen(rig: DeskRig, at: float) -> None:
    rig.apply(health(OFFICE, Hearing.DEAF, since=after(at)), at=after(at))


def test_a_short_gap_takes_nothing_back() -> None:
    rig = a_waiting_rig()
    deafen(rig, 20)
    rig.wait(5)
    rig.apply(health(OFFICE, Hearing.LISTENING, since=after(25)))
    rig.apply(a_snapshot(a_caller("1"), members=BUSY_TEAM, at=after(25), deaf_since=after(20)))
    assert raised(rig.notices) == []
    assert withdrawn(rig.notices) == []


def test_a_short_gap_takes_nothing_back_when_the_snapshot_comes_before_the_word() -> None:
    """An Asterisk says first what came meanwhile and then that it is heard again."""
    rig = a_waiting_rig()
    for at in (20, 30, 40):
        deafen(rig, at)
        rig.wait(2)
        still = a_snapshot(a_caller("1"), members=BUSY_TEAM, at=after(at + 2), deaf_since=after(at))
        rig.apply(still)
        rig.apply(health(OFFICE, Hearing.LISTENING, since=after(at + 2)))
    assert raised(rig.notices) == []
    assert withdrawn(rig.notices) == []


def test_after_a_minute_of_deafness_nothing_is_claimed() -> None:
    rig = a_waiting_rig()
    deafen(rig, 20)
    told = rig.wait_until(after(80))
    assert withdrawn(told) == [("Pavel Kiss is waiting", "the phone is not heard")]


def test_nothing_new_is_claimed_of_a_deaf_phone() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    deafen(rig, 3)
    rig.forget()
    rig.wait(30)
    assert raised(rig.notices) == []


def test_after_a_restart_who_still_waits_is_told_again_at_once() -> None:
    """What was on the screen went with the last run; a busy team is believed after a second."""
    first = a_waiting_rig()
    rig = DeskRig(store=first.store, settings=settings_with(mail=()), now=after(20))
    rig.apply(health(OFFICE, Hearing.LISTENING, since=after(21)), at=after(21))
    assert rig.notices == []
    rig.apply(a_snapshot(a_caller("1"), members=BUSY_TEAM, at=after(21)))
    rig.wait_until(after(70))
    assert raised(rig.notices) == []
    assert [alert.at for alert in updated(rig.notices)] == [after(at) for at in (22, 32, 62)]
    assert news(rig.notices) == ["Pavel Kiss is waiting"] * 3
    assert rig.titles == ["Pavel Kiss is waiting"]
    told = rig.apply(answered("1"), at=after(90))
    assert withdrawn(told) == [("Pavel Kiss is waiting", "answered by Anna after 14 s")]


def test_a_restart_takes_back_the_alert_of_somebody_who_is_gone() -> None:
    first = a_waiting_rig()
    rig = DeskRig(store=first.store, settings=settings_with(mail=()), now=after(20))
    rig.listen(*BUSY_TEAM)
    assert withdrawn(rig.notices) == [("Pavel Kiss is waiting", "no longer waiting")]


def test_who_gave_up_between_two_runs_is_missed_and_can_be_called_back() -> None:
    first = a_waiting_rig()
    rig = DeskRig(store=first.store, settings=settings_with(mail=()), now=after(100))
    gone = replace(missed("1", at=101, number="", name="", reason=MissedReason.UNSEEN), queue="")
    told = rig.apply(replace(gone, waited_seconds=10), at=after(101))
    told += rig.apply(a_snapshot(members=BUSY_TEAM, at=after(101), deaf_since=after(20)))
    told += rig.apply(health(OFFICE, Hearing.LISTENING, since=after(101)))
    told += rig.wait(60)
    [fact] = happened(told)
    assert (fact.outcome, fact.name, fact.seconds) == ("missed", "Pavel Kiss", 10)
    assert withdrawn(told)[0][0] == "Pavel Kiss is waiting"
    [call] = rig.store.calls.values()
    assert call.started_at == T0
    [alert] = raised(told)
    assert alert.covers == ("call/Office/1",)


def test_of_who_was_lifted_another_alert_tells() -> None:
    rig = a_rig()
    book = AlertBook(rig.store, AlertRules(AlertSettings()))
    tells_all = AlertRules(AlertSettings())
    rules = CallAlertRules(rig.desk.calls, book, rig.desk.knocks, tells_all, as_utc)
    rules.leave_lifted(lambda key: key == "call/Office/1")
    for number in ("1", "2"):
        rig.desk.apply(joined(a_caller(number)), after(1))
    rules.tell_waiting(after(20), None, lambda _phone: True)
    assert [alert.item for alert in book.on_show()] == ["call/Office/2"]


def test_which_keys_are_of_somebody_who_waits() -> None:
    rig = a_rig()
    rules = CallAlertRules(
        rig.desk.calls,
        AlertBook(rig.store, AlertRules(AlertSettings())),
        rig.desk.knocks,
        AlertRules(AlertSettings()),
        as_utc,
    )
    rig.apply(joined(a_caller("1")))
    rig.apply(missed("2"))
    keys = [f"call/Office/{one}#waiting" for one in "123"]
    assert [rules.is_waiting_key(key) for key in keys] == [True, False, False]
    assert not rules.is_waiting_key("health/Support")


# --- any order ---------------------------------------------------------------------------

IDS = ("1", "2", "3")


def events_at(at: datetime) -> st.SearchStrategy[Event]:
    some_id = st.sampled_from(IDS)
    return st.one_of(
        some_id.map(lambda one: joined(a_caller(one, at=at))),
        some_id.map(lambda one: replace(answered(one), at=at)),
        some_id.map(lambda one: replace(missed(one, number=f"+{one}"), at=at)),
        some_id.map(
            lambda one: CallEnded(phone=OFFICE, call_id=CallId(one), talk_seconds=1, at=at)
        ),
        st.tuples(st.sampled_from(["Anna", "Ben"]), st.sampled_from(MemberState)).map(
            lambda pair: MemberChanged(phone=OFFICE, member=a_member(*pair), at=at)
        ),
        st.lists(some_id, unique=True).map(
            lambda ids: a_snapshot(
                *(a_caller(one, at=at) for one in ids),
                members=BUSY_TEAM,
                at=at,
                deaf_since=at,
            )
        ),
        st.sampled_from([Hearing.DEAF, Hearing.LISTENING]).map(
            lambda hearing: health(OFFICE, hearing, since=at)
        ),
    )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_order_of_events_leaves_an_alert_for_a_call_that_is_over(data: st.DataObject) -> None:
    rig = a_rig()
    shown: set[str] = set()
    for number in range(1, data.draw(st.integers(1, 18))):
        rig.wait_until(after(number * 4.0))
        rig.apply(data.draw(events_at(rig.now)))
        for alert in rig.desk.alerts():
            if alert.kind is AlertKind.WAITING:
                call = rig.desk.calls.call(alert.item)
                assert call is not None
                assert call.outcome is Outcome.WAITING
        state = rig.desk.state(rig.now)
        assert state.waiting is None or state.waiting == len(state.callers)
    rig.wait(600)
    for notice in raised(rig.notices):
        shown.add(notice.key)
    on_show = {alert.key for alert in rig.desk.alerts()}
    assert on_show <= shown
    assert {alert.key for alert in rig.store.open_alerts()} == on_show


# --- many at once ------------------------------------------------------------------------


def callers_join(rig: DeskRig, *names: str, start: int = 1) -> None:
    for number, name in enumerate(names, start):
        rig.apply(joined(a_caller(str(number), name=name, at=after(number / 10))))


def test_from_four_on_who_waits_is_one_alert_that_counts_them() -> None:
    rig = a_rig()
    for number, name in enumerate(("Ann", "Bo", "Cy", "Di", "Ed"), 1):
        rig.apply(joined(a_caller(str(number), name=name, at=after(0))))
    [alert] = raised(rig.wait(6))
    assert (alert.title, alert.kind) == ("5 callers are waiting", AlertKind.WAITING)
    assert alert.body == "Ann, Bo, Cy and 2 more. The longest waits 0:06, 2 rings."
    assert (alert.actions, alert.item) == ((Action.SHOW, Action.SNOOZE), "")
    assert alert.page is AlertPage.CALLS
    assert len(alert.covers) == 5
    assert rig.titles == ["5 callers are waiting"]


def test_the_alerts_of_three_become_part_of_the_one_with_the_fourth() -> None:
    rig = a_rig()
    callers_join(rig, "Ann", "Bo", "Cy")
    rig.wait(7)
    assert len(rig.titles) == 3
    rig.forget()
    rig.apply(joined(a_caller("4", name="Di", at=after(8))), at=after(8))
    told = rig.wait(7)
    assert {why for _, why in withdrawn(told)} == {"part of another alert"}
    assert [alert.title for alert in raised(told)] == ["4 callers are waiting"]
    assert rig.titles == ["4 callers are waiting"]


def test_the_one_alert_keeps_the_count_until_nobody_waits() -> None:
    rig = a_rig()
    callers_join(rig, "Ann", "Bo", "Cy", "Di")
    rig.wait(7)
    rig.forget()
    told = rig.apply(answered("1"), at=after(14))
    assert [alert.title for alert in updated(told)] == ["3 callers are waiting"]
    assert (withdrawn(told), news(told)) == ([], [])
    rig.apply(missed("2"), at=after(15))
    told = rig.apply(answered("3"), at=after(16))
    [last] = updated(told)
    assert (last.title, last.item) == ("1 caller is waiting", "call/Office/4")
    assert last.body == "Di. Waits 0:15, 3 rings."
    assert last.actions == (Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE)
    told = rig.apply(answered("4"), at=after(17))
    assert withdrawn(told) == [("1 caller is waiting", "answered by Anna after 14 s")]


def test_all_gone_at_once_is_said_as_that() -> None:
    rig = a_rig()
    callers_join(rig, "Ann", "Bo", "Cy", "Di")
    rig.wait(7)
    rig.apply(answered("1"), at=after(8))
    told = rig.apply(a_snapshot(members=BUSY_TEAM, at=after(9)), at=after(9))
    assert withdrawn(told) == [("3 callers are waiting", "no longer waiting")]


def test_the_one_alert_is_told_again_ever_less_often() -> None:
    rig = a_rig()
    callers_join(rig, "Ann", "Bo", "Cy", "Di")
    rig.wait(7)
    rig.forget()
    rig.wait_until(after(120))
    assert raised(rig.notices) == []
    assert len(updated(rig.notices)) in (3, 4)


def test_a_crowd_that_joins_one_by_one_is_a_few_changes_of_one_alert() -> None:
    rig = a_rig()
    for number in range(1, 101):
        rig.wait_until(after(number / 100))
        rig.apply(joined(a_caller(str(number), name=f"C {number}", at=rig.now)))
    rig.forget()
    rig.wait_until(after(9))
    assert len(raised(rig.notices)) == 4
    assert len(updated(rig.notices)) <= 2
    assert rig.titles == ["100 callers are waiting"]


def test_a_crowd_that_leaves_one_by_one_is_a_few_changes_of_one_alert() -> None:
    rig = a_rig()
    for number in range(1, 101):
        rig.apply(joined(a_caller(str(number), name=f"C {number}")))
    rig.wait_until(after(20))
    rig.forget()
    for number in range(1, 81):
        rig.wait_until(after(20 + number / 100))
        rig.apply(missed(str(number), at=20))
    counted = [one for one in updated(rig.notices) if one.kind is AlertKind.WAITING]
    assert len(counted) <= 2
    rig.wait(2)
    assert rig.titles[0] == "20 callers are waiting"
    rig.forget()
    for number in range(81, 100):
        rig.apply(missed(str(number), at=20))
    assert rig.titles[0] == "1 caller is waiting", "of a few it is said at once"
    rig.apply(missed("100", at=20))
    assert "1 caller is waiting" not in rig.titles


def test_a_crowd_is_not_told_again_while_its_phone_is_not_heard_for_a_moment() -> None:
    rig = a_rig()
    for number in range(1, 5):
        rig.apply(joined(a_caller(str(number), name=f"C {number}")))
    rig.wait_until(after(13))
    rig.forget()
    rig.apply(health(OFFICE, Hearing.DEAF, since=rig.now))
    rig.wait(30)
    assert rig.titles[-1] == "4 callers are waiting"
    assert news(rig.notices) == []


def test_a_fifth_joins_and_a_member_who_becomes_free_takes_nothing_back() -> None:
    rig = a_rig()
    callers_join(rig, "Ann", "Bo", "Cy", "Di")
    rig.wait(7)
    rig.apply(member("Anna", FREE, 8), at=after(8))
    assert rig.titles == ["4 callers are waiting"]
    rig.apply(joined(a_caller("5", name="Ed", at=after(8))), at=after(9))
    rig.wait(7)
    assert rig.titles == ["5 callers are waiting"]
    assert news(rig.notices)[-1] == "5 callers are waiting"


def test_what_is_closed_or_put_off_speaks_for_those_it_named_and_no_others() -> None:
    for put_off in (Desk.dismiss, Desk.snooze):
        rig = a_rig()
        callers_join(rig, "Ann", "Bo", "Cy", "Di")
        alert = raised(rig.wait(7))[-1]
        assert alert.title == "4 callers are waiting"
        rig.take(put_off(rig.desk, alert.key, rig.now))
        assert rig.titles == []
        rig.wait(100)
        assert rig.titles == []
        rig.apply(joined(a_caller("5", name="Ed", at=rig.now)))
        rig.wait(7)
        assert rig.titles == ["Ed is waiting"]
        for number in range(1, 6):
            rig.apply(answered(str(number)))
        assert rig.titles == []


def test_who_was_promised_to_the_founder_is_counted_although_somebody_is_free_now() -> None:
    rig = a_rig()
    callers_join(rig, "Ann")
    rig.wait(7)
    rig.apply(member("Anna", FREE, 8), at=after(8))
    for number, name in enumerate(("Bo", "Cy", "Di", "Ed"), 2):
        rig.apply(joined(a_caller(str(number), name=name, at=after(9))), at=after(9))
    rig.wait(7)
    assert rig.titles == ["5 callers are waiting"]


def test_after_a_restart_the_one_alert_still_speaks_for_all_that_it_named() -> None:
    before = a_rig()
    callers_join(before, "Ann", "Bo", "Cy", "Di")
    before.wait(7)
    rig = DeskRig(store=before.store, settings=settings_with(mail=()), now=before.now)
    callers = [a_caller(str(number), at=after(number / 10)) for number in range(1, 5)]
    rig.apply(health(OFFICE, Hearing.LISTENING, since=rig.now))
    rig.apply(a_snapshot(*callers, members=BUSY_TEAM, at=rig.now))
    assert rig.titles == ["4 callers are waiting"]
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.dismiss(alert.key, rig.now))
    rig.wait(100)
    assert rig.titles == []


def test_in_a_pause_nobody_new_is_told_and_the_count_still_follows() -> None:
    quiet = AlertSettings(breakthrough=False)
    rig = DeskRig(settings=settings_with(mail=(), alerts=quiet)).listen(*BUSY_TEAM)
    callers_join(rig, "Ann", "Bo", "Cy", "Di")
    rig.wait(7)
    rig.take(rig.desk.pause(after(3600), rig.now))
    rig.apply(joined(a_caller("5", name="Ed", at=after(8))), at=after(8))
    rig.forget()
    rig.wait(60)
    assert rig.notices == []
    rig.apply(answered("1"), at=rig.now)
    assert rig.titles == ["3 callers are waiting"]
    for number in ("2", "3", "4"):
        rig.apply(answered(number), at=rig.now)
    rig.wait(30)
    assert rig.titles == []


def test_a_gap_changes_nothing_of_the_one_alert() -> None:
    rig = a_rig()
    callers_join(rig, "Ann", "Bo", "Cy", "Di")
    rig.wait(7)
    rig.forget()
    rig.apply(health(OFFICE, Hearing.DEAF, since=after(8)), at=after(8))
    rig.wait(2)
    assert [title for title in rig.titles if "callers" in title] == ["4 callers are waiting"]


def test_who_was_lifted_is_left_to_the_alert_that_says_by_whom() -> None:
    rig = DeskRig(settings=lifting()).listen(a_member("Anna"))
    rig.apply(joined(a_caller("1", queue="founder")))
    rig.wait(10)
    assert rig.titles == ["Pavel Kiss is ringing"]
    rig.apply(call_lifted(way=LiftWay.QUEUE, at=after(11)), at=after(11))
    assert withdrawn(rig.last.notices) == [("Pavel Kiss is ringing", "lifted to you")]
    rig.wait(60)
    assert rig.titles == ["Anna Lind asks for you on a call"]
