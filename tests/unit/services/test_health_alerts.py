from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Reason, Verdict
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import AlertRule, AlertSettings, RuleLevel
from supportdesk.services.health_alerts import (
    SILENCE,
    SILENCE_OF_MAIL,
    part_alert,
    silent_source,
)
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    DeskRig,
    a_message,
    a_snapshot,
    after,
    arrived,
    health,
    missed,
    news,
    raised,
    settings_with,
    updated,
    withdrawn,
)

SLOW = Problem(title="imap.desk.example does not answer", advice="It is tried again.")
WRONG = Problem(title="The password was refused", advice="Type it again.", is_for_founder=True)
RIGHT = Problem(title="Office may not dial", advice="Give it the right.", is_for_founder=True)
LISTENING, DEAF, CONNECTING = Hearing.LISTENING, Hearing.DEAF, Hearing.CONNECTING
MINUTE = 60.0
HOUR = 3600.0


def a_rig() -> DeskRig:
    rig = DeskRig().listen()
    rig.forget()
    return rig


def deaf(rig: DeskRig, at: float, problem: Problem | None = SLOW) -> list[Alert]:
    rig.wait_until(after(at))
    told = health(SUPPORT, DEAF, since=after(at), problem=problem, heard_at=after(0))
    return raised(rig.apply(told))


def heard(rig: DeskRig, at: float) -> None:
    rig.wait_until(after(at))
    rig.apply(health(SUPPORT, LISTENING, since=after(at)))


def test_a_minute_of_deafness_is_told_once() -> None:
    rig = a_rig()
    assert deaf(rig, 14 * MINUTE) == []
    [alert] = raised(rig.wait(MINUTE))
    assert (alert.kind, alert.source, alert.at) == (AlertKind.HEALTH, SUPPORT, after(15 * MINUTE))
    assert alert.title == "Not listening since 09:14"
    assert alert.body == "imap.desk.example does not answer. Phones are fine."
    assert alert.actions == (Action.WHY, Action.TRY_AGAIN)
    assert raised(rig.wait(3600)) == []


def test_a_short_gap_is_not_told() -> None:
    rig = a_rig()
    deaf(rig, 10)
    heard(rig, 60)
    rig.wait(600)
    assert rig.notices == []


def test_what_only_the_founder_can_mend_is_told_at_once() -> None:
    [alert] = deaf(a_rig(), 10, WRONG)
    assert alert.body == "The password was refused. Type it again. Phones are fine."


def test_a_source_never_heard_in_this_run_is_told_at_once() -> None:
    rig = DeskRig()
    assert [one.title for one in deaf(rig, 10)] == ["Not listening since 09:00"]


def test_another_cause_updates_the_alert_and_keeps_its_beginning() -> None:
    rig = a_rig()
    deaf(rig, 14 * MINUTE, WRONG)
    told = rig.apply(health(SUPPORT, DEAF, since=after(0), problem=SLOW), at=after(26 * 3600.0))
    [update] = updated(told)
    assert update.title == "Not listening since 09:14"
    assert update.body.startswith("imap.desk.example does not answer.")


def test_when_it_listens_again_it_says_what_came_meanwhile() -> None:
    rig = a_rig()
    deaf(rig, 14 * MINUTE, WRONG)
    rig.forget()
    heard(rig, 62 * MINUTE)
    assert withdrawn(rig.notices) == [("Not listening since 09:14", "listening again")]
    rig.apply(arrived(*(a_message(uid) for uid in (1, 2, 3))))
    rig.forget()
    [alert] = raised(rig.wait(5))
    assert (alert.title, alert.body) == (
        "Listening again",
        "Mail was deaf 09:14 to 10:02. 3 mails came meanwhile; no call was missed.",
    )
    assert alert.actions == (Action.SHOW,)
    assert withdrawn(rig.wait(10 * MINUTE)) == [("Listening again", "no longer news")]


