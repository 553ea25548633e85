from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Reason, Verdict
from supportdesk.domain.calls import CallId, Member, MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    CallAnswered,
    CallMissed,
    MessageChanged,
    MessageGone,
    SourceHeard,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    HoursRange,
    MailAlerts,
    RuleLevel,
)
from supportdesk.domain.week import Week, WeekId, week_of
from supportdesk.services.alert_decisions import AT_ONCE_AT_MOST
from supportdesk.services.weekly_nudge import NudgeSources
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    a_snapshot,
    after,
    an_answer,
    arrived,
    changed,
    covered,
    happened,
    health,
    joined,
    news,
    opened,
    raised,
    settings_with,
    updated,
    withdrawn,
)
from tests.fakes.happenings import missed as a_missed_call
from tests.fakes.lifted import CARRIER_KEY, a_carrier, lifting, mail_lifted, marks

MINUTE = 60.0
HOUR = 3600.0
BUSY = (a_member("Anna"),)
WRONG = Problem(title="The password was refused", advice="Type it.", is_for_founder=True)


def a_rig(alerts: AlertSettings | None = None, members: Sequence[Member] = BUSY) -> DeskRig:
    rig = DeskRig(settings=settings_with(alerts=alerts)).listen(*members)
    rig.apply(opened(1, mailbox="Sent"))
    rig.forget()
    return rig


def missed(call_id: str, *, at: datetime, number: str = "+33 1") -> CallMissed:
    return replace(a_missed_call(call_id, number=number, waited=41), at=at)


def answered_by_anna(call_id: str) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        by="Anna",
        by_interface="",
        hold_seconds=1,
        at=after(1),
    )


def came(rig: DeskRig, uid: int) -> MessageSummary:
    message = a_message(uid, at=rig.now)
    rig.apply(arrived(message, at=rig.now))
    return message


def digests(rig: DeskRig) -> list[Alert]:
    return [alert for alert in raised(rig.notices) if alert.is_digest]


# --- pause -------------------------------------------------------------------------------


def test_a_pause_ends_with_one_digest() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    rig.wait(8 * MINUTE)
    messages = [came(rig, uid) for uid in range(1, 8)]
    rig.apply(missed("1", at=rig.now))
    rig.apply(missed("2", at=rig.now, number="+44"))
    assert len(happened(rig.notices)) == 9
    assert raised(rig.notices) == []
    rig.wait_until(after(HOUR))
    [digest] = raised(rig.notices)
    assert (digest.title, digest.kind) == ("While you were away (1 h 00)", AlertKind.MISSED)
    assert digest.body == "2 missed calls, 7 mails, oldest waiting 52 min."
    assert digest.actions == (Action.SHOW, Action.SNOOZE)
    assert (digest.item, digest.page) == ("", AlertPage.CALLS)
    assert {message.key for message in messages} < set(digest.covers)


def test_resuming_tells_at_once_and_one_thing_opens_itself() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    message = came(rig, 1)
    rig.now = after(20 * MINUTE)
    rig.take(rig.desk.resume(rig.now))
    [digest] = raised(rig.notices)
    assert (digest.title, digest.body) == (
        "While you were away (20 min)",
        "1 mail, oldest waiting 20 min.",
    )
    assert (digest.item, digest.source) == (message.key, SUPPORT)
    assert digest.page is AlertPage.ITEM


def test_a_digest_of_calls_alone_opens_the_calls() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    rig.apply(missed("1", at=T0))
    rig.apply(missed("2", at=T0, number="+44"))
    rig.wait(HOUR)
    assert digests(rig)[0].page is AlertPage.CALLS


def test_what_was_handled_in_the_pause_needs_no_digest() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    message = came(rig, 1)
    rig.apply(arrived(an_answer(1, message, at=after(60))))
    rig.wait(2 * HOUR)
    assert raised(rig.notices) == []
    came(rig, 2)
    assert rig.titles == ["Customer 2"]


def test_a_pause_with_nothing_in_it_ends_silently_and_keeps_what_is_on_show() -> None:
    rig = a_rig()
    came(rig, 1)
    rig.take(rig.desk.pause(after(HOUR), T0))
    rig.forget()
    rig.wait(2 * HOUR)
    assert rig.notices == []
    assert rig.titles == ["Customer 1"]


def test_the_digest_takes_in_what_is_still_on_show() -> None:
    rig = a_rig()
    before = came(rig, 1)
    rig.take(rig.desk.pause(after(HOUR), T0))
    during = came(rig, 2)
    rig.wait(2 * HOUR)
    assert withdrawn(rig.notices) == [("Customer 1", "part of another alert")]
    assert digests(rig)[0].covers == (before.key, during.key)
    assert len(rig.desk.alerts()) == 1


def test_a_digest_stays_until_all_of_it_is_handled() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    one, two = came(rig, 1), came(rig, 2)
    rig.take(rig.desk.resume(after(60)))
    rig.take(rig.desk.read(one.key, after(61)))
    assert len(rig.desk.alerts()) == 1
    rig.take(rig.desk.read(two.key, after(62)))
    assert withdrawn(rig.notices) == [("While you were away (1 min)", "read here")]


