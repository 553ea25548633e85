import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import FrameType

from supportdesk.domain.alerts import AlertKind, Reason, Verdict
from supportdesk.domain.calls import MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    MemberLeft,
    MessageChanged,
    MessageGone,
    MessageTextFetched,
    SourceHeard,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.nudge import NudgeAnswer
from supportdesk.domain.promises import Promise
from supportdesk.domain.settings import AlertSettings, Settings
from supportdesk.domain.side_events import MarksSeen
from supportdesk.domain.week import Week, WeekId, week_of
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Area, TrayState, Turn
from supportdesk.services.forgetting import Forgotten
from supportdesk.services.lifts import Lifts
from supportdesk.services.weekly_nudge import NudgeSources
from tests.fakes.happenings import (
    DOOR,
    HOOK_SETTINGS,
    OFFICE,
    PHONE_SETTINGS,
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
    happened,
    health,
    joined,
    opened,
    raised,
    settings_with,
    withdrawn,
)
from tests.fakes.happenings import missed as a_missed_call

FREE = MemberState.FREE
SLOW = Problem(title="pbx.desk.example does not answer", advice="It is tried again.")


def a_rig() -> DeskRig:
    rig = DeskRig().listen(a_member("Anna"))
    rig.forget()
    return rig


missed = partial(a_missed_call, "9", number="+33 1", name="Maison Aubry", waited=41)


# --- events ------------------------------------------------------------------------------


def test_events_of_unknown_sources_are_ignored() -> None:
    rig = DeskRig(settings=Settings())
    message = a_message(1)
    gone = MessageGone(
        account=SUPPORT, message_id=message.message_id, address=message.address, at=T0
    )
    for event in (
        health(SUPPORT, Hearing.DEAF),
        SourceHeard(source=SUPPORT, at=T0),
        opened(),
        arrived(message),
        gone,
        MessageTextFetched(account=SUPPORT, message_id=MessageId("<1@x>"), text=None),
        joined(a_caller("1")),
        a_snapshot(),
        MemberLeft(phone=OFFICE, interface="PJSIP/1", at=T0),
        MessageChanged(message=message, at=T0),
    ):
        assert rig.apply(event) == []
        assert rig.last == Turn()


def test_at_the_start_only_watched_accounts_are_taken_up() -> None:
    other = a_message(1, account=SourceName("Sales"))
    rig = DeskRig(messages=[other])
    assert rig.desk.inbox.conversations() == ()
    assert rig.last.changed == frozenset(Area)


# --- state -------------------------------------------------------------------------------


def test_do_not_disturb_of_the_desktop_holds_mail_for_a_digest_and_lets_callers_through() -> None:
    rig = a_rig()
    desk = rig.desk
    rig.take(desk.desktop_is_quiet("dunst", T0))
    state = desk.state(T0)
    assert (state.tray, state.quiet_by, state.paused_until) == (TrayState.PAUSED, "dunst", None)
    assert desk.quiet_by == "dunst"
    rig.forget()
    mail = a_message(1)
    rig.apply(arrived(mail))
    assert raised(rig.notices) == []
    [held] = rig.store.decisions(mail.key, 9)
    assert (held.verdict, held.reason, held.until) == (Verdict.HELD, Reason.DO_NOT_DISTURB, None)
    rig.apply(joined(a_caller("1")))
    [caller] = raised(rig.wait_until(after(10)))
    assert caller.kind is AlertKind.WAITING
    rig.forget()
    rig.now = after(600)
    rig.take(desk.desktop_is_quiet("", rig.now))
    [digest] = [one for one in raised(rig.notices) if one.is_digest]
    assert digest.title == "While you were away (10 min)"
    assert digest.covers == (mail.key,)
    assert desk.state(rig.now).quiet_by == ""


def test_the_pause_is_in_the_state() -> None:
    rig = a_rig()
    rig.take(rig.desk.pause(after(600), T0))
    assert rig.last.changed == {Area.ALERTS}
    assert rig.desk.state(T0).paused_until == after(600)
    rig.take(rig.desk.resume(after(1)))
    assert rig.desk.state(after(1)).paused_until is None
    assert rig.desk.tomorrow(T0) == after(23 * 3600)


def test_what_matters_most_is_what_a_click_opens() -> None:
    rig = a_rig()
    assert rig.desk.what_matters_most(T0) == ""
    rig.apply(arrived(a_message(1), a_message(2, at=after(-60))))
    assert rig.desk.what_matters_most(T0) == a_message(2).key
    rig.apply(missed())
    assert rig.desk.what_matters_most(T0) == "call/Office/9"
    rig.apply(joined(a_caller("1")))
    assert rig.desk.what_matters_most(T0) == "call/Office/1"