def test_without_a_phone_nothing_is_said_of_calls() -> None:
    rig = DeskRig(settings=settings_with(phone=())).listen()
    deaf(rig, 14 * MINUTE, WRONG)
    heard(rig, 62 * MINUTE)
    [alert] = raised(rig.wait(5))
    assert alert.body == "Mail was deaf 09:14 to 10:02. No mail came meanwhile."


def test_a_deaf_phone_says_what_was_missed() -> None:
    rig = a_rig()
    rig.apply(health(OFFICE, DEAF, since=after(14 * MINUTE), problem=WRONG), at=after(14 * MINUTE))
    rig.apply(health(OFFICE, LISTENING, since=after(62 * MINUTE)), at=after(62 * MINUTE))
    rig.apply(a_snapshot(at=after(62 * MINUTE), deaf_since=after(14 * MINUTE), missed_meanwhile=1))
    rig.forget()
    [alert] = raised(rig.wait(5))
    assert alert.body == "The phones were deaf 09:14 to 10:02. 1 call was missed."


def test_only_calls_missed_in_the_gap_count() -> None:
    rig = a_rig()
    early = missed("1", at=60, number="+1", waited=9)
    rig.apply(early, at=after(60))
    deaf(rig, 14 * MINUTE, WRONG)
    heard(rig, 62 * MINUTE)
    [alert] = raised(rig.wait(5))
    assert alert.body.endswith("no call was missed.")


def test_deaf_again_takes_back_the_word_of_recovery() -> None:
    rig = a_rig()
    deaf(rig, 60, WRONG)
    heard(rig, 120)
    rig.wait(10)
    assert rig.titles == ["Listening again"]
    deaf(rig, 140, WRONG)
    assert rig.titles == ["Not listening since 09:02"]


def test_what_the_founder_closed_is_not_told_again_in_the_same_episode() -> None:
    rig = a_rig()
    deaf(rig, 60, WRONG)
    rig.take(rig.desk.dismiss(rig.desk.alerts()[0].key, rig.now))
    rig.forget()
    rig.apply(health(SUPPORT, DEAF, since=rig.now, problem=SLOW), at=after(3600))
    assert raised(rig.notices) == []
    heard(rig, 3700)
    assert [one.title for one in raised(rig.wait(9))] == ["Listening again"]
    assert [one.title for one in deaf(rig, 3800, WRONG)] == ["Not listening since 10:03"]


def test_a_missing_right_is_told_while_listening() -> None:
    rig = a_rig()
    [alert] = raised(rig.apply(health(OFFICE, LISTENING, problem=RIGHT)))
    assert (alert.title, alert.body, alert.actions) == (
        "Office may not dial",
        "Give it the right.",
        (Action.WHY,),
    )
    other = replace(RIGHT, title="Office may not watch")
    [update] = updated(rig.apply(health(OFFICE, LISTENING, problem=other)))
    assert update.title == "Office may not watch"
    told = rig.apply(health(OFFICE, LISTENING))
    assert withdrawn(told) == [("Office may not watch", "mended")]
    assert raised(rig.wait(60)) == []


def test_nothing_new_is_raised_in_silence_but_the_state_is_told_when_it_ends() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(30 * MINUTE), T0))
    assert deaf(rig, 60, WRONG) == []
    [alert] = raised(rig.wait_until(after(30 * MINUTE)))
    assert alert.title == "Not listening since 09:01"


def test_a_recovery_in_silence_is_not_told_later() -> None:
    rig = a_rig()
    deaf(rig, 60, WRONG)
    rig.take(rig.desk.pause(after(30 * MINUTE), rig.now))
    rig.forget()
    heard(rig, 120)
    rig.wait(3600)
    assert raised(rig.notices) == []
    assert len(withdrawn(rig.notices)) == 1


# --- over a restart ----------------------------------------------------------------------


def restarted(first: DeskRig, now: datetime, alerts: AlertSettings | None = None) -> DeskRig:
    return DeskRig(store=first.store, now=now, settings=settings_with(alerts=alerts))