def test_a_snoozed_digest_comes_back_with_what_is_left() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    one = came(rig, 1)
    came(rig, 2)
    rig.take(rig.desk.resume(after(60)))
    rig.now = after(60)
    rig.take(rig.desk.snooze(rig.desk.alerts()[0].key, rig.now))
    rig.take(rig.desk.read(one.key, rig.now))
    rig.forget()
    [again] = raised(rig.wait(30 * MINUTE))
    assert again.is_digest
    assert again.body == "1 mail, oldest waiting 31 min."


def test_a_snooze_that_ends_in_a_pause_waits_for_its_end() -> None:
    rig = a_rig()
    message = came(rig, 1)
    rig.take(rig.desk.snooze(message.key, T0))
    rig.take(rig.desk.pause(after(HOUR), T0))
    rig.forget()
    rig.wait_until(after(HOUR - 1))
    assert raised(rig.notices) == []
    rig.wait(1)
    [digest] = digests(rig)
    assert digest.covers == (message.key,)


def test_a_waiting_caller_breaks_through_by_choice() -> None:
    for breaks_through in (True, False):
        rig = a_rig(AlertSettings(breakthrough=breaks_through))
        rig.take(rig.desk.pause(after(HOUR), T0))
        rig.apply(joined(a_caller("1")))
        assert bool(raised(rig.wait(10))) is breaks_through


# --- quiet and opening hours -------------------------------------------------------------


def test_quiet_hours_end_with_one_digest() -> None:
    """T0 is 09:00; quiet from 19:00 to 07:30."""
    rig = a_rig(AlertSettings(quiet_hours=(time(19), time(7, 30))))
    rig.wait_until(after(12 * HOUR))
    came(rig, 1)
    assert rig.titles == []
    rig.wait_until(after(22.5 * HOUR))
    assert [alert.title for alert in digests(rig)] == ["While you were away (12 h 30)"]


def test_after_hours_nobody_is_rung_for_and_the_morning_digest_lists_who_tried() -> None:
    saturday_and_sunday = HoursRange(weekdays=(5, 6), opens=time(9), closes=time(17))
    rig = a_rig(AlertSettings(opening_hours=(saturday_and_sunday,)))
    rig.wait_until(after(9 * HOUR))
    rig.apply(joined(a_caller("1", at=rig.now, number="+33 1")))
    rig.wait(60)
    rig.apply(missed("1", at=rig.now))
    assert raised(rig.notices) == []
    came(rig, 5)
    assert rig.titles == ["Customer 5"]
    rig.wait_until(after(24 * HOUR))
    [digest] = digests(rig)
    assert digest.body == "1 missed call, 1 mail, oldest waiting 15 h 00."


def test_a_missed_call_of_the_evening_is_told_with_the_mail_of_a_pause() -> None:
    never = HoursRange(weekdays=(), opens=time(9), closes=time(17))
    rig = a_rig(AlertSettings(opening_hours=(never,)))
    rig.apply(missed("1", at=T0))
    rig.take(rig.desk.pause(after(HOUR), T0))
    came(rig, 1)
    rig.wait(2 * HOUR)
    [digest] = digests(rig)
    assert digest.body == "1 missed call, 1 mail, oldest waiting 1 h 00."


# --- presenting --------------------------------------------------------------------------


def test_while_presenting_no_name_and_no_text_is_shown() -> None:
    rig = a_rig(AlertSettings(presenting=True))
    came(rig, 1)
    rig.apply(joined(a_caller("1")))
    rig.wait(10)
    rig.apply(health(SUPPORT, Hearing.DEAF, since=rig.now, problem=WRONG))
    assert {(alert.title, alert.body) for alert in raised(rig.notices)} == {
        ("supportdesk", "Somebody is waiting for you."),
        ("supportdesk", "Something needs a look."),
    }


def test_beginning_to_present_hides_what_is_on_show() -> None:
    rig = a_rig()
    came(rig, 1)
    presenting = settings_with(alerts=AlertSettings(presenting=True))
    rig.forget()
    [hidden] = updated(rig.take(rig.desk.change_settings(presenting, after(5))))
    assert hidden.title == "supportdesk"
    [shown] = updated(rig.take(rig.desk.change_settings(settings_with(), after(9))))
    assert shown.title == "Customer 1"
    assert news(rig.notices) == []


def test_presenting_ends_at_its_time_and_changes_what_stands_where_it_stands() -> None:
    rig = a_rig(AlertSettings(presenting=True, presenting_until=after(600)))
    came(rig, 1)
    rig.wait_until(after(599))
    assert [alert.title for alert in raised(rig.notices)] == ["supportdesk"]
    rig.forget()
    [update] = updated(rig.wait_until(after(600)))
    assert (update.title, update.at, news(rig.notices)) == ("Customer 1", T0, [])


# --- rules -------------------------------------------------------------------------------


