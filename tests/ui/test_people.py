from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.services.contacts import Contact, ContactKind
from supportdesk.ui.controllers.caller_words import caller_words
from supportdesk.ui.presenter.people import call_words, contact_line
from supportdesk.ui.presenter.words import local_time
from supportdesk.ui.rows import PersonFact
from tests.fakes.happenings import (
    OFFICE,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    after,
    arrived,
    joined,
    missed,
)

NUMBER = "+420 111"
MAIL = a_message(1, who="Jana Nova", at=after(60), subject="The oven")
CALL = Call(
    phone=OFFICE,
    call_id=CallId("1"),
    number=NUMBER,
    name="",
    queue="support",
    started_at=T0,
    outcome=Outcome.MISSED,
)


def a_rig() -> DeskRig:
    return DeskRig().listen(a_member("Anna"))


def words(rig: DeskRig, name: str = "") -> str:
    return caller_words(rig.desk, NUMBER, name, after(120))


def test_nothing_is_known_of_a_stranger() -> None:
    assert words(a_rig()) == ""


def test_the_last_call_of_a_stranger() -> None:
    rig = a_rig()
    rig.apply(missed("1", at=0))
    rig.take(rig.desk.close_missed("call/Office/1", T0))
    rig.apply(joined(a_caller("2", number=NUMBER, name="", at=after(90))))
    assert words(rig) == f"Missed call, closed, {local_time(T0)}"


def test_tries_note_and_mail_of_a_person() -> None:
    rig = a_rig()
    rig.join(MAIL.sender, NUMBER)
    rig.apply(missed("1", at=0))
    rig.apply(arrived(MAIL))
    call = rig.desk.calls.call("call/Office/1")
    assert call is not None
    rig.desk.notes.write("n", call, "Wants  bread", after(30))
    rig.apply(joined(a_caller("2", number=NUMBER, name="", at=after(90))))
    assert words(rig) == (
        f"3rd try today, first at {local_time(T0)}"
        f" · Noted {local_time(after(30))}: “Wants bread”"
        f" · Mail, {local_time(after(60))}: “The oven”"
    )


def test_a_mail_under_the_same_name_is_called_that() -> None:
    rig = a_rig()
    rig.apply(arrived(MAIL))
    assert words(rig, "jana nova") == f"Mail under this name, {local_time(after(60))}: “The oven”"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (CALL, "Missed call"),
        (replace(CALL, closed_at=T0, by="mail"), "Missed call, answered by mail"),
        (replace(CALL, outcome=Outcome.CALLED_BACK, by="you"), "Missed call, called back by you"),
        (replace(CALL, outcome=Outcome.ANSWERED, by="Anna"), "Call with Anna"),
        (replace(CALL, outcome=Outcome.TAKEN), "Call with somebody"),
        (replace(CALL, outcome=Outcome.WAITING), "Is on the line"),
        (replace(CALL, outcome=Outcome.UNKNOWN), "Call with an unknown end"),
    ],
)
def test_what_became_of_a_call(call: Call, said: str) -> None:
    assert call_words(call) == said


a_contact: Callable[..., Contact] = partial(Contact, at=T0, key="key", words="The oven")


@pytest.mark.parametrize(
    ("contact", "fact", "label", "text"),
    [
        (a_contact(kind=ContactKind.MAIL), PersonFact.MAIL, "Mail", "“The oven”"),
        (a_contact(kind=ContactKind.MAIL, words=""), PersonFact.MAIL, "Mail", "(no subject)"),
        (
            a_contact(kind=ContactKind.ANSWER, by="Anna"),
            PersonFact.MAIL,
            "Answer of Anna",
            "“The oven”",
        ),
        (a_contact(kind=ContactKind.NOTE), PersonFact.NOTE, "Note", "“The oven”"),
        (a_contact(kind=ContactKind.CALL, call=CALL), PersonFact.CALL, "Call", "missed call"),
    ],
)
def test_a_contact_is_a_line_that_opens_it(
    contact: Contact, fact: PersonFact, label: str, text: str
) -> None:
    line = contact_line(contact, T0)
    assert (line.fact, line.label, line.key) == (fact, label, "key")
    assert line.text == f"{local_time(T0)}: {text}"
