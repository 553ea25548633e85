"""What the founder reads when a phone system is not heard, or only in part."""

import pytest

from supportdesk.domain.errors import AuthRejected, ConnectionLost, SupportDeskError
from supportdesk.domain.health import SourceName
from supportdesk.protocols import ami_words
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import PhoneIdentity
from supportdesk.protocols.ami_snapshot import Lists

PEER = "pbx:5038"


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (ami_words.shut_down(PEER), "The phone system pbx:5038 has shut down"),
        (ami_words.closed_during_login(PEER), "pbx:5038 closed the connection during login"),
        (
            ami_words.closed_without_greeting(PEER),
            "pbx:5038 closed the connection without a greeting",
        ),
        (ami_words.lost(PEER), "The phone system pbx:5038 closed the connection"),
        (ami_words.lost(PEER, "went away"), "The phone system pbx:5038 went away"),
        (ami_words.does_not_answer(PEER), "The phone system pbx:5038 does not answer"),
    ],
)
def test_a_lost_link_names_the_phone_system_and_is_tried_again(
    error: SupportDeskError, title: str
) -> None:
    assert isinstance(error, ConnectionLost)
    assert error.title == title
    assert "supportdesk" in error.advice
    assert not error.problem.is_for_founder


def test_a_refusal_waits_for_the_founder() -> None:
    error = ami_words.refused(PEER, "desk", "Authentication failed")
    assert isinstance(error, AuthRejected)
    assert error.title == "pbx:5038 refuses the phone user “desk” (Authentication failed)"
    assert "manager.conf" in error.advice
    assert error.problem.is_for_founder
    assert ami_words.refused(PEER, "desk", "").title == "pbx:5038 refuses the phone user “desk”"


def identity(*queues: str) -> PhoneIdentity:
    return PhoneIdentity(name=SourceName("Office"), queues=queues)


def lists(*queues: str) -> Lists:
    params = [Packet(f"Event: QueueParams\r\nQueue: {name}".encode()) for name in queues]
    noise = Packet(b"Event: QueueMember\r\nQueue: nowhere")
    return Lists(queues=(*params, noise), channels=())


def test_queues_that_are_there_are_no_problem() -> None:
    assert ami_words.missing_queue(PEER, lists("support", "sales"), identity("support")) is None
    assert ami_words.missing_queue(PEER, lists(), identity()) is None


def test_queues_that_are_not_there_are_named_beside_those_that_are() -> None:
    problem = ami_words.missing_queue(
        PEER, lists("support", "sales"), identity("suport", "sales", "x")
    )
    assert problem is not None
    assert problem.title == "The phone system pbx:5038 has no queue “suport”, “x”"
    assert problem.advice.endswith("Queues there: sales, support.")
    empty = ami_words.missing_queue(PEER, lists(), identity("support"))
    assert empty is not None
    assert empty.advice.endswith("Queues there: none.")


def test_a_pbx_without_app_queue() -> None:
    problem = ami_words.missing_queue(PEER, Lists(queues=None, channels=()), identity())
    assert problem is not None
    assert problem.title == "The phone system pbx:5038 has no queues"


@pytest.mark.parametrize(
    ("read", "write", "advice"),
    [
        (
            [],
            ["reporting"],
            "In manager.conf add `reporting` to the `write` line of that user, then"
            " `manager reload`. Until then calls from before supportdesk connected may be unclear.",
        ),
        (
            ["call"],
            [],
            "In manager.conf add `call` to the `read` line of that user, then `manager reload`."
            " Until then direct calls are not seen and missed calls are told late.",
        ),
        (
            ["user"],
            [],
            "In manager.conf add `user` to the `read` line of that user, then `manager reload`."
            " Until then a call that one of the team lifts to you by a code is not seen.",
        ),
        (
            ["agent"],
            ["originate"],
            "In manager.conf add `agent` to the `read` line and `originate` to the `write` line of"
            " that user, then `manager reload`. Until then who waits is seen some seconds late,"
            " and Take call or Call back does not work.",
        ),
        (
            [],
            ["call"],
            "In manager.conf add `call` to the `write` line of that user, then `manager reload`."
            " Until then Take call or Call back does not work.",
        ),
    ],
)
def test_missing_rights_are_named_with_what_is_lost(
    read: list[str], write: list[str], advice: str
) -> None:
    problem = ami_words.missing_rights(PEER, "desk", read, write)
    assert problem is not None
    assert problem.title == "The phone user “desk” has too few rights on pbx:5038"
    assert problem.advice == advice
    assert problem.is_for_founder


def test_enough_rights_are_no_problem() -> None:
    assert ami_words.missing_rights(PEER, "desk", [], []) is None
