from dataclasses import replace
from datetime import time

from supportdesk.domain.alerts import Action, AlertPage
from supportdesk.domain.events import MessageChanged, MessageGone
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import AlertSettings, HoursRange, MailAlerts
from tests.fakes.happenings import (
    SUPPORT,
    T0,
    DeskRig,
    a_message,
    after,
    an_answer,
    arrived,
    changed,
    covered,
    happened,
    news,
    opened,
    raised,
    settings_with,
    updated,
    withdrawn,
)

MINUTE = 60.0
HOUR = 3600.0


def a_rig(mode: MailAlerts = MailAlerts.EACH, **alerts: object) -> DeskRig:
    settings = replace(AlertSettings(mail=mode), **alerts)  # type: ignore[arg-type]  # by name
    rig = DeskRig(settings=settings_with(phone=(), alerts=settings)).listen()
    rig.apply(opened(1, mailbox="Sent"))
    return rig


def came(rig: DeskRig, *messages: MessageSummary, at: float = 0) -> list[object]:
    return list(rig.apply(arrived(*messages, at=after(at)), at=after(at)))


def now_as(message: MessageSummary) -> MessageChanged:
    return MessageChanged(message=message, at=T0)


# --- each mail ---------------------------------------------------------------------------


def test_each_mail_is_told_and_alerts() -> None:
    rig = a_rig()
    message = a_message(1, who="Ingrid", subject="Flour order", preview="Twice again.")
    told = rig.apply(arrived(message))
    [fact] = happened(told)
    assert (fact.key, fact.message_id, fact.source) == (message.key, message.message_id, SUPPORT)
    [alert] = raised(told)
    assert (alert.key, alert.item, alert.covers) == (message.key, message.key, (message.key,))
    assert (alert.title, alert.body) == ("Ingrid", "Flour order. “Twice again.”")
    assert alert.actions == (Action.READ, Action.REPLY, Action.SNOOZE)
    assert rig.store.open_alerts() == [alert]


def test_robots_and_our_own_copies_are_told_without_an_alert() -> None:
    rig = a_rig()
    robot = a_message(1, is_robot=True)
    ours = an_answer(2, a_message(9), at=T0, mailbox="INBOX")
    told = rig.apply(arrived(robot, ours))
    assert [fact.key for fact in happened(told)] == [robot.key, ours.key]
    assert raised(told) == []


def test_our_sent_mail_is_not_even_told() -> None:
    rig = a_rig()
    assert rig.apply(arrived(an_answer(2, a_message(9), at=T0))) == []


def test_what_was_answered_before_we_heard_of_it_is_told_without_an_alert() -> None:
    rig = a_rig()
    question = a_message(1)
    told = rig.apply(arrived(question, an_answer(1, question, at=after(1))))
    assert len(happened(told)) == 1
    assert raised(told) == []


def test_an_alert_learns_the_first_words_later() -> None:
    rig = a_rig()
    message = a_message(1, subject="Flour order")
    rig.apply(arrived(message))
    rig.forget()
    [update] = updated(rig.apply(now_as(replace(message, preview="Twice."))))
    assert news(rig.notices) == []
    assert update.body == "Flour order. “Twice.”"
    assert rig.apply(now_as(replace(message, preview="Twice."))) == []
    rig.desk.dismiss(message.key, T0)
    assert rig.apply(now_as(replace(message, preview="Thrice."))) == []


# --- a burst -----------------------------------------------------------------------------


def test_more_than_three_within_20_s_become_one_that_covers_all() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in range(1, 7)]
    for number, message in enumerate(messages[:3]):
        came(rig, message, at=number * 2)
    assert len(rig.desk.alerts()) == len(raised(rig.notices)) == 3
    rig.forget()
    came(rig, messages[3], at=6)
    assert [why for _, why in withdrawn(rig.notices)] == ["part of another alert"] * 2
    [burst] = updated(rig.notices)
    assert news(rig.notices) == [burst.title] == ["4 people wrote just now"]
    assert burst.key == messages[0].key
    assert burst.covers == tuple(message.key for message in messages[:4])
    assert burst.actions == (Action.READ, Action.SNOOZE)
    rig.forget()
    came(rig, messages[4], messages[5], at=20)
    [update] = updated(rig.notices)
    assert (update.key, update.title) == (burst.key, "6 people wrote just now")
    assert news(rig.notices) == []
    assert covered(rig.notices) == {message.key for message in messages}
    assert rig.titles == ["6 people wrote just now"]


