from dataclasses import replace

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.sending import GONE, NEXT, UNSENT, SendEvent, SendState, after, can
from tests.fakes.answers import QUESTION, an_outgoing

USUAL_WAY = [
    (SendEvent.SEND, SendState.COUNTING),
    (SendEvent.COUNTED, SendState.FREEZING),
    (SendEvent.FROZEN, SendState.WAITING),
    (SendEvent.DUE, SendState.CHECKING),
    (SendEvent.CLEAR, SendState.TRYING),
    (SendEvent.POISED, SendState.POISED),
    (SendEvent.ACCEPTED, SendState.SENT),
    (SendEvent.FILE, SendState.FILING),
    (SendEvent.FILED, SendState.FILED),
    (SendEvent.FLAGGED, SendState.DONE),
]
MAYBE_GONE = {SendState.POISED, SendState.DOUBTFUL}
BEFORE_THE_DOT = set(SendState) - MAYBE_GONE - GONE


def test_the_usual_way() -> None:
    state = SendState.WRITING
    for event, then in USUAL_WAY:
        assert can(state, event)
        state = after(state, event)
        assert state is then


def test_what_the_table_does_not_name_is_a_bug() -> None:
    assert not can(SendState.SENT, SendEvent.SEND_AGAIN)
    with pytest.raises(ValueError, match="SEND_AGAIN in SENT"):
        after(SendState.SENT, SendEvent.SEND_AGAIN)


def test_only_a_click_leads_from_doubt_back_to_a_try() -> None:
    back = {
        (state, event)
        for (state, event), then in NEXT.items()
        if state in MAYBE_GONE | GONE and then in BEFORE_THE_DOT
    }
    assert back == {
        (SendState.DOUBTFUL, SendEvent.SEND_AGAIN),
        # The server said no, or no dot was sent.
        (SendState.POISED, SendEvent.FAILED),
        (SendState.POISED, SendEvent.REFUSED),
    }


def test_what_has_gone_stays_gone() -> None:
    for (state, _), then in NEXT.items():
        if state in GONE:
            assert then in GONE


def test_one_way_alone_leads_to_the_dot() -> None:
    ways = {pair for pair, then in NEXT.items() if then is SendState.POISED}
    assert ways == {(SendState.TRYING, SendEvent.POISED)}


@pytest.mark.parametrize("event", [SendEvent.RESTARTED, SendEvent.COPIED_HERE])
@pytest.mark.parametrize("state", SendState)
def test_a_new_run_knows_what_to_do_with_every_state(state: SendState, event: SendEvent) -> None:
    then = after(state, event)
    assert then not in {SendState.CHECKING, SendState.TRYING, SendState.POISED, SendState.FILING}
    assert (then in GONE) is (state in GONE)
    assert can(then, event)
    assert after(then, event) is then


def test_of_another_computer_nothing_is_sent() -> None:
    for state in SendState:
        assert after(state, SendEvent.COPIED_HERE) not in {SendState.FREEZING, SendState.WAITING}


def test_each_state_is_counted_as_unsent_or_says_why_not() -> None:
    assert set(SendState) - UNSENT - GONE == {SendState.WRITING, SendState.COUNTING}
    assert not UNSENT & GONE


def test_the_question_is_named_by_its_ledger_key() -> None:
    outgoing = an_outgoing()
    assert outgoing.question_id == QUESTION
    assert replace(outgoing, answers="").question_id is None
    assert replace(outgoing, account=SourceName("Other")).question_id is None
    assert replace(outgoing, answers="mail/Support/").question_id is None
