from dataclasses import replace
from datetime import time, timedelta

import pytest

from supportdesk.domain.alerts import Action, AlertKind, Urgency
from supportdesk.domain.calls import CallId
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import CallEnded, MessageGone
from supportdesk.domain.health import Hearing
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.settings import AlertRule, AlertSettings, MailAlerts, Privacy, RuleLevel
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    after,
    an_answer,
    arrived,
    happened,
    health,
    joined,
    news,
    raised,
    settings_with,
    updated,
    withdrawn,
)
from tests.fakes.lifted import a_carrier, answered_by, call_lifted, lifting, mail_lifted, marks

INGRID = a_message(
    1, who="Ingrid Solheim", subject="Flour came twice", preview="Third Friday in a row."
)
NOT_THERE = Problem(title="x does not answer", advice="It is tried again.")
LIFTED = "Anna Lind lifted this to you"


def a_rig(**alerts: object) -> DeskRig:
    settings = AlertSettings(**alerts)  # type: ignore[arg-type]  # any field of the settings
    return DeskRig(settings=lifting(replace(settings_with(), alerts=settings))).listen(
        a_member("Anna")
    )


@pytest.fixture
def rig() -> DeskRig:
    return a_rig()


def lift(rig: DeskRig, message_id: str = INGRID.message_id) -> None:
    rig.apply(marks((message_id, "anna")))


def test_one_alert_speaks_of_what_is_lifted_in_place_of_the_mails_own(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    assert rig.titles == ["Ingrid Solheim"]
    rig.forget()
    lift(rig)
    [alert] = raised(rig.notices)
    assert (alert.kind, alert.title) == (AlertKind.LIFTED, LIFTED)
    assert alert.body == "Ingrid Solheim: Flour came twice. “Third Friday in a row.”"
    assert alert.actions == (Action.READ, Action.REPLY, Action.SNOOZE)
    assert (alert.item, alert.covers) == (INGRID.key, (INGRID.key,))
    assert withdrawn(rig.notices) == [("Ingrid Solheim", "lifted to you")]
    [told] = happened(rig.notices)
    assert (told.kind, told.message_id, told.by) == (
        AlertKind.LIFTED,
        INGRID.message_id,
        "Anna Lind",
    )
    assert rig.titles == [LIFTED]


def test_the_operators_own_mail_is_no_news_and_nobody_waits_for_its_answer(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.forget()
    rig.apply(mail_lifted())
    assert rig.notices == []
    rig.apply(arrived(a_carrier(references=[INGRID.message_id])))
    assert [one.title for one in raised(rig.notices)] == [LIFTED]
    assert len(happened(rig.notices)) == 2
    assert rig.desk.state(rig.now).people_waiting == 1
    rig.forget()
    said = a_carrier(references=[INGRID.message_id], preview="Wants to leave.")
    rig.apply(arrived(said))
    [alert] = updated(rig.notices)
    assert alert.body == "Ingrid Solheim: Flour came twice. Anna Lind: “Wants to leave”."
    assert news(rig.notices) == []


def test_better_words_of_the_customer_change_it_where_it_stands(rig: DeskRig) -> None:
    rig.apply(arrived(replace(INGRID, preview="")))
    lift(rig)
    rig.forget()
    rig.apply(arrived(INGRID))
    assert [one.body for one in updated(rig.notices)] == [
        "Ingrid Solheim: Flour came twice. “Third Friday in a row.”"
    ]
    rig.forget()
    rig.wait(3600)
    assert updated(rig.notices) == raised(rig.notices) == []


def test_a_call_is_told_at_once_with_take_and_not_now(rig: DeskRig) -> None:
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by("Anna"), at=after(4))
    rig.forget()
    rig.apply(call_lifted(why="wants to leave, worth your ear."), at=after(190))
    [alert] = raised(rig.notices)
    assert alert.title == "Anna Lind asks for you on a call"
    assert alert.body == (
        "Pavel Kiss, on the line 3:10. Anna Lind: “wants to leave, worth your ear”."
    )
    assert alert.actions == (Action.TAKE_CALL, Action.NOT_NOW)
    assert (alert.urgency, alert.source) == (Urgency.CRITICAL, OFFICE)
    [told] = happened(rig.notices)
    assert (told.call_id, told.name) == ("1", "Pavel Kiss")
    rig.forget()
    rig.apply(
        CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=200, at=after(204)),
        at=after(204),
    )
    assert withdrawn(rig.notices) == [(alert.title, "the call is over")]


