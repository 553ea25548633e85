"""Questions and answers, matched by ActionID."""

import pytest

from supportdesk.protocols.ami import Packet, UnsendableText
from supportdesk.protocols.ami_inquiries import Answer, Inquiries, Question


def said(**fields: str) -> Packet:
    return Packet("\r\n".join(f"{key}: {value}" for key, value in fields.items()).encode())


def test_a_question_has_an_id_of_its_own() -> None:
    inquiries = Inquiries()
    first = inquiries.ask(Question.PING)
    second = inquiries.ask(Question.LOGIN, ("Username", "desk"))
    assert first == b"Action: Ping\r\nActionID: supportdesk-1\r\n\r\n"
    assert second == b"Action: Login\r\nActionID: supportdesk-2\r\nUsername: desk\r\n\r\n"
    assert inquiries.next_id() == "supportdesk-3"


def test_an_answer_is_taken_once() -> None:
    inquiries = Inquiries()
    inquiries.ask(Question.PING)
    pong = said(Response="Success", ActionID="supportdesk-1", Ping="Pong")
    assert inquiries.owns(pong)
    assert inquiries.take(pong) == Answer(Question.PING, pong)
    assert not inquiries.owns(pong)


@pytest.mark.parametrize("action_id", ["", "lab-1"])
def test_what_others_asked_is_not_ours(action_id: str) -> None:
    inquiries = Inquiries()
    inquiries.ask(Question.QUEUES)
    assert not inquiries.owns(said(Response="Success", ActionID=action_id))


def test_an_event_with_the_id_of_a_plain_question_is_an_event() -> None:
    inquiries = Inquiries()
    inquiries.ask(Question.PING)
    assert not inquiries.owns(said(Event="OriginateResponse", ActionID="supportdesk-1"))


def test_a_list_comes_in_pieces() -> None:
    inquiries = Inquiries()
    inquiries.ask(Question.QUEUES)
    ours = {"ActionID": "supportdesk-1"}
    item = said(Event="QueueMember", **ours, Name="Ann")
    assert inquiries.take(said(Response="Success", **ours, EventList="start")) is None
    assert inquiries.take(item) is None
    end = said(Event="QueueStatusComplete", **ours, EventList="Complete")
    assert inquiries.take(end) == Answer(Question.QUEUES, end, (item,))


def test_a_list_refused_has_no_items() -> None:
    inquiries = Inquiries()
    inquiries.ask(Question.CHANNELS)
    refusal = said(Response="Error", ActionID="supportdesk-1", Message="Permission denied")
    assert inquiries.take(refusal) == Answer(Question.CHANNELS, refusal, None)


def test_a_question_asked_again_forgets_its_earlier_self() -> None:
    inquiries = Inquiries()
    inquiries.ask(Question.QUEUES)
    old = said(Event="QueueMember", ActionID="supportdesk-1")
    inquiries.take(old)
    inquiries.ask(Question.PING)
    inquiries.ask(Question.QUEUES)
    assert not inquiries.owns(old)
    end = said(Event="QueueStatusComplete", ActionID="supportdesk-3")
    assert inquiries.take(end) == Answer(Question.QUEUES, end, ())


def test_a_question_that_cannot_be_sent_is_not_open() -> None:
    inquiries = Inquiries()
    with pytest.raises(UnsendableText):
        inquiries.ask(Question.LOGIN, ("Username", "a\nb"))
    assert not inquiries.owns(said(Response="Success", ActionID="supportdesk-1"))