def test_an_outage_that_goes_on_is_told_once_by_each_run_when_it_is_tried_again() -> None:
    first = a_rig()
    deaf(first, 14 * MINUTE, WRONG)
    rig = restarted(first, after(20 * MINUTE))
    rig.wait(5)
    rig.apply(health(SUPPORT, CONNECTING, since=rig.now))
    rig.wait(HOUR / 4)
    assert news(rig.notices) == []
    for _ in range(3):
        rig.apply(health(SUPPORT, DEAF, since=rig.now, problem=WRONG))
        rig.wait(60)
    rig.apply(health(OFFICE, LISTENING, since=rig.now))
    assert raised(rig.notices) == []
    assert news(rig.notices) == ["Not listening since 09:14"]
    [decision, *_] = rig.store.decisions("health/Support", 9)
    assert (decision.verdict, decision.reason) == (Verdict.REPEATED, Reason.STARTED)
    assert rig.titles == ["Not listening since 09:14"]
    heard(rig, 62 * MINUTE)
    [alert] = raised(rig.wait(5))
    assert alert.body.startswith("Mail was deaf 09:14 to 10:02.")


def test_the_last_trouble_of_a_source_is_known_to_the_next_run() -> None:
    first = a_rig()
    deaf(first, 14 * MINUTE, WRONG)
    heard(first, 16 * MINUTE)
    [before] = [one.last_trouble for one in first.desk.health.healths() if one.source == SUPPORT]
    rig = restarted(first, after(20 * MINUTE))
    rig.apply(health(SUPPORT, LISTENING, since=rig.now))
    [now] = [one.last_trouble for one in rig.desk.health.healths() if one.source == SUPPORT]
    assert before is not None
    assert (now, before.problem) == (before, WRONG)


def test_an_outage_that_is_over_at_the_next_start_is_not_told_again() -> None:
    first = a_rig()
    deaf(first, 14 * MINUTE, WRONG)
    rig = restarted(first, after(20 * MINUTE))
    rig.apply(health(SUPPORT, CONNECTING, since=rig.now))
    rig.apply(health(SUPPORT, LISTENING, since=rig.now))
    assert news(rig.notices) == []
    assert rig.titles == []


def test_an_outage_that_goes_on_waits_for_the_end_of_a_pause_and_heeds_the_rules() -> None:
    first = a_rig()
    deaf(first, 14 * MINUTE, WRONG)
    first.take(first.desk.pause(first.now + timedelta(hours=1), first.now))
    paused = restarted(first, after(20 * MINUTE))
    paused.apply(health(SUPPORT, DEAF, since=paused.now, problem=WRONG))
    assert news(paused.notices) == []
    paused.wait(HOUR)
    assert news(paused.notices) == ["Not listening since 09:14"]
    rule = AlertRule(source=SUPPORT, kind=AlertKind.HEALTH, level=RuleLevel.NEVER)
    ruled = restarted(first, paused.now, AlertSettings(rules=(rule,)))
    ruled.apply(health(SUPPORT, DEAF, since=ruled.now, problem=WRONG))
    assert news(ruled.notices) == []


def test_what_the_last_run_may_not_have_shown_is_told_once_by_the_next() -> None:
    first = a_rig()
    first.now = after(14 * MINUTE)
    first.desk.apply(health(SUPPORT, DEAF, since=first.now, problem=WRONG), first.now)
    rig = restarted(first, after(20 * MINUTE))
    rig.apply(health(SUPPORT, DEAF, since=rig.now, problem=WRONG))
    assert news(rig.notices) == ["Not listening since 09:14"]


def test_an_outage_of_a_source_that_left_the_settings_is_taken_back() -> None:
    first = a_rig()
    deaf(first, 14 * MINUTE, WRONG)
    rig = DeskRig(store=first.store, now=after(20 * MINUTE), settings=settings_with(mail=()))
    assert withdrawn(rig.notices) == [("Not listening since 09:14", "no longer watched")]


