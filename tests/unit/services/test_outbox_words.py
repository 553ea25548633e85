from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.answers import Draft, Recipients
from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import Mailer
from supportdesk.domain.sending import SendState
from supportdesk.services.outbox_words import (
    ENDED_WHILE_COUNTING,
    LATE_AFTER,
    Unsent,
    late_at,
    no_such_account,
    somebody_answers,
    trouble_of,
    unsent_of,
)
from tests.fakes.answers import AT, a_draft, an_outgoing
from tests.fakes.happenings import as_utc
from tests.fakes.outbox_rig import DOWN

PASSWORD = Problem(title="The password is wrong", advice="Type it anew.", is_for_founder=True)
SINCE = AT.strftime("%H:%M")


def unsent(
    state: SendState = SendState.WAITING,
    problem: Problem | None = None,
    *,
    has_looked: bool = False,
    minutes: int = 0,
    draft: Draft | None = None,
) -> Unsent:
    row = an_outgoing(state=state, since=AT + timedelta(minutes=minutes))
    found = unsent_of(
        replace(row, problem=problem), draft or a_draft(), problem, has_looked=has_looked
    )
    assert found is not None
    return found


@pytest.mark.parametrize("state", [SendState.COUNTING, SendState.SENT, SendState.FILED])
def test_what_can_be_undone_and_what_has_gone_out_is_not_unsent(state: SendState) -> None:
    assert unsent_of(an_outgoing(state=state), a_draft(), None, has_looked=False) is None


def test_what_is_only_written_on_is_no_unsent_message() -> None:
    row = an_outgoing(state=SendState.WRITING)
    assert unsent_of(row, a_draft(), None, has_looked=False) is None
    came_back = unsent(SendState.WRITING, ENDED_WHILE_COUNTING)
    assert (came_back.state, came_back.needs_founder) == (SendState.WRITING, True)


@pytest.mark.parametrize(
    ("state", "problem", "has_looked", "asks"),
    [
        (SendState.WAITING, None, False, False),
        (SendState.WAITING, DOWN, False, False),
        (SendState.WAITING, PASSWORD, False, True),
        (SendState.FREEZING, PASSWORD, False, True),
        (SendState.TRYING, PASSWORD, False, False),
        (SendState.HELD, None, False, True),
        (SendState.REFUSED, PASSWORD, False, True),
        (SendState.DOUBTFUL, DOWN, False, False),
        (SendState.DOUBTFUL, DOWN, True, True),
    ],
)
def test_the_founder_is_asked_where_waiting_sends_nothing(
    state: SendState, problem: Problem | None, has_looked: bool, asks: bool
) -> None:
    assert unsent(state, problem, has_looked=has_looked).needs_founder is asks


def test_whom_it_is_to() -> None:
    nobody = replace(a_draft(), recipients=Recipients())
    many = Recipients(to=tuple(Mailer(name=name, email="") for name in ("Ann", "Bo", "Cy", "Di")))
    assert unsent().to == "Jana Nováková"
    assert unsent(draft=replace(a_draft(), recipients=many)).to == "Ann, Bo, Cy and 1 more"
    assert unsent(draft=nobody).to == "somebody"
    lost = unsent_of(an_outgoing(), None, None, has_looked=False)
    assert lost is not None
    assert (lost.to, lost.subject) == ("somebody", "")


def test_nothing_is_wrong_while_a_message_waits_for_less_than_a_quarter_of_an_hour() -> None:
    waiting = [unsent(problem=DOWN)]
    just_before = AT + LATE_AFTER - timedelta(seconds=1)
    assert trouble_of([], just_before, as_utc) is None
    assert trouble_of(waiting, just_before, as_utc) is None
    assert late_at(waiting) == AT + LATE_AFTER
    assert late_at([]) is None
    assert late_at([unsent(SendState.HELD)]) is None


def test_after_a_quarter_of_an_hour_it_is_said_since_when_and_why() -> None:
    late = trouble_of([unsent(problem=DOWN)], AT + LATE_AFTER, as_utc)
    assert late is not None
    assert late.title == f"1 message to Jana Nováková not sent since {SINCE}"
    assert late.advice.startswith("The server is down. It is tried again and again")
    two = [unsent(minutes=1), unsent()]
    both = trouble_of(two, AT + 2 * LATE_AFTER, as_utc)
    assert both is not None
    assert both.title == f"2 messages not sent since {SINCE}"
    assert both.advice.startswith("It is tried again")


@pytest.mark.parametrize(
    ("state", "problem", "title", "advice"),
    [
        (SendState.HELD, None, "Your answer to Jana Nováková is held: something new came", "Read"),
        (SendState.REFUSED, PASSWORD, "Your message to Jana Nováková was refused", "The password"),
        (SendState.DOUBTFUL, DOWN, "Nobody knows whether Jana Nováková has your message", "The se"),
        (SendState.WAITING, PASSWORD, "Your message to Jana Nováková is not sent", "The password"),
        (SendState.REFUSED, None, "Your message to Jana Nováková was refused", "The outbox says"),
    ],
)
def test_what_asks_for_the_founder_is_said_at_once(
    state: SendState, problem: Problem | None, title: str, advice: str
) -> None:
    trouble = trouble_of([unsent(state, problem, has_looked=True)], AT, as_utc)
    assert trouble is not None
    assert trouble.title == title
    assert trouble.advice.startswith(advice)
    assert trouble.is_for_founder


def test_of_several_that_ask_the_first_is_named_and_the_others_are_counted() -> None:
    held = [unsent(SendState.HELD), unsent(SendState.HELD), unsent()]
    trouble = trouble_of(held, AT, as_utc)
    assert trouble is not None
    assert trouble.advice.endswith(" 1 more in the outbox.")


def test_who_answers_the_same_mail_is_named_by_their_mark() -> None:
    assert somebody_answers(["$SD-sending-anna-1a2b"]).title.startswith("anna is sending an answer")
    assert somebody_answers(["strange"]).title.startswith("Somebody is")
    assert "Support has no server" in no_such_account("Support").title