def a_rule(
    level: RuleLevel, kind: AlertKind | None = None, source: SourceName = SUPPORT
) -> AlertSettings:
    return AlertSettings(rules=(AlertRule(source=source, kind=kind, level=level),))


def test_a_rule_can_keep_a_mailbox_silent() -> None:
    rig = a_rig(a_rule(RuleLevel.NEVER))
    came(rig, 1)
    rig.apply(health(SUPPORT, Hearing.DEAF, since=T0, problem=WRONG))
    rig.apply(health(SUPPORT, Hearing.LISTENING, since=after(60)), at=after(60))
    rig.wait(HOUR)
    assert len(happened(rig.notices)) == 1
    assert raised(rig.notices) == []
    assert rig.desk.state(rig.now).people_waiting == 1


def test_a_rule_can_be_for_one_kind() -> None:
    rig = a_rig(a_rule(RuleLevel.NEVER, AlertKind.HEALTH))
    came(rig, 1)
    rig.apply(health(SUPPORT, Hearing.DEAF, since=T0, problem=WRONG))
    assert rig.titles == ["Customer 1"]


def test_a_rule_that_comes_later_takes_back_what_is_on_show() -> None:
    rig = a_rig()
    came(rig, 1)
    rig.apply(missed("1", at=T0))
    rig.forget()
    silent = settings_with(alerts=a_rule(RuleLevel.NEVER))
    rig.take(rig.desk.change_settings(silent, after(5)))
    assert withdrawn(rig.notices) == [("Customer 1", "a rule in the settings says so")]
    assert len(rig.titles) == 1


def test_what_a_rule_keeps_for_the_digest_comes_after_the_next_pause() -> None:
    rig = a_rig(a_rule(RuleLevel.DIGEST))
    first = came(rig, 1)
    rig.wait(HOUR)
    assert raised(rig.notices) == []
    rig.take(rig.desk.pause(after(2 * HOUR), rig.now))
    rig.wait(HOUR)
    [digest] = raised(rig.notices)
    assert (digest.is_digest, digest.covers) == (True, (first.key,))
    assert digest.title == "While you were away (1 h 00)"
    came(rig, 2)
    rig.wait(HOUR)
    assert len(raised(rig.notices)) == 1


def test_what_a_rule_keeps_is_part_of_a_digest_with_other_things() -> None:
    rig = a_rig(a_rule(RuleLevel.DIGEST))
    kept = came(rig, 1)
    rig.take(rig.desk.pause(after(HOUR), rig.now))
    rig.apply(missed("1", at=rig.now))
    rig.wait(HOUR)
    [digest] = raised(rig.notices)
    assert set(digest.covers) == {kept.key, "call/Office/1"}
    came(rig, 2)
    rig.wait(2 * HOUR)
    assert len(raised(rig.notices)) == 1


def test_what_a_rule_keeps_comes_after_a_sleep_but_not_after_a_nap() -> None:
    rig = a_rig(a_rule(RuleLevel.DIGEST))
    came(rig, 1)
    for asleep, digests_then in ((5 * MINUTE, 0), (2 * HOUR, 1)):
        since, rig.now = rig.now, rig.now + timedelta(seconds=asleep)
        rig.take(rig.desk.woke(since, rig.now))
        rig.listen(*BUSY)
        rig.wait(60)
        assert len(digests(rig)) == digests_then


def test_what_was_handled_meanwhile_makes_no_digest() -> None:
    rig = a_rig(a_rule(RuleLevel.DIGEST))
    message = came(rig, 1)
    rig.take(rig.desk.read(message.key, rig.now))
    rig.take(rig.desk.pause(after(HOUR), rig.now))
    rig.wait(2 * HOUR)
    assert raised(rig.notices) == []


def test_rules_for_calls() -> None:
    rig = a_rig(a_rule(RuleLevel.DIGEST, source=OFFICE))
    rig.apply(joined(a_caller("1")))
    rig.wait(MINUTE)
    rig.apply(missed("1", at=rig.now))
    assert raised(rig.notices) == []
    rig.take(rig.desk.pause(after(HOUR), rig.now))
    rig.wait(HOUR)
    assert [one.covers for one in digests(rig)] == [("call/Office/1",)]


def test_a_rule_for_long_waits() -> None:
    settings = replace(a_rule(RuleLevel.NEVER), mail=MailAlerts.UNANSWERED)
    rig = a_rig(settings)
    came(rig, 1)
    assert raised(rig.wait(9 * HOUR)) == []


# --- why was I (not) told ----------------------------------------------------------------


def why(rig: DeskRig, key: str) -> list[tuple[Verdict, Reason]]:
    """What was decided on it, oldest first."""
    return [(one.verdict, one.reason) for one in rig.store.decisions(key, 99)[::-1]]