def test_a_missing_right_of_the_last_run_waits_for_the_source_to_report() -> None:
    first = a_rig()
    first.apply(health(OFFICE, LISTENING, problem=RIGHT))
    rig = restarted(first, after(60))
    assert rig.titles == ["Office may not dial"]
    rig.apply(health(OFFICE, LISTENING, since=rig.now))
    assert rig.titles == []


# --- parts of supportdesk itself -----------------------------------------------------------

FULL = Problem(title="desk.db cannot be written: the disk is full", advice="Make room.")
FAULTY = Problem(title="desk.db cannot be written: input/output error", advice="Copy it.")


def failed(rig: DeskRig, problem: Problem = FULL) -> None:
    rig.take(rig.desk.part_failed("disk", problem, rig.now))


def test_a_part_that_fails_is_told_once_until_it_works_again() -> None:
    rig = a_rig()
    failed(rig)
    failed(rig)
    rig.wait(HOUR)
    [alert] = raised(rig.notices)
    assert (alert.key, alert.title, alert.body) == ("health/disk", FULL.title, "Make room.")
    assert (alert.actions, alert.page) == ((Action.WHY,), AlertPage.HEALTH)
    rig.take(rig.desk.part_works("disk", rig.now))
    rig.take(rig.desk.part_works("disk", rig.now))
    assert withdrawn(rig.notices) == [(FULL.title, "it works again")]
    failed(rig)
    assert len(raised(rig.notices)) == 2


def test_another_trouble_of_the_same_part_is_news() -> None:
    rig = a_rig()
    failed(rig)
    failed(rig, replace(FULL, advice="Make much room."))
    assert news(rig.notices) == [FULL.title]
    failed(rig, FAULTY)
    assert news(rig.notices) == [FULL.title, FAULTY.title]
    assert rig.titles == [FAULTY.title]


def test_a_trouble_that_the_founder_closed_is_not_told_again_but_another_is() -> None:
    rig = a_rig()
    failed(rig)
    rig.take(rig.desk.dismiss("health/disk", rig.now))
    failed(rig)
    rig.wait(HOUR)
    assert rig.titles == []
    failed(rig, FAULTY)
    assert rig.titles == [FAULTY.title]


def test_in_a_pause_a_part_that_fails_waits_until_alerts_may_come() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(600), T0))
    failed(rig)
    rig.wait_until(after(599))
    assert rig.notices == []
    rig.wait(1)
    assert rig.titles == [FULL.title]


def test_while_presenting_it_is_not_said_which_part_fails() -> None:
    rig = DeskRig(settings=settings_with(alerts=AlertSettings(presenting=True))).listen()
    failed(rig)
    assert [alert.body for alert in raised(rig.notices)] == ["Something needs a look."]


def test_each_run_tells_of_a_trouble_once_and_takes_back_one_that_is_over() -> None:
    first = a_rig()
    failed(first)
    broken = DeskRig(store=first.store, now=after(60), problems={"disk": FULL})
    broken.wait(HOUR)
    assert (news(broken.notices), broken.titles) == ([FULL.title], [FULL.title])
    other = DeskRig(store=first.store, now=after(80), problems={"disk": FAULTY})
    assert news(other.notices) == [FAULTY.title]
    mended = DeskRig(store=first.store, now=after(120))
    assert withdrawn(mended.notices) == [(FAULTY.title, "it works again")]


def test_of_a_silence_that_a_test_mail_would_explain_it_is_offered() -> None:
    mail = part_alert(f"{SILENCE_OF_MAIL}Support", SLOW, T0)
    assert mail.actions == (Action.TEST_MAIL, Action.WHY)
    phone = part_alert(f"{SILENCE}Office", SLOW, T0)
    assert phone.actions == (Action.WHY,)
    assert (silent_source(mail), silent_source(phone)) == (SUPPORT, OFFICE)
