"""A call that was lifted is told by one alert, and can be taken out of the talk."""

from supportdesk.domain.alerts import AlertKind
from supportdesk.domain.calls import Caller, CallId, call_key
from supportdesk.domain.events import CallAnswered, CallEnded
from supportdesk.domain.lift_events import CallLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.services.lifted_calls import lifted_caller
from tests.fakes.happenings import OFFICE, DeskRig, a_caller, a_member, after, joined, settings_with

KEY = call_key(OFFICE, CallId("1"))


def a_talk() -> DeskRig:
    """Anna, who is alone at the phones, talks to Ingrid."""
    rig = DeskRig(settings=settings_with(mail=())).listen(a_member("Anna"))
    rig.apply(joined(a_caller("1", name="Ingrid", at=after(0))))
    answered = CallAnswered(
        phone=OFFICE,
        call_id=CallId("1"),
        by="Anna",
        by_interface="PJSIP/201",
        hold_seconds=4,
        at=after(4),
    )
    rig.apply(answered, at=after(4))
    return rig


def lifted(way: LiftWay, why: str = "") -> CallLifted:
    return CallLifted(
        source=OFFICE,
        call_id=CallId("1"),
        number="+420111",
        name="Ingrid",
        by="Anna",
        by_interface="PJSIP/201",
        why=why,
        way=way,
        at=after(60),
    )


def caller_of(rig: DeskRig) -> Caller | None:
    return lifted_caller(rig.desk.known_lifts, rig.desk.calls, KEY)


def test_who_was_lifted_by_a_code_is_taken_out_of_the_talk() -> None:
    rig = a_talk()
    assert caller_of(rig) is None
    rig.apply(lifted(LiftWay.CODE), at=after(60))
    caller = caller_of(rig)
    assert caller is not None
    assert (caller.key, caller.is_lifted, caller.label) == (KEY, True, "Ingrid")
    assert [alert.kind for alert in rig.desk.alerts()] == [AlertKind.LIFTED]


def test_after_not_now_they_can_still_be_taken_until_the_talk_is_over() -> None:
    rig = a_talk()
    rig.apply(lifted(LiftWay.CODE), at=after(60))
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.dismiss(alert.key, after(61)))
    assert caller_of(rig) is not None
    ended = CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=90, at=after(94))
    rig.apply(ended, at=after(94))
    assert caller_of(rig) is None


def test_a_call_that_nobody_lifted_is_the_teams() -> None:
    rig = a_talk()
    assert rig.desk.lifts.open() == ()
    assert caller_of(rig) is None
    assert lifted_caller(rig.desk.lifts, rig.desk.calls, "call/Office/unknown") is None


def test_who_waits_for_the_founder_is_told_once_and_by_whom() -> None:
    rig = a_talk()
    rig.apply(lifted(LiftWay.QUEUE), at=after(60))
    rig.apply(joined(a_caller("1", name="Ingrid", queue="founder", at=after(60))), at=after(60))
    assert [alert.kind for alert in rig.desk.alerts()] == [AlertKind.LIFTED]
    rig.wait(120)
    assert [alert.kind for alert in rig.desk.alerts()] == [AlertKind.LIFTED]
    assert caller_of(rig) is None


def test_who_is_not_taken_now_is_not_told_once_more() -> None:
    rig = a_talk()
    rig.apply(lifted(LiftWay.QUEUE), at=after(60))
    rig.apply(joined(a_caller("1", name="Ingrid", queue="founder", at=after(60))), at=after(60))
    [alert] = rig.desk.alerts()
    rig.take(rig.desk.dismiss(alert.key, after(61)))
    rig.wait(120)
    assert rig.desk.alerts() == ()