def test_of_each_mail_it_is_kept_what_was_made_of_it() -> None:
    rig = a_rig()
    first = came(rig, 1)
    robot = a_message(2, is_robot=True)
    rig.apply(arrived(robot))
    handled = a_message(3)
    rig.apply(arrived(handled, an_answer(3, handled, at=T0)))
    rig.take(rig.desk.read(first.key, after(5)))
    assert why(rig, first.key) == [(Verdict.TOLD, Reason.NEW), (Verdict.WITHDRAWN, Reason.OVER)]
    assert why(rig, robot.key) == [(Verdict.SILENT, Reason.NO_CUSTOMER)]
    assert why(rig, handled.key) == [(Verdict.SILENT, Reason.HANDLED_BEFORE)]
    newest = rig.store.decisions("", 1)[0]
    assert (newest.words, newest.source) == ("Customer 1: read here", SUPPORT)


def test_in_a_pause_it_is_kept_until_when_it_is_held() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    message = came(rig, 1)
    [held] = rig.store.decisions(message.key, 9)
    assert (held.verdict, held.reason, held.until) == (Verdict.HELD, Reason.PAUSED, after(HOUR))
    rig.wait(HOUR)
    assert why(rig, message.key)[-1] == (Verdict.FOLDED, Reason.DIGEST)
    for alert in rig.desk.alerts():
        rig.take(rig.desk.snooze(alert.key, rig.now))
    rig.wait(HOUR)
    assert why(rig, message.key)[-2:] == [
        (Verdict.HELD, Reason.SNOOZED),
        (Verdict.REPEATED, Reason.SNOOZE_OVER),
    ]


def test_in_quiet_hours_after_hours_and_while_catching_up() -> None:
    nine, ten = time(9), time(10)
    quiet = a_rig(AlertSettings(quiet_hours=(nine, ten)))
    assert why(quiet, came(quiet, 1).key) == [(Verdict.HELD, Reason.QUIET_HOURS)]
    closed = a_rig(
        AlertSettings(
            opening_hours=(HoursRange(weekdays=(0,), opens=nine, closes=ten),), breakthrough=False
        )
    )
    closed.apply(missed("1", at=T0))
    [held] = closed.store.decisions("call/Office/1", 9)
    assert (held.reason, held.until) == (Reason.CLOSED_HOURS, after(48 * HOUR))
    closed.apply(joined(a_caller("2")))
    closed.wait(MINUTE)
    assert why(closed, "call/Office/2") == [(Verdict.HELD, Reason.CLOSED_HOURS)]
    asleep = a_rig()
    asleep.take(asleep.desk.woke(T0 - timedelta(hours=2), T0))
    assert why(asleep, came(asleep, 1).key) == [(Verdict.HELD, Reason.CATCHING_UP)]


def test_what_settings_and_rules_keep_silent() -> None:
    for settings_, told in (
        (AlertSettings(mail=MailAlerts.NEVER), (Verdict.SILENT, Reason.MAIL_NEVER)),
        (AlertSettings(mail=MailAlerts.UNANSWERED), (Verdict.SILENT, Reason.MAIL_SETTING)),
        (a_rule(RuleLevel.NEVER), (Verdict.SILENT, Reason.RULE_NEVER)),
        (a_rule(RuleLevel.DIGEST), (Verdict.HELD, Reason.RULE_DIGEST)),
    ):
        rig = a_rig(settings_)
        assert why(rig, came(rig, 1).key) == [told]


def test_of_very_many_silent_mails_not_each_has_a_row() -> None:
    rig = a_rig(AlertSettings(mail=MailAlerts.NEVER))
    rig.apply(arrived(*(a_message(uid) for uid in range(1, 300))))
    assert len(rig.store.decided) == AT_ONCE_AT_MOST


def test_a_caller_whom_the_team_took_was_not_the_founders() -> None:
    rig = a_rig(members=[a_member("Anna", MemberState.FREE)])
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by_anna("1"))
    assert why(rig, "call/Office/1") == [(Verdict.SILENT, Reason.NOT_NEEDED)]
    rig.apply(joined(a_caller("2")))
    rig.apply(replace(answered_by_anna("2"), by_interface="PJSIP/100"))
    assert why(rig, "call/Office/2") == [(Verdict.SILENT, Reason.TAKEN_BY_YOU)]


def test_what_was_not_told_is_found_by_the_name_of_who_it_is_from() -> None:
    paused, ruled, many = a_rig(), a_rig(a_rule(RuleLevel.NEVER)), a_rig()
    paused.take(paused.desk.pause(after(HOUR), T0))
    paused.apply(arrived(a_message(1), a_message(2)))
    came(ruled, 1)
    many.apply(arrived(*(a_message(uid) for uid in range(1, 6))))
    many.wait(MINUTE)
    assert [one.words for one in paused.store.decided] == ["Customer 1", "Customer 2"]
    assert [one.words for one in ruled.store.decided] == ["Customer 1"]
    assert [one.words for one in many.store.decided] == [
        f"Customer {uid}, in “5 people wrote just now”" for uid in range(1, 6)
    ]
    paused.apply(a_missed_call("9", name="Maison Aubry", number="+33 1", waited=41), at=after(5))
    assert paused.store.decided[-1].words == "Maison Aubry"
    for uid in range(1, 6):
        one = a_message(uid)
        many.apply(
            MessageGone(
                account=SUPPORT, message_id=one.message_id, address=one.address, at=many.now
            )
        )
    assert many.store.decided[-1].words == "5 people wrote just now: it left the mailbox"