# --- pauses ------------------------------------------------------------------------------


def test_a_pause_outlives_the_run() -> None:
    first = DeskRig()
    first.take(first.desk.pause(after(3600), T0))
    again = DeskRig(store=first.store, now=after(60))
    assert again.desk.state(after(60)).paused_until == after(3600)
    again.take(again.desk.resume(after(90)))
    assert DeskRig(store=first.store, now=after(99)).desk.state(after(99)).paused_until is None


# --- hooks -------------------------------------------------------------------------------


def test_a_hook_listens_since_it_was_first_there_whatever_is_set_since() -> None:
    settings = settings_with(phone=(HOOK_SETTINGS,))
    rig = DeskRig(settings=settings)
    before = rig.desk.health.health(HOOK_SETTINGS.name)
    rig.take(rig.desk.change_settings(replace(settings, country="CZ"), after(600)))
    assert rig.desk.health.health(HOOK_SETTINGS.name) == before


def test_a_hook_is_always_listening_and_never_waited_for() -> None:
    first = DeskRig(settings=settings_with(mail=(), phone=(HOOK_SETTINGS,)))
    state = first.desk.state(T0)
    assert [one.hearing for one in state.healths] == [Hearing.LISTENING]
    assert (state.waiting, state.members) == (0, None)
    again = DeskRig(store=first.store, settings=settings_with(mail=(), phone=(HOOK_SETTINGS,)))
    again.apply(replace(missed(), phone=DOOR))
    [alert] = raised(again.wait(2))
    assert (alert.key, alert.is_digest) == ("call/Door/9#missed", False)


def test_a_ringing_that_never_ends_is_given_up() -> None:
    rig = DeskRig(settings=settings_with(mail=(), phone=(HOOK_SETTINGS,)))
    rig.apply(joined(a_caller("1", phone=DOOR)))
    rig.wait(1800)
    assert rig.desk.state(rig.now).waiting == 0
    assert withdrawn(rig.notices) == [("Pavel Kiss is waiting", "no longer waiting")]


# --- settings ----------------------------------------------------------------------------


def test_an_account_that_leaves_the_settings_leaves_the_desk() -> None:
    rig = a_rig()
    rig.apply(arrived(a_message(1)))
    rig.apply(joined(a_caller("1")))
    rig.wait(6)
    rig.take(rig.desk.change_settings(Settings(), after(10)))
    assert rig.desk.alerts() == ()
    assert rig.desk.inbox.conversations() == ()
    assert rig.desk.state(after(10)).healths == ()
    assert rig.last.changed == frozenset(Area)


def test_what_stays_in_the_settings_stays_known() -> None:
    rig = a_rig()
    rig.apply(arrived(a_message(1)))
    rig.forget()
    settings = settings_with(phone=(replace(PHONE_SETTINGS, founder="PJSIP/7"), HOOK_SETTINGS))
    rig.take(rig.desk.change_settings(settings, after(10)))
    assert rig.notices == []
    state = rig.desk.state(after(10))
    assert (state.people_waiting, state.members) == (1, None)
    assert [one.hearing for one in state.healths] == [Hearing.LISTENING] * 3


def test_another_ring_length_counts_at_once() -> None:
    rig = a_rig()
    rig.take(rig.desk.change_settings(settings_with(alerts=AlertSettings(ring_seconds=20)), T0))
    rig.apply(joined(a_caller("1")))
    assert raised(rig.wait(19)) == []
    assert len(raised(rig.wait(1))) == 1


# --- being awake -------------------------------------------------------------------------


def test_how_long_it_was_awake_is_kept_without_writing_at_each_event() -> None:
    rig = a_rig()
    assert rig.store.heard_at == T0
    rig.apply(SourceHeard(source=SUPPORT, at=after(59)), at=after(59))
    assert rig.store.heard_at == T0
    rig.apply(SourceHeard(source=SUPPORT, at=after(60)), at=after(60))
    assert rig.store.heard_at == after(60)
    rig.desk.leave(after(70))
    assert rig.store.heard_at == after(70)


def test_after_sleep_the_views_are_read_again() -> None:
    rig = a_rig()
    assert rig.take(rig.desk.sleeps(after(60))) == []
    assert rig.last.changed == frozenset()
    assert rig.take(rig.desk.woke(after(60), after(3600))) == []
    assert rig.last.changed == {Area.CALLS, Area.HEALTH}