def test_many_at_once_are_one_alert_from_the_start() -> None:
    rig = a_rig()
    told = came(rig, *(a_message(uid) for uid in range(1, 51)))
    assert len(rig.titles) == 1
    assert len(happened(rig.notices)) == 50
    assert len(told) == 51


def test_after_20_s_the_next_mail_stands_alone() -> None:
    rig = a_rig()
    came(rig, *(a_message(uid) for uid in range(1, 5)))
    came(rig, a_message(9), at=20)
    assert rig.titles == ["4 people wrote just now", "Customer 9"]


def test_forty_that_come_one_by_one_are_one_alert() -> None:
    """As servers tell of them that say EXISTS for each."""
    rig = a_rig()
    for number in range(40):
        rig.wait_until(after(number * 0.05))
        came(rig, a_message(number + 1, at=rig.now), at=number * 0.05)
    rig.wait(60)
    assert [alert.title for alert in raised(rig.notices)] == ["Customer 1"]
    assert news(rig.notices) == ["Customer 1", "31 people wrote just now"]
    assert len(updated(rig.notices)) == 2
    assert (rig.titles, withdrawn(rig.notices)) == (["40 people wrote just now"], [])
    assert len(covered(rig.notices)) == 40


def test_forty_that_come_every_seven_seconds_are_one_alert_in_the_end() -> None:
    rig = a_rig()
    for number in range(40):
        rig.wait_until(after(number * 7))
        came(rig, a_message(number + 1, at=rig.now), at=number * 7)
    assert news(rig.notices) == [
        "Customer 1",
        "Customer 2",
        "Customer 3",
        "4 people wrote just now",
    ]
    assert rig.titles == ["40 people wrote just now"]


def test_a_burst_that_does_not_end_is_news_every_ten_minutes() -> None:
    rig = a_rig()
    for number in range(80):
        rig.wait_until(after(number * 15))
        came(rig, a_message(number + 1, at=rig.now), at=number * 15)
    assert news(rig.notices)[3:] == ["4 people wrote just now", "44 people wrote"]
    assert rig.titles == ["80 people wrote"]


def test_a_thousand_in_a_second_are_one_alert_and_a_few_changes_of_it() -> None:
    rig = a_rig()
    for number in range(1000):
        rig.wait_until(after(number / 1000))
        came(rig, a_message(number + 1, at=rig.now), at=number / 1000)
    rig.wait(60)
    assert (len(raised(rig.notices)), len(updated(rig.notices))) == (1, 1)
    assert len(covered(rig.notices)) == 1000


def test_two_that_come_together_are_told_each() -> None:
    rig = a_rig()
    came(rig, a_message(1))
    came(rig, a_message(2), at=0.5)
    assert rig.titles == ["Customer 1"]
    rig.wait_until(after(2))
    assert rig.titles == ["Customer 1", "Customer 2"]


def test_mails_more_than_twenty_seconds_apart_never_become_a_burst() -> None:
    rig = a_rig()
    for number in range(6):
        came(rig, a_message(number + 1), at=number * 20.0)
    assert len(rig.titles) == len(raised(rig.notices)) == 6


def test_with_one_more_than_twenty_those_on_show_become_one() -> None:
    rig = a_rig()
    for number in range(22):
        came(rig, a_message(number + 1, at=after(number * 60.0)), at=number * 60.0)
    assert rig.titles == ["21 people wrote", "Customer 22"]
    assert news(rig.notices)[-2:] == ["21 people wrote", "Customer 22"]