def test_a_caller_who_was_told_is_never_called_not_needed() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.wait(20)
    again = restarted(rig, rig.now)
    again.apply(health(OFFICE, Hearing.LISTENING, since=rig.now))
    again.apply(a_snapshot(a_caller("1"), members=[a_member("Anna", MemberState.FREE)]))
    again.apply(answered_by_anna("1"))
    assert [reason for _, reason in why(again, "call/Office/1")] == [
        Reason.NEEDED,
        Reason.STILL_WAITS,
        Reason.OVER,
    ]


def test_in_a_silence_that_callers_do_not_break_they_are_held() -> None:
    rig = a_rig(AlertSettings(breakthrough=False))
    rig.take(rig.desk.pause(after(HOUR), T0))
    rig.apply(joined(a_caller("1")))
    rig.wait(MINUTE)
    assert why(rig, "call/Office/1") == [(Verdict.HELD, Reason.PAUSED)]
    night = a_rig(AlertSettings(breakthrough=False, quiet_hours=(time(9), time(10))))
    night.apply(joined(a_caller("1")))
    night.wait(MINUTE)
    assert why(night, "call/Office/1") == [(Verdict.HELD, Reason.QUIET_HOURS)]


def test_what_comes_beside_a_digest_is_held_for_it() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    came(rig, 1)
    rig.now = after(HOUR)
    beside = came(rig, 2)
    assert why(rig, beside.key) == [
        (Verdict.HELD, Reason.BESIDE_DIGEST),
        (Verdict.FOLDED, Reason.DIGEST),
    ]


# --- restarts ----------------------------------------------------------------------------


def restarted(
    first: DeskRig, now: datetime, *messages: MessageSummary, alerts: AlertSettings | None = None
) -> DeskRig:
    """What the first run told is on disk; mail.db knows these messages."""
    return DeskRig(
        store=first.store, messages=messages, now=now, settings=settings_with(alerts=alerts)
    )


def test_what_came_while_the_program_was_off_is_one_digest_after_catching_up() -> None:
    first = a_rig()
    first.desk.leave(T0)
    rig = restarted(first, after(2 * HOUR + 10 * MINUTE))
    rig.listen(*BUSY)
    rig.apply(arrived(*(a_message(uid, at=after(18 * MINUTE)) for uid in range(1, 8))))
    assert len(happened(rig.notices)) == 7
    assert raised(rig.notices) == []
    rig.wait(10)
    [digest] = raised(rig.notices)
    assert (digest.title, digest.is_digest) == ("While you were away (2 h 10)", True)
    assert digest.body == "7 mails, oldest waiting 1 h 52."
    assert len(digest.covers) == 7


def test_what_mail_db_had_but_the_ledger_had_not_came_unnoticed() -> None:
    first = a_rig()
    rig = restarted(first, after(HOUR), a_message(1))
    assert len(happened(rig.notices)) == 1
    rig.listen(*BUSY)
    rig.wait(10)
    assert digests(rig)[0].covers == (a_message(1).key,)


def test_a_quick_restart_repeats_nothing() -> None:
    first = a_rig()
    message = came(first, 1)
    rig = restarted(first, after(5), message)
    rig.listen(*BUSY)
    rig.wait(60)
    assert rig.notices == []
    assert rig.titles == ["Customer 1"]
    rig.take(rig.desk.read(message.key, rig.now))
    assert withdrawn(rig.notices) == [("Customer 1", "read here")]


def test_what_came_in_a_quick_restart_is_told_like_any_other_and_leaves_the_rest_alone() -> None:
    first = a_rig()
    before = came(first, 1)
    during = a_message(2, at=after(62))
    rig = restarted(first, after(65), before, during)
    rig.listen(*BUSY)
    rig.apply(missed("9", at=rig.now))
    rig.wait(60)
    assert not digests(rig)
    assert withdrawn(rig.notices) == []
    assert {one.kind for one in raised(rig.notices)} == {AlertKind.MISSED, AlertKind.MAIL}
    assert during.key in covered(rig.notices)
    assert before.key not in covered(rig.notices)


def test_a_wait_that_grew_too_long_in_a_quick_restart_is_told_as_one() -> None:
    alerts = AlertSettings(mail=MailAlerts.UNANSWERED, unanswered_minutes=60)
    first = a_rig(alerts)
    message = came(first, 1)
    first.wait(HOUR - 5)
    rig = restarted(first, after(HOUR + 5), message, alerts=alerts)
    rig.listen(*BUSY)
    rig.wait(60)
    [alert] = raised(rig.notices)
    assert (alert.key, alert.is_digest) == (f"waits/{message.key}", False)