def test_a_quiet_desk_wakes_every_five_minutes_to_note_that_it_is_awake() -> None:
    rig = a_rig()
    rig.wait_until(after(2 * 3600.0))
    woken = 0
    while rig.now < after(4 * 3600.0):
        rig.now = rig.desk.next_wakeup(rig.now)
        assert rig.take(rig.desk.tick(rig.now)) == []
        woken += 1
    assert woken <= 25


def test_ticking_too_early_or_late_does_no_harm() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.forget()
    rig.take(rig.desk.tick(after(3)))
    assert rig.notices == []
    rig.take(rig.desk.tick(after(60)))
    rig.take(rig.desk.tick(after(60)))
    assert len(raised(rig.notices)) == 1


# --- the founder's acts ------------------------------------------------------------------


def test_acts_say_what_they_changed() -> None:
    rig = a_rig()
    message = a_message(1)
    rig.apply(arrived(message))
    rig.take(rig.desk.needs_no_reply(message.key, T0))
    assert rig.last.changed == {Area.INBOX, Area.ALERTS}
    rig.take(rig.desk.undo_needs_no_reply(message.key, T0))
    assert rig.last.changed == {Area.INBOX}
    rig.take(rig.desk.read(message.key, T0))
    assert rig.last.changed == {Area.INBOX}
    rig.apply(missed())
    rig.take(rig.desk.close_missed("call/Office/9", T0))
    assert rig.last.changed == {Area.CALLS, Area.ALERTS}
    rig.take(rig.desk.close_all_missed(T0))
    assert not rig.desk.calls.missed()[0].is_open
    assert rig.take(rig.desk.reopen_missed(["call/Office/9"], T0)) == []
    assert rig.last.changed >= {Area.CALLS}
    assert rig.desk.calls.missed()[0].is_open
    assert rig.take(rig.desk.snooze("nothing", T0)) == []
    assert rig.take(rig.desk.dismiss("nothing", T0)) == []


def test_the_founder_regroups_and_judges() -> None:
    rig = a_rig()
    first, second = a_message(1, who="Ann"), a_message(2, who="Ann", subject="Another thing")
    rig.apply(arrived(first, second))
    rig.take(rig.desk.join(first.key, second.key, T0))
    assert rig.last.changed >= {Area.INBOX}
    assert len(rig.desk.inbox.conversations()) == 1
    rig.take(rig.desk.split(second.key, T0))
    assert len(rig.desk.inbox.conversations()) == 2
    rig.take(rig.desk.undo_regrouping(T0))
    assert len(rig.desk.inbox.conversations()) == 1
    rig.take(rig.desk.judge_sender(first.sender.email, T0, is_robot=True))
    assert rig.desk.state(T0).people_waiting == 0


# --- weight ------------------------------------------------------------------------------


