"""What a click is told that comes after its mail or call was handled."""

from dataclasses import replace

import pytest

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.services.handled import how_ended, how_handled
from supportdesk.services.missed_calls import BY_MAIL
from tests.fakes.happenings import (
    OFFICE,
    DeskRig,
    a_caller,
    a_message,
    after,
    an_answer,
    arrived,
    changed,
    joined,
    opened,
)
from tests.fakes.stores import MemoryDeskStore

_CALL = Call(
    phone=OFFICE,
    call_id=CallId("1"),
    number="+420111",
    name="Pavel Kiss",
    queue="support",
    started_at=after(0),
    outcome=Outcome.MISSED,
    wait_seconds=41,
)


def _desk_with(call: Call) -> DeskRig:
    store = MemoryDeskStore()
    store.save_call(call)
    return DeskRig(store=store, now=after(3_600))


def _mail_desk() -> DeskRig:
    rig = DeskRig()
    rig.apply(opened())
    return rig


def _handled(rig: DeskRig, key: str) -> str:
    return how_handled(rig.desk.inbox, rig.desk.calls, key)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (replace(_CALL, outcome=Outcome.ANSWERED, by="Anna"), "Anna answered after 41 s"),
        (replace(_CALL, outcome=Outcome.ANSWERED, wait_seconds=0), "Somebody answered"),
        (replace(_CALL, outcome=Outcome.TAKEN, by="You"), "You took this call"),
        (replace(_CALL, outcome=Outcome.CALLED_BACK, by="Anna"), "Called back by Anna"),
        (replace(_CALL, closed_at=after(60), by=BY_MAIL), "Answered by mail"),
        (replace(_CALL, closed_at=after(60)), "It was marked as done"),
        (_CALL, ""),
        (replace(_CALL, outcome=Outcome.UNKNOWN), ""),
    ],
)
def test_who_handled_a_call(call: Call, words: str) -> None:
    assert _handled(_desk_with(call), call.key) == words


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (_CALL, "They hung up after 41 s"),
        (replace(_CALL, wait_seconds=0), "They no longer wait"),
        (replace(_CALL, outcome=Outcome.UNKNOWN), "They no longer wait"),
        (replace(_CALL, outcome=Outcome.ANSWERED), ""),
    ],
)
def test_how_a_caller_ceased_to_wait(call: Call, words: str) -> None:
    assert how_ended(_desk_with(call).desk.calls, call.key) == words


def test_a_caller_who_waits_is_neither_handled_nor_gone() -> None:
    rig = DeskRig().listen()
    caller = a_caller("1")
    rig.apply(joined(caller))
    assert _handled(rig, caller.key) == ""
    assert how_ended(rig.desk.calls, caller.key) == ""


def test_what_is_not_known_is_not_handled() -> None:
    assert _handled(DeskRig(), "mail/Support/<1@x>") == ""
    assert how_ended(DeskRig().desk.calls, "call/Office/9") == ""


def test_a_mail_is_open_until_somebody_answers_and_reading_answers_nothing() -> None:
    rig, mail = _mail_desk(), a_message(1)
    rig.apply(arrived(mail))
    rig.take(rig.desk.read(mail.key, after(30)))
    assert _handled(rig, mail.key) == ""
    rig.apply(arrived(an_answer(2, mail, at=after(60))), at=after(60))
    assert _handled(rig, mail.key) == "Anna has answered it"


def test_a_mail_that_another_program_marked_as_answered() -> None:
    rig, mail = _mail_desk(), a_message(1)
    rig.apply(arrived(mail))
    rig.apply(arrived(changed(mail, is_answered=True)), at=after(60))
    assert _handled(rig, mail.key) == "It has been answered"


def test_a_mail_that_needs_no_reply() -> None:
    rig, mail = _mail_desk(), a_message(1)
    rig.apply(arrived(mail))
    rig.take(rig.desk.needs_no_reply(mail.key, after(30)))
    assert _handled(rig, mail.key) == "It was marked as needing no reply"


def test_nobody_answers_a_machine() -> None:
    rig, mail = _mail_desk(), a_message(1, is_robot=True)
    rig.apply(arrived(mail))
    assert _handled(rig, mail.key) == ""