def test_a_snooze_that_ends_while_the_program_is_off_is_not_forgotten() -> None:
    first = a_rig()
    message = came(first, 1)
    first.take(first.desk.snooze(message.key, T0))
    soon = restarted(first, after(5 * MINUTE))
    soon.listen(*BUSY)
    soon.apply(arrived(message, at=soon.now))
    soon.wait(MINUTE)
    assert soon.titles == []
    later = restarted(soon, after(9 * HOUR))
    later.listen(*BUSY)
    later.apply(arrived(message, at=later.now))
    later.wait(MINUTE)
    [digest] = raised(later.notices)
    assert (digest.is_digest, digest.covers) == (True, (message.key,))


def test_after_a_night_off_what_is_still_open_is_told_once_more() -> None:
    first = a_rig()
    message = came(first, 1)
    rig = restarted(first, after(12 * HOUR), message)
    rig.listen(*BUSY)
    rig.wait(60)
    assert withdrawn(rig.notices) == [("Customer 1", "part of another alert")]
    [digest] = digests(rig)
    assert digest.body == "1 mail, oldest waiting 12 h 00."


def test_what_was_handled_while_the_program_was_off_is_taken_back_silently() -> None:
    first = a_rig()
    message = came(first, 1)
    rig = restarted(first, after(12 * HOUR), changed(message, is_answered=True))
    rig.listen(*BUSY)
    rig.wait(60)
    assert withdrawn(rig.notices) == [("Customer 1", "answered")]
    assert raised(rig.notices) == []


def test_without_mail_db_alerts_wait_for_the_mailbox_to_be_read_again() -> None:
    first = a_rig()
    message = came(first, 1)
    rig = restarted(first, after(5))
    rig.listen(*BUSY)
    rig.apply(arrived(message))
    rig.wait(60)
    assert rig.notices == []


def test_what_is_not_found_after_catching_up_is_gone() -> None:
    first = a_rig()
    came(first, 1)
    rig = restarted(first, after(5))
    rig.listen(*BUSY)
    rig.wait(60)
    assert withdrawn(rig.notices) == [("Customer 1", "it left the mailbox")]


def test_a_killed_pause_loses_nothing() -> None:
    first = a_rig()
    first.take(first.desk.pause(after(HOUR), T0))
    message = came(first, 1)
    rig = restarted(first, after(60), message)
    rig.listen(*BUSY)
    rig.wait(60)
    assert raised(rig.notices) == []
    assert rig.desk.state(rig.now).paused_until == after(HOUR)
    rig.wait(HOUR)
    [digest] = digests(rig)
    assert (digest.title, digest.covers) == ("While you were away (1 h 00)", (message.key,))


def test_a_pause_that_was_ended_stays_ended() -> None:
    first = a_rig()
    first.take(first.desk.pause(after(HOUR), T0))
    first.take(first.desk.resume(after(1)))
    rig = restarted(first, after(60))
    assert rig.desk.state(rig.now).paused_until is None


def test_a_source_that_is_never_heard_does_not_hold_the_digest_back() -> None:
    first = a_rig()
    rig = restarted(first, after(HOUR), a_message(1))
    rig.wait(29)
    assert digests(rig) == []
    rig.wait(1)
    assert len(digests(rig)) == 1


def test_a_refused_password_is_not_waited_for() -> None:
    first = a_rig()
    rig = restarted(first, after(HOUR), a_message(1))
    rig.apply(health(SUPPORT, Hearing.DEAF, since=rig.now, problem=WRONG))
    rig.apply(a_snapshot(members=BUSY, at=rig.now))
    rig.wait(2)
    assert len(digests(rig)) == 1


def test_a_start_within_quiet_hours_waits_for_their_end() -> None:
    quiet = AlertSettings(quiet_hours=(time(8), time(10)))
    first = a_rig(quiet)
    rig = restarted(first, after(10), a_message(1), alerts=quiet)
    rig.listen(*BUSY)
    rig.wait(HOUR - 20)
    assert raised(rig.notices) == []
    rig.wait(20)
    assert len(digests(rig)) == 1


def test_a_restart_after_hours_keeps_the_missed_calls_for_the_morning() -> None:
    hours = AlertSettings(
        opening_hours=(HoursRange(weekdays=(6,), opens=time(9), closes=time(17)),)
    )
    first = a_rig(hours)
    first.apply(missed("1", at=T0))
    rig = restarted(first, after(60), alerts=hours)
    rig.listen(*BUSY)
    rig.wait(HOUR)
    assert raised(rig.notices) == []
    rig.wait_until(after(24 * HOUR))
    [digest] = digests(rig)
    assert digest.title == "While you were away (24 h 00)"


# --- sleep -------------------------------------------------------------------------------


def test_after_sleep_one_digest_when_everything_is_heard_again() -> None:
    rig = a_rig()
    rig.now = after(HOUR)
    rig.take(rig.desk.woke(after(60), rig.now))
    came(rig, 1)
    came(rig, 2)
    assert raised(rig.notices) == []
    rig.listen(*BUSY)
    rig.wait(2)
    [digest] = raised(rig.notices)
    assert (digest.title, len(digest.covers)) == ("While you were away (59 min)", 2)