def test_what_waits_for_company_survives_a_crash() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in (1, 2, 3)]
    came(rig, messages[0])
    came(rig, messages[1], messages[2], at=1)
    again = DeskRig(
        store=rig.store, settings=settings_with(phone=()), messages=messages, now=after(5)
    )
    again.listen()
    again.wait(60)
    assert {alert.key for alert in raised(again.notices)} == {one.key for one in messages[1:]}
    assert again.store.open_alerts() == list(again.desk.alerts())


def test_a_pause_in_the_moment_of_waiting_keeps_what_waited_for_the_digest() -> None:
    rig = a_rig()
    came(rig, a_message(1))
    came(rig, a_message(2), at=1)
    rig.take(rig.desk.pause(after(600), after(1)))
    rig.wait_until(after(599))
    assert rig.titles == ["Customer 1"]
    rig.wait_until(after(600))
    [digest] = rig.desk.alerts()
    assert len(digest.covers) == 2


def test_what_is_handled_while_it_waits_is_not_told() -> None:
    rig = a_rig()
    came(rig, a_message(1))
    came(rig, a_message(2), at=1)
    rig.take(rig.desk.read(a_message(2).key, after(1)))
    rig.wait(60)
    assert rig.titles == ["Customer 1"]


def test_mails_handled_meanwhile_are_not_gathered_again() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in range(1, 5)]
    came(rig, *messages[:3])
    rig.take(rig.desk.read(messages[0].key, T0))
    came(rig, messages[3], at=2)
    assert len(rig.titles) == 3


def test_the_words_of_one_of_a_burst_change_nothing_of_it() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in range(1, 5)]
    for number, message in enumerate(messages):
        came(rig, message, at=number * 2)
    assert rig.titles == ["4 people wrote just now"]
    assert rig.apply(now_as(replace(messages[0], preview="Twice."))) == []


def test_a_burst_that_the_founder_closed_does_not_grow() -> None:
    rig = a_rig()
    came(rig, *(a_message(uid) for uid in range(1, 5)))
    rig.take(rig.desk.dismiss(rig.desk.alerts()[0].key, T0))
    came(rig, a_message(9), at=5)
    assert rig.titles == ["Customer 9"]


def test_a_burst_stays_until_all_are_handled() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in range(1, 5)]
    came(rig, *messages)
    for message in messages[:3]:
        rig.apply(arrived(an_answer(message.address.uid, message, at=after(60))))
    assert rig.titles == ["4 people wrote just now"]
    rig.take(rig.desk.read(messages[3].key, after(60)))
    assert withdrawn(rig.notices)[-1] == ("4 people wrote just now", "all handled")


# --- taken back --------------------------------------------------------------------------


def test_alerts_are_taken_back_when_handled() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in range(1, 6)]
    for number, message in enumerate(messages):
        came(rig, message, at=number * 30.0)
    rig.forget()
    answered, flagged, seen, gone, read = messages
    rig.apply(arrived(an_answer(1, answered, at=after(300))))
    rig.apply(now_as(changed(flagged, is_answered=True)))
    rig.apply(now_as(changed(seen, is_seen=True)))
    rig.apply(MessageGone(account=SUPPORT, message_id=gone.message_id, address=gone.address, at=T0))
    rig.take(rig.desk.read(read.key, after(300)))
    assert withdrawn(rig.notices) == [
        ("Customer 1", "answered by Anna"),
        ("Customer 2", "answered"),
        ("Customer 3", "read elsewhere"),
        ("Customer 4", "it left the mailbox"),
        ("Customer 5", "read here"),
    ]
    assert rig.store.open_alerts() == []


def test_needs_no_reply_takes_it_back_and_undo_does_not_repeat_it() -> None:
    rig = a_rig()
    message = a_message(1)
    came(rig, message)
    rig.take(rig.desk.needs_no_reply(message.key, T0))
    assert withdrawn(rig.notices) == [("Customer 1", "needs no reply")]
    rig.take(rig.desk.undo_needs_no_reply(message.key, T0))
    assert rig.titles == []
    assert rig.desk.state(T0).people_waiting == 1


