import dataclasses
import typing

import pytest

from supportdesk.domain.events import (
    Event,
    LiftTold,
    MemberLeft,
    MessageChanged,
    MessageTextFetched,
    SourceHeard,
    SyncProgressed,
    source_of,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.mail import MessageId
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    a_caller,
    a_message,
    a_snapshot,
    arrived,
    health,
    joined,
)


@pytest.mark.parametrize("kind", typing.get_args(Event))
def test_events_are_frozen_facts(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # not in typeshed
    assert "__dict__" not in dir(kind)


def test_every_event_of_the_module_is_in_the_union() -> None:
    module = __import__("supportdesk.domain.events", fromlist=["Event"])
    own = {
        one
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    }
    assert own == set(typing.get_args(Event))


@pytest.mark.parametrize(
    ("event", "source"),
    [
        (health(OFFICE, Hearing.DEAF), OFFICE),
        (SourceHeard(source=OFFICE, at=T0), OFFICE),
        (arrived(a_message(1)), SUPPORT),
        (MessageTextFetched(account=SUPPORT, message_id=MessageId("<1@x>"), text=None), SUPPORT),
        (SyncProgressed(account=SUPPORT, done=1, total=2), SUPPORT),
        (MessageChanged(message=a_message(1), at=T0), SUPPORT),
        (joined(a_caller("1")), OFFICE),
        (a_snapshot(), OFFICE),
        (MemberLeft(phone=OFFICE, interface="PJSIP/1", at=T0), OFFICE),
    ],
)
def test_each_event_is_of_an_account_or_a_phone(event: Event, source: SourceName) -> None:
    assert source_of(event) == source


def test_a_lift_says_something_unless_its_kind_can_be_empty() -> None:
    assert not LiftTold(source=SUPPORT).is_empty