def test_after_sleep_a_caller_is_not_held_back() -> None:
    rig = a_rig()
    rig.now = after(HOUR)
    rig.take(rig.desk.woke(after(60), rig.now))
    rig.apply(a_snapshot(a_caller("1", at=after(HOUR - 30)), members=BUSY, at=rig.now))
    assert [alert.kind for alert in raised(rig.notices)] == [AlertKind.WAITING]


def test_who_rang_in_the_sleep_and_gave_up_never_rings_after_it() -> None:
    """What the PBX said meanwhile lies in the socket, and is read before anybody is woken."""
    rig = a_rig(members=BUSY)
    rig.take(rig.desk.sleeps(rig.now))
    rig.now = after(2 * HOUR)
    for number in ("1", "2"):
        rig.apply(joined(a_caller(number, at=after(HOUR))))
        rig.apply(missed(number, at=after(HOUR + MINUTE)))
        came(rig, int(number))
        rig.take(rig.desk.woke(T0, rig.now))
    rig.apply(SourceHeard(source=OFFICE, at=rig.now))
    rig.apply(joined(a_caller("3", at=after(HOUR))))
    assert raised(rig.notices) == []
    assert why(rig, "call/Office/3") == []
    rig.apply(missed("3", at=after(HOUR + MINUTE)))
    for source in (OFFICE, SUPPORT):
        rig.apply(SourceHeard(source=source, at=rig.now, is_caught_up=True))
    rig.wait(MINUTE)
    [digest] = raised(rig.notices)
    assert digest.title == "While you were away (2 h 00)"
    assert digest.body == "3 missed calls, 2 mails, oldest waiting 1 h 00."
    assert news(rig.notices) == [digest.title]


def test_who_rang_in_the_sleep_and_still_waits_rings_once_the_phone_is_heard() -> None:
    rig = a_rig(members=BUSY)
    rig.take(rig.desk.sleeps(rig.now))
    rig.now = after(HOUR)
    rig.apply(joined(a_caller("1", at=after(HOUR - 30))))
    rig.take(rig.desk.woke(T0, rig.now))
    assert raised(rig.notices) == []
    rig.apply(SourceHeard(source=OFFICE, at=rig.now, is_caught_up=True))
    assert [alert.kind for alert in raised(rig.notices)] == [AlertKind.WAITING]


def test_who_waits_on_a_phone_that_says_nothing_after_a_sleep_rings_all_the_same() -> None:
    rig = a_rig(members=BUSY)
    rig.take(rig.desk.sleeps(rig.now))
    rig.now = after(HOUR)
    rig.take(rig.desk.woke(T0, rig.now))
    rig.apply(joined(a_caller("1", at=rig.now)))
    rig.wait(29)
    assert raised(rig.notices) == []
    rig.wait(1)
    assert [alert.kind for alert in raised(rig.notices)] == [AlertKind.WAITING]


def test_a_sleep_in_which_nothing_came_is_silent() -> None:
    rig = a_rig()
    came(rig, 1)
    rig.forget()
    rig.now = after(HOUR)
    rig.take(rig.desk.woke(after(60), rig.now))
    rig.listen(*BUSY)
    rig.wait(60)
    assert rig.notices == []


# --- long waits in an absence ------------------------------------------------------------


def test_waits_that_grew_too_long_in_a_pause_are_in_its_digest() -> None:
    rig = a_rig(AlertSettings(mail=MailAlerts.UNANSWERED))
    message = came(rig, 1)
    rig.take(rig.desk.pause(after(3 * HOUR), T0))
    rig.wait(4 * HOUR)
    [digest] = raised(rig.notices)
    assert digest.covers == (message.key,)
    assert digest.body == "1 mail, oldest waiting 3 h 00."


def test_calls_counted_in_a_gap_of_the_night_are_counted_in_the_digest() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(HOUR), T0))
    rig.apply(a_snapshot(members=BUSY, at=after(60), deaf_since=T0, missed_meanwhile=3))
    rig.wait(2 * HOUR)
    assert digests(rig)[0].body == "3 missed calls, oldest waiting 1 h 00."
    assert digests(rig)[0].source == OFFICE


# --- snoozed and closed ------------------------------------------------------------------


def test_snoozed_alerts_of_every_kind_come_back_while_they_are_open() -> None:
    rig = a_rig()
    came(rig, 1)
    rig.apply(missed("7", at=T0))
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    before = {alert.key for alert in rig.desk.alerts()}
    for key in before:
        rig.take(rig.desk.snooze(key, rig.now))
    assert rig.desk.alerts() == ()
    rig.wait(30 * MINUTE)
    assert {alert.key for alert in rig.desk.alerts()} == before


def test_snoozed_alerts_whose_matter_is_handled_do_not_come_back() -> None:
    rig = a_rig()
    message = came(rig, 1)
    rig.apply(missed("7", at=T0))
    for alert in rig.desk.alerts():
        rig.take(rig.desk.snooze(alert.key, rig.now))
    rig.take(rig.desk.read(message.key, rig.now))
    rig.take(rig.desk.close_missed("call/Office/7", rig.now))
    rig.wait(HOUR)
    assert rig.desk.alerts() == ()