# --- only who waits long -----------------------------------------------------------------


def test_in_unanswered_mode_the_founder_hears_of_long_waits_only() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    came(rig, a_message(1, who="Ingrid Solheim", subject="Flour order"), at=0)
    quick = a_message(2)
    came(rig, quick, at=60)
    rig.apply(arrived(an_answer(1, quick, at=after(HOUR))), at=after(HOUR))
    assert raised(rig.notices) == []
    assert raised(rig.wait_until(after(2 * HOUR - 1))) == []
    [alert] = raised(rig.wait_until(after(2 * HOUR)))
    assert alert.title == "Ingrid Solheim waits 2 h 00"
    assert alert.at == after(2 * HOUR)
    assert raised(rig.wait(5 * HOUR)) == []


def test_a_long_wait_is_told_once_over_restarts() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    message = a_message(1)
    came(rig, message)
    rig.wait_until(after(2 * HOUR))
    rig.take(rig.desk.dismiss(rig.desk.alerts()[0].key, rig.now))
    settings = settings_with(phone=(), alerts=AlertSettings(mail=MailAlerts.UNANSWERED))
    again = DeskRig(store=rig.store, settings=settings, messages=[message], now=after(3 * HOUR))
    again.wait(HOUR)
    assert raised(again.notices) == []


def test_what_grew_too_long_in_a_quick_restart_is_told_as_a_wait() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    message, other = a_message(1), a_message(2, at=after(HOUR))
    came(rig, message)
    came(rig, other, at=HOUR)
    rig.wait_until(after(2 * HOUR - 5))
    settings = settings_with(phone=(), alerts=AlertSettings(mail=MailAlerts.UNANSWERED))
    messages = [message, other]
    now = after(2 * HOUR + 5)
    again = DeskRig(store=rig.store, settings=settings, messages=messages, now=now)
    again.wait(60)
    [alert] = raised(again.notices)
    assert (alert.key, alert.covers) == (f"waits/{message.key}", (message.key,))


def test_what_came_in_a_quick_restart_is_told_each() -> None:
    rig = a_rig()
    message = a_message(1, at=after(5))
    settings = settings_with(phone=())
    again = DeskRig(store=rig.store, settings=settings, messages=[message], now=after(9))
    again.wait(60)
    [alert] = raised(again.notices)
    assert (alert.key, alert.is_digest) == (message.key, False)


def test_a_colleagues_reading_does_not_end_a_wait_but_the_founders_does() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    seen, read = a_message(1), a_message(2)
    came(rig, seen, read)
    rig.apply(now_as(changed(seen, is_seen=True)))
    rig.take(rig.desk.read(read.key, T0))
    [alert] = raised(rig.wait_until(after(2 * HOUR)))
    assert alert.item == seen.key
    rig.apply(now_as(changed(seen, is_answered=True)), at=after(3 * HOUR))
    assert withdrawn(rig.notices) == [("Customer 1 waits 2 h 00", "answered")]


def test_waiting_counts_inside_the_opening_hours() -> None:
    """T0 is Saturday 09:00; the desk opens on Monday at 9."""
    monday = HoursRange(weekdays=(0,), opens=time(9), closes=time(17))
    rig = a_rig(MailAlerts.UNANSWERED, opening_hours=(monday,))
    came(rig, a_message(1))
    [alert] = raised(rig.wait_until(after(50 * HOUR)))
    assert alert.at == after(50 * HOUR)
    assert alert.title == "Customer 1 waits 2 days"


def test_where_it_is_never_open_nobody_waits_too_long() -> None:
    never = HoursRange(weekdays=(), opens=time(9), closes=time(17))
    rig = a_rig(MailAlerts.UNANSWERED, opening_hours=(never,))
    came(rig, a_message(1))
    assert raised(rig.wait(9 * HOUR)) == []


def test_another_limit_counts_for_those_who_wait_already() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    came(rig, a_message(1))
    patient = AlertSettings(mail=MailAlerts.UNANSWERED, unanswered_minutes=180)
    rig.take(rig.desk.change_settings(settings_with(phone=(), alerts=patient), T0))
    [alert] = raised(rig.wait_until(after(3 * HOUR)))
    assert alert.at == after(3 * HOUR)


