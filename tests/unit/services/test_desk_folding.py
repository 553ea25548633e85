"""What each event does to the parts of a desk, and what of it may look different then."""

from dataclasses import replace
from functools import partial

from supportdesk.domain.calls import CallId, MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    CallEnded,
    DialProgressed,
    HistoryStored,
    MessageChanged,
    PartFetched,
    SourceHeard,
    SyncProgressed,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.lift_events import CallLifted, LiftMarksSeen
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.mail import MessageId
from supportdesk.domain.settings import PhoneKind
from supportdesk.domain.side_events import MarksSeen
from supportdesk.services.desk_state import Area
from tests.fakes.happenings import (
    OFFICE,
    PHONE_SETTINGS,
    SUPPORT,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    after,
    arrived,
    health,
    joined,
    settings_with,
)
from tests.fakes.happenings import missed as a_missed_call

FREE = MemberState.FREE
SLOW = Problem(title="pbx.desk.example does not answer", advice="It is tried again.")


def a_rig() -> DeskRig:
    rig = DeskRig().listen(a_member("Anna"))
    rig.forget()
    return rig


missed = partial(a_missed_call, "9", number="+33 1", name="Maison Aubry", waited=41)


def test_views_are_told_what_changed() -> None:
    rig = a_rig()
    message = a_message(1)
    rig.apply(arrived(message))
    assert rig.last.changed == {Area.INBOX, Area.ALERTS}
    rig.apply(arrived(a_message(2, is_robot=True)))
    assert rig.last.changed == {Area.INBOX}
    rig.apply(joined(a_caller("1")))
    assert rig.last.changed == {Area.CALLS}
    rig.apply(CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=1, at=T0))
    assert rig.last.changed == {Area.CALLS}
    rig.apply(MessageChanged(message=replace(message, preview="Twice."), at=T0))
    assert rig.last.changed == {Area.INBOX, Area.ALERTS}
    rig.apply(SourceHeard(source=SUPPORT, at=after(9)))
    assert rig.last.changed == {Area.HEALTH}
    rig.apply(health(SUPPORT, Hearing.LISTENING))
    assert rig.last.changed == {Area.HEALTH}
    rig.apply(health(OFFICE, Hearing.LISTENING))
    assert rig.last.changed == {Area.HEALTH, Area.CALLS}
    rig.apply(SyncProgressed(account=SUPPORT, done=1, total=2))
    assert rig.last.changed == frozenset()
    rig.apply(HistoryStored(account=SUPPORT, mailbox="INBOX"))
    assert rig.last.changed == frozenset()
    rig.apply(PartFetched(account=SUPPORT, message_id=message.message_id, section="2", path=""))
    assert rig.last.changed == frozenset()
    rig.apply(
        DialProgressed(
            phone=OFFICE,
            call_id=None,
            number="+1",
            words="It rings",
            is_over=False,
            has_failed=False,
            at=T0,
        )
    )
    assert rig.last.changed == {Area.CALLS}


def test_gaps_of_a_softphone_go_over_runs_and_sleep() -> None:
    softphone = replace(PHONE_SETTINGS, kind=PhoneKind.BARESIP)
    first = DeskRig(settings=settings_with(phone=[softphone])).listen()
    first.wait(600)
    first.take(first.desk.woke(after(600), after(900)))
    first.desk.leave(after(1000))
    second = DeskRig(
        settings=settings_with(phone=[softphone]), store=first.store, now=after(5000)
    ).listen()
    second.apply(health(OFFICE, Hearing.DEAF, since=after(5100)), at=after(5100))
    third = DeskRig(
        settings=settings_with(phone=[softphone]), store=first.store, now=after(9000)
    ).listen()
    gaps = [(gap.since, gap.until) for gap in third.desk.calls.gaps()]
    assert gaps == [
        (after(600), after(900)),
        (after(1000), after(5000)),
        (after(5100), after(9000)),
    ]


def test_what_comes_in_a_sleep_waits_until_the_source_has_told_all_of_it() -> None:
    rig = DeskRig().listen()
    assert rig.take(rig.desk.sleeps(rig.now)) == []
    rig.apply(arrived(a_message(1)), at=after(3600))
    assert rig.titles == []
    rig.take(rig.desk.woke(T0, rig.now))
    for source in (SUPPORT, OFFICE):
        rig.apply(SourceHeard(source=source, at=rig.now))
    rig.wait(3)
    assert rig.titles == []
    for source in (SUPPORT, OFFICE):
        rig.apply(SourceHeard(source=source, at=rig.now, is_caught_up=True))
    rig.wait(2)
    assert rig.titles == ["While you were away (1 h 00)"]


def test_a_mail_marked_as_answered_reaches_its_person() -> None:
    rig = a_rig()
    message = a_message(1, at=after(-60))
    rig.apply(arrived(message))
    join = partial(rig.desk.people.join_number, message.sender.email, "+33 1", "Luc")
    rig.take(rig.desk.change_people(join, T0))
    rig.apply(missed())
    rig.apply(MessageChanged(message=replace(message, is_answered=True), at=after(5)))
    assert Area.CALLS in rig.last.changed
    assert not rig.desk.calls.missed()[0].is_open


def test_the_trouble_of_a_source_is_kept_over_restarts() -> None:
    rig = a_rig()
    rig.apply(health(OFFICE, Hearing.DEAF, problem=SLOW), at=after(60))
    [trouble] = rig.store.troubles().values()
    assert trouble.problem == SLOW
    again = DeskRig(store=rig.store, now=after(90))
    assert again.desk.health.last_trouble(OFFICE) == trouble


def test_what_servers_tell_beside_mail_is_taken_in() -> None:
    rig = a_rig()
    rig.apply(MarksSeen(account=SUPPORT))
    assert rig.last.changed == frozenset()
    rig.apply(MarksSeen(account=SUPPORT, claims=frozenset({(MessageId("<1@x>"), "anna")})))
    assert rig.last.changed == {Area.INBOX}


def test_what_is_lifted_is_seen_in_both_lists() -> None:
    rig = a_rig()
    rig.apply(LiftMarksSeen(source=SUPPORT, mailbox="INBOX"))
    assert rig.last.changed == frozenset()
    rig.apply(joined(a_caller("1")))
    lifted = CallLifted(
        source=OFFICE, call_id=CallId("1"), by="Anna", way=LiftWay.QUEUE, at=rig.now
    )
    rig.apply(lifted)
    assert rig.last.changed >= {Area.INBOX, Area.CALLS}
