import dataclasses
import typing

import pytest

from supportdesk.domain import send_events
from supportdesk.domain.answers import DraftId
from supportdesk.domain.events import source_of
from supportdesk.domain.send_events import (
    AnswerEvent,
    AnswerTold,
    ClaimsSeen,
    SendMoved,
    SendPoised,
    SendStep,
    ThreadChecked,
)
from tests.fakes.answers import SUPPORT


@pytest.mark.parametrize("kind", typing.get_args(AnswerEvent))
def test_they_are_frozen_facts_of_an_account(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # not in typeshed
    assert "__dict__" not in dir(kind)
    assert issubclass(kind, AnswerTold)


def test_every_step_of_the_module_is_in_the_unions() -> None:
    own = {
        one
        for one in vars(send_events).values()
        if isinstance(one, type) and one.__module__ == send_events.__name__
    }
    assert own - {SendMoved} == set(typing.get_args(AnswerEvent))
    steps = {one for one in own if issubclass(one, SendMoved)} - {SendMoved}
    assert steps == set(typing.get_args(SendStep))


def test_each_tells_whose_it_is() -> None:
    assert source_of(SendPoised(account=SUPPORT, draft_id=DraftId("one"))) == SUPPORT
    assert source_of(ThreadChecked(account=SUPPORT, token="1")) == SUPPORT
    assert source_of(ClaimsSeen(account=SUPPORT, key="mail/1", claims=("anna",))) == SUPPORT