def test_in_never_mode_mail_is_told_without_alerts() -> None:
    rig = a_rig(MailAlerts.NEVER)
    came(rig, a_message(1))
    assert len(happened(rig.notices)) == 1
    assert raised(rig.notices) == []


def test_switching_mail_alerts_off_takes_back_those_on_show() -> None:
    rig = a_rig()
    came(rig, a_message(1))
    off = settings_with(phone=(), alerts=AlertSettings(mail=MailAlerts.NEVER))
    rig.take(rig.desk.change_settings(off, after(5)))
    assert withdrawn(rig.notices) == [("Customer 1", "mail alerts are off")]


# --- snoozed -----------------------------------------------------------------------------


def snoozed(rig: DeskRig) -> None:
    rig.take(rig.desk.snooze(rig.desk.alerts()[0].key, rig.now))
    assert rig.titles == []


def test_a_snoozed_mail_comes_back_if_it_is_still_open() -> None:
    rig = a_rig()
    message = a_message(1)
    came(rig, message)
    snoozed(rig)
    assert raised(rig.wait(30 * MINUTE - 1)) == []
    [alert] = raised(rig.wait(1))
    assert (alert.key, alert.at) == (message.key, after(30 * MINUTE))


def test_a_snoozed_mail_that_was_handled_does_not_come_back() -> None:
    rig = a_rig()
    message = a_message(1)
    came(rig, message)
    snoozed(rig)
    rig.take(rig.desk.read(message.key, rig.now))
    assert raised(rig.wait(HOUR)) == []
    assert rig.store.open_alerts() == []


def test_a_snoozed_burst_comes_back_with_what_is_left() -> None:
    rig = a_rig()
    messages = [a_message(uid) for uid in range(1, 6)]
    came(rig, *messages)
    snoozed(rig)
    rig.take(rig.desk.read(messages[0].key, rig.now))
    [alert] = raised(rig.wait(HOUR))
    assert alert.title == "4 people wrote"
    snoozed(rig)
    for message in messages[1:4]:
        rig.take(rig.desk.read(message.key, rig.now))
    [alert] = raised(rig.wait(HOUR))
    assert (alert.title, alert.key) == ("Customer 5", messages[4].key)


def test_many_waits_at_once_are_one_alert() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    came(rig, *(a_message(uid) for uid in range(1, 6)))
    [alert] = raised(rig.wait_until(after(2 * HOUR)))
    assert alert.title == "5 people wait for an answer"
    assert alert.body == "Customer 1, Customer 2, Customer 3 and 2 more. The longest waits 2 h 00."
    assert (alert.actions, alert.page) == ((Action.SHOW, Action.SNOOZE), AlertPage.WAITING)
    assert (alert.item, len(alert.covers)) == ("", 5)
    for uid in (1, 2, 3):
        rig.take(rig.desk.read(a_message(uid).key, rig.now))
    snoozed(rig)
    [again] = raised(rig.wait(30 * MINUTE))
    assert (again.key, again.title) == (alert.key, "2 people wait for an answer")
    rig.take(rig.desk.read(a_message(4).key, rig.now))
    snoozed(rig)
    [again] = raised(rig.wait(30 * MINUTE))
    assert (again.key, again.title) == (alert.key, "Customer 5 waits 3 h 00")


def test_a_snoozed_wait_comes_back_in_the_words_of_then() -> None:
    rig = a_rig(MailAlerts.UNANSWERED)
    came(rig, a_message(1), a_message(2))
    rig.wait_until(after(2 * HOUR))
    for alert in rig.desk.alerts():
        rig.take(rig.desk.snooze(alert.key, rig.now))
    again = raised(rig.wait(30 * MINUTE))
    assert sorted(alert.title for alert in again) == [
        "Customer 1 waits 2 h 30",
        "Customer 2 waits 2 h 30",
    ]