def calls_made(act: Callable[[], object]) -> int:
    """How many functions of Python run: a measure of work that no busy machine changes."""
    count = 0

    def see(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(see)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def work_of_one_mail(known: int) -> int:
    """Into an inbox with so many mails, none of them seen by the founder."""
    rig = DeskRig().listen(uidnext=1)
    people = [a_message(uid, who=f"P{uid}", subject=f"S{uid}") for uid in range(1, known + 2)]
    rig.apply(arrived(*people[:-1]))
    rig.wait_until(after(60))  # The burst is over; its alert is on show.
    return calls_made(lambda: rig.apply(arrived(people[-1]), at=after(61)))


def test_a_mail_into_a_full_inbox_is_as_much_work_as_into_an_empty_one() -> None:
    assert work_of_one_mail(2_000) < 10 * work_of_one_mail(20)


def test_mails_into_a_full_inbox_happen_each_once() -> None:
    rig = DeskRig().listen(uidnext=2_001)
    rig.apply(arrived(*(a_message(uid, at=after(-uid)) for uid in range(1, 2_001))))
    questions = [a_message(uid) for uid in range(2_001, 2_051)]
    answers = [an_answer(one.address.uid, one, at=after(60)) for one in questions]
    for message in (*questions, *answers):
        rig.apply(arrived(message))
    assert len(happened(rig.notices)) == 50


# --- people and notes --------------------------------------------------------------------


def test_whose_a_number_is_changes_what_is_missed() -> None:
    rig = a_rig()
    message = a_message(1, at=after(-60))
    rig.apply(arrived(message, an_answer(2, message, at=after(60))))
    rig.apply(missed())
    join = partial(rig.desk.people.join_number, message.sender.email, "+33 1", "Luc")
    told = rig.take(rig.desk.change_people(join, after(90)))
    assert ("Missed: Maison Aubry", "answered by mail") in withdrawn(told)
    assert {Area.INBOX, Area.CALLS} <= rig.last.changed
    assert DeskRig(store=rig.store).desk.people.of_number("+33 1") is not None


def test_notes_are_kept_by_the_desk() -> None:
    rig = a_rig()
    rig.apply(missed())
    call = rig.desk.calls.call("call/Office/9")
    assert call is not None
    write = partial(rig.desk.notes.write, "note", call, "They want bread", T0)
    rig.take(rig.desk.change_notes(write, rig.now))
    assert rig.last.changed == {Area.INBOX, Area.CALLS}
    [note] = DeskRig(store=rig.store).desk.notes.of_call(call.key)
    assert note.words == "They want bread"


def a_log(now: datetime) -> Week:
    """Nothing was read."""
    return week_of((), WeekId.containing(now.date()), goal_minutes=30)


def test_the_weekly_nudge_is_asked_for_its_reason() -> None:
    assert a_rig().desk.nudge() is None
    rig = DeskRig(nudge=NudgeSources(week=a_log, words=lambda _: {})).listen()
    state = rig.desk.nudge()
    assert state is not None
    assert state.answer is NudgeAnswer.NOTHING_TO_READ


def test_the_first_of_some_messages_to_read() -> None:
    rig = a_rig()
    mails = [a_message(number) for number in (1, 2)]
    rig.apply(arrived(*mails))
    keys = [mail.key for mail in mails]
    assert rig.desk.first_unread(keys) == keys[0]
    rig.take(rig.desk.read(keys[0], T0))
    assert rig.desk.first_unread(keys) == keys[1]
    assert rig.desk.first_unread(keys[:1]) == ""


def test_whoever_is_forgotten_has_no_alert_and_is_not_known() -> None:
    rig = a_rig()
    hers = a_message(1, who="Maison Aubry")
    rig.apply(arrived(hers, a_message(2, who="Bob")))
    rig.apply(missed())
    rig.join(hers.sender, "+33 1")
    rig.wait(30)
    assert any("Aubry" in title for title in rig.titles)
    person = rig.desk.people.of_number("+33 1")
    assert person is not None
    rig.store.remove_person(person.key)
    own = frozenset({"support@desk.example"})
    who = Forgotten(emails=person.emails, numbers=person.numbers, own=own)
    rig.take(rig.desk.forget(who, rig.now))
    rig.wait(30)
    told = " ".join(f"{alert.title} {alert.body}" for alert in rig.desk.alerts())
    assert "Aubry" not in told
    assert "Bob" in told
    assert rig.last.changed <= frozenset(Area)
    assert rig.desk.calls.missed() == ()
    assert rig.desk.people.of_number("+33 1") is None
    assert [one.customer.label for one in rig.desk.inbox.conversations()] == ["Bob"]


def test_a_part_of_this_computer_that_fails_is_an_alert_until_it_works() -> None:
    rig = a_rig()
    full = Problem(title="The disk is full", advice="Make room.")
    rig.take(rig.desk.part_failed("disk", full, T0))
    assert rig.titles == ["The disk is full"]
    assert Area.HEALTH in rig.last.changed
    rig.take(rig.desk.part_works("disk", T0))
    assert rig.titles == []


# --- put off -------------------------------------------------------------------------------


def put_off(rig: DeskRig, seconds: float) -> str:
    """A mail comes, is read, and its conversation is put off for so long."""
    message = a_message(1)
    rig.apply(arrived(message))
    rig.take(rig.desk.read(message.key, rig.now))
    rig.take(rig.desk.put_off(message.key, after(seconds), rig.now))
    return message.key


def test_one_that_is_put_off_is_told_again_when_its_time_has_come() -> None:
    rig = a_rig()
    key = put_off(rig, 7200)
    assert rig.last.changed == {Area.INBOX}
    assert (rig.titles, rig.desk.state(rig.now).people_waiting) == ([], 0)
    assert rig.wait_until(after(7199)) == []
    [alert] = raised(rig.wait_until(after(7203)))
    assert alert.item == key
    assert rig.desk.state(rig.now).people_waiting == 1
    rig.take(rig.desk.read(key, rig.now))
    assert (rig.titles, rig.side.asleep) == ([], {})


def test_its_time_may_come_while_nothing_runs() -> None:
    first = a_rig()
    key = put_off(first, 7200)
    first.desk.leave(after(60))
    again = DeskRig(store=first.store, side=first.side, messages=[a_message(1)], now=after(9000))
    again.listen()
    again.wait(60)
    conversation = again.desk.inbox.conversation(key)
    assert conversation is not None
    assert conversation.has_come_back
    assert [alert.covers for alert in again.desk.alerts()] == [(key,)]
    again.desk.leave(after(9300))
    third = DeskRig(store=first.store, side=first.side, messages=[a_message(1)], now=after(9400))
    assert third.desk.inbox.is_unread(key), "it was not opened yet"


def test_the_customers_next_mail_wakes_it_and_the_same_time_is_offered_again() -> None:
    rig = a_rig()
    key = put_off(rig, 7200)
    second = a_message(2, who="Customer 1", references=[a_message(1).message_id], at=after(60))
    assert raised(rig.apply(arrived(second), at=after(60)))
    assert rig.desk.state(rig.now).people_waiting == 1
    keys = [key, second.key]
    until = rig.desk.side.snooze.same_time_again(keys, rig.now)
    assert until == after(7200)
    rig.take(rig.desk.put_off(second.key, until, rig.now))
    assert rig.desk.state(rig.now).people_waiting == 0
    rig.take(rig.desk.wake(key, rig.now))
    assert rig.desk.state(rig.now).people_waiting == 1


def test_nobody_is_put_off_who_does_not_wait_or_is_not_known() -> None:
    rig = a_rig()
    question = a_message(1)
    rig.apply(arrived(question))
    rig.apply(arrived(an_answer(1, question, at=after(5))))
    for key in (question.key, "mail/Support/<never@seen>"):
        rig.take(rig.desk.put_off(key, after(60), T0))
        rig.take(rig.desk.wake(key, T0))
    assert rig.side.asleep == {}


def test_what_stands_beside_conversations_is_changed_through_the_desk() -> None:
    rig = a_rig()
    message = a_message(1)
    rig.apply(arrived(message))
    rig.take(rig.desk.change_side(lambda: rig.desk.side.tags.add([message.key], "vip"), T0))
    assert rig.last.changed == {Area.INBOX}
    seen = MarksSeen(account=SUPPORT, claims=frozenset({(message.message_id, "anna")}))
    rig.apply(seen)
    assert rig.last.changed == {Area.INBOX}
    rig.apply(seen)
    assert rig.last.changed == frozenset()
    rig.wait(10)
    rig.wait(2 * 3600)
    assert rig.desk.side.claims.of([message.key], rig.now) is None


def test_words_are_kept_through_the_desk_and_read_again_when_others_changed_them() -> None:
    rig = DeskRig()
    assert rig.take(rig.desk.words_came(rig.now)) == []

    def keep() -> None:
        rig.desk.voices.keep("It works", who="Eva", said_at=T0, now=T0)

    rig.take(rig.desk.change_voices(keep, rig.now))
    assert rig.last.changed == {Area.VOICES}
    (quote,) = rig.desk.voices.search()
    rig.voices.kept["quote/2"] = replace(quote, key="quote/2")
    promise = Promise(
        key="promise/1", item="", words="Send it", who="Eva", contact="", made_at=T0, due=after(60)
    )
    rig.promises.save_promise(promise)
    rig.take(rig.desk.words_came(rig.now))
    assert rig.last.changed == {Area.VOICES, Area.INBOX, Area.CALLS}
    assert len(rig.desk.voices.search()) == 2
    assert rig.desk.promises.open() == (promise,)
    rig.voices.kept.clear()
    rig.take(rig.desk.forget(Forgotten(emails=("eva@x.example",)), rig.now))
    assert rig.desk.voices.search() == ()


def test_a_desk_without_a_home_keeps_no_words() -> None:
    rig = DeskRig()
    desk = Desk(settings=Settings(), store=rig.store, normalise=str, to_local=lambda moment: moment)
    desk.voices.keep("It works", who="Eva", said_at=T0, now=T0)
    desk.voices.read_again()
    assert desk.voices.search() == ()


def known_lifts(rig: DeskRig) -> list[Lifts]:
    return [] if rig.desk.known_lifts is None else [rig.desk.known_lifts]


def test_what_was_lifted_is_changed_through_the_desk() -> None:
    rig = a_rig()
    assert not known_lifts(rig)
    assert rig.desk.lifts.open() == ()
    assert known_lifts(rig) == [rig.desk.lifts]
    done: list[str] = []
    rig.take(rig.desk.change_lifts(lambda: done.append("thanked"), T0))
    assert done == ["thanked"]
    assert rig.last.changed == {Area.INBOX, Area.CALLS}


def test_promises_are_changed_through_the_desk() -> None:
    rig = a_rig()
    rig.take(rig.desk.change_promises(lambda: None, T0))
    assert rig.last.changed == {Area.INBOX, Area.CALLS}