def test_what_the_founder_closed_is_remembered_as_long_as_it_goes_on() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.apply(health(SUPPORT, Hearing.DEAF, problem=WRONG))
    came(rig, 1)
    rig.wait(6)
    for alert in rig.desk.alerts():
        rig.take(rig.desk.dismiss(alert.key, rig.now))
    rig.forget()
    rig.wait(HOUR)
    assert rig.notices == []


def test_a_wait_that_grows_too_long_is_told_at_its_moment() -> None:
    rig = a_rig(AlertSettings(mail=MailAlerts.UNANSWERED))
    came(rig, 1)
    [alert] = raised(rig.wait(2 * HOUR))
    assert alert.title == "Customer 1 waits 2 h 00"


# --- order and moments -------------------------------------------------------------------


def test_what_waits_for_company_is_looked_through_when_it_is_due() -> None:
    rig = a_rig()
    came(rig, 1)
    rig.now = after(1)
    waiting = came(rig, 2)
    rig.now = after(1.2)
    came(rig, 3)
    rig.take(rig.desk.read(waiting.key, rig.now))
    assert why(rig, waiting.key) == []
    rig.wait(2)
    assert sorted(rig.titles) == ["Customer 1", "Customer 3"]
    assert why(rig, waiting.key) == [(Verdict.SILENT, Reason.HANDLED_BEFORE)]


def test_the_first_words_of_a_mail_come_later_and_raise_nothing() -> None:
    rig = a_rig()
    message = came(rig, 1)
    rig.forget()
    rig.apply(MessageChanged(message=replace(message, preview="Twice."), at=T0))
    assert [alert.body for alert in updated(rig.notices)] == ["Question 1. “Twice.”"]
    assert news(rig.notices) == []


def test_one_event_of_a_call_stays_one_alert_beside_mail() -> None:
    rig = a_rig(members=[a_member("Anna", MemberState.GONE)])
    came(rig, 1)
    rig.apply(missed("7", at=T0))
    rig.apply(joined(a_caller("1")))
    kinds = [alert.kind for alert in rig.desk.alerts()]
    assert kinds == [AlertKind.WAITING, AlertKind.MISSED, AlertKind.MAIL]
    rig.apply(answered_by_anna("1"))
    assert [alert.kind for alert in rig.desk.alerts()] == kinds[1:]


def a_log(now: datetime) -> Week:
    """Nothing was read."""
    return week_of((), WeekId.containing(now.date()), goal_minutes=30)


def test_the_weekly_nudge_comes_last_and_its_hour_is_waited_for() -> None:
    rig = DeskRig(nudge=NudgeSources(week=a_log, words=lambda _: {}), now=T0 - timedelta(hours=8))
    rig.listen(*BUSY)
    rig.wait(MINUTE)
    came(rig, 1)
    rig.wait_until(T0)
    assert [alert.kind for alert in rig.desk.alerts()] == [AlertKind.MAIL, AlertKind.WEEKLY]
    assert raised(rig.notices)[-1].at == T0


def test_what_was_put_off_is_told_like_new_mail_and_held_in_a_pause() -> None:
    rig = a_rig()
    message = a_message(1)
    rig.apply(arrived(message))
    rig.take(rig.desk.read(message.key, T0))
    rig.take(rig.desk.put_off(message.key, after(60), T0))
    rig.take(rig.desk.pause(after(600), T0))
    assert raised(rig.wait(300)) == []
    assert [alert.covers for alert in raised(rig.wait(400))] == [(message.key,)]


# --- what the team lifts -------------------------------------------------------------------


def test_a_lift_stands_in_for_the_alert_of_its_mail_and_is_told_anew_once_it_was_over() -> None:
    rig = DeskRig(settings=lifting()).listen(*BUSY)
    mail = a_message(1)
    rig.apply(arrived(mail))
    rig.apply(marks((mail.message_id, "anna")))
    assert [one.kind for one in rig.desk.alerts()] == [AlertKind.LIFTED]
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.dismiss(alert.key, rig.now))
    assert rig.desk.alerts() == ()
    rig.apply(marks())
    rig.apply(marks((mail.message_id, "anna")))
    assert rig.titles == ["Anna Lind lifted this to you"]


def test_the_mail_of_an_operator_is_from_no_customer() -> None:
    rig = DeskRig(settings=lifting()).listen(*BUSY)
    rig.apply(mail_lifted())
    rig.apply(arrived(a_carrier()))
    assert [one.reason for one in rig.store.decisions(CARRIER_KEY, 9)] == [
        Reason.LIFTED,
        Reason.NO_CUSTOMER,
    ]


def test_what_is_lifted_has_no_meaning_for_a_policy_that_was_told_of_no_lifts() -> None:
    rig = a_rig()
    rig.desk._policy.lifted([])
    assert rig.desk.known_lifts is None