def test_it_is_taken_back_with_the_mark_with_an_answer_and_once_it_was_read(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    lift(rig)
    rig.forget()
    rig.apply(marks())
    assert withdrawn(rig.notices) == [(LIFTED, "taken back")]
    lift(rig)
    rig.forget()
    rig.apply(arrived(an_answer(5, INGRID, at=after(60))), at=after(60))
    assert withdrawn(rig.notices)[0][1].startswith("answered by ")
    other = a_message(2)
    rig.apply(arrived(other), at=after(70))
    lift(rig, other.message_id)
    rig.forget()
    rig.take(rig.desk.read(other.key, rig.now))
    assert withdrawn(rig.notices) == [(LIFTED, "seen here")]


def test_closed_here_it_is_seen_and_not_told_again_by_a_new_run(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    lift(rig)
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.dismiss(alert.key, rig.now))
    assert rig.titles == []
    assert rig.lifts.kept[alert.key].seen_at == rig.now
    again = DeskRig(settings=lifting(), messages=[INGRID], lifts=rig.lifts, store=rig.store)
    again.listen()
    assert again.titles == []


def test_put_off_it_comes_back(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    lift(rig)
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.snooze(alert.key, rig.now))
    assert rig.titles == []
    rig.wait(31 * 60)
    assert rig.titles == [LIFTED]


def test_a_new_run_goes_on_with_it(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    lift(rig)
    again = DeskRig(settings=lifting(), messages=[INGRID], lifts=rig.lifts, store=rig.store)
    again.listen()
    assert again.titles == [LIFTED]
    assert happened(again.notices) == []


def test_no_setting_and_no_rule_keeps_it_back() -> None:
    never = AlertRule(source=SUPPORT, level=RuleLevel.NEVER)
    rig = a_rig(mail=MailAlerts.NEVER, rules=(never,))
    rig.apply(arrived(INGRID))
    lift(rig)
    assert rig.titles == [LIFTED]


def test_in_quiet_hours_a_mail_waits_and_a_call_breaks_through() -> None:
    rig = a_rig(quiet_hours=(time(8), time(10)))
    rig.apply(arrived(INGRID))
    lift(rig)
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by("Anna"), at=after(4))
    rig.apply(call_lifted(), at=after(5))
    assert rig.titles == ["Anna Lind asks for you on a call"]
    rig.wait_until(T0 + timedelta(hours=2))
    assert LIFTED in rig.titles


def test_without_breaking_through_a_call_waits_too() -> None:
    rig = a_rig(quiet_hours=(time(8), time(10)), breakthrough=False)
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by("Anna"), at=after(4))
    rig.apply(call_lifted(), at=after(5))
    assert rig.titles == []


def test_words_stay_hidden_where_no_text_is_to_be_seen() -> None:
    rig = a_rig(privacy=Privacy.NO_TEXT)
    rig.apply(arrived(INGRID))
    lift(rig)
    assert raised(rig.notices)[-1].body == "Somebody of the team asks for you."


def test_a_mail_that_is_missing_while_the_mailbox_is_read_again_may_come_back(
    rig: DeskRig,
) -> None:
    rig.apply(arrived(INGRID))
    lift(rig)
    deaf = health(SUPPORT, Hearing.DEAF, since=after(60), problem=NOT_THERE)
    rig.apply(deaf, at=after(60))
    rig.take(rig.desk.woke(after(60), after(4000)))
    rig.now = after(4000)
    rig.forget()
    gone = MessageGone(
        account=SUPPORT, message_id=INGRID.message_id, address=INGRID.address, at=rig.now
    )
    rig.apply(gone)
    assert withdrawn(rig.notices) == []
    rig.apply(health(SUPPORT, Hearing.LISTENING, since=rig.now))
    rig.wait(60)
    assert (LIFTED, "it left the mailbox") in withdrawn(rig.notices)


def test_a_caller_who_is_lifted_has_no_second_alert_for_waiting(rig: DeskRig) -> None:
    rig.apply(joined(a_caller("1", queue="founder")))
    rig.wait(10)
    assert rig.titles == ["Pavel Kiss is ringing"]
    rig.apply(call_lifted(way=LiftWay.QUEUE, at=after(11)), at=after(11))
    assert withdrawn(rig.last.notices) == [("Pavel Kiss is ringing", "lifted to you")]
    rig.wait(60)
    assert rig.titles == ["Anna Lind asks for you on a call"]
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.dismiss(alert.key, rig.now))
    rig.wait(60)
    assert rig.titles == []
