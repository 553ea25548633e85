import dataclasses
import typing

import pytest

from supportdesk.domain import side_events
from supportdesk.domain.events import source_of
from supportdesk.domain.side_events import MarksSeen, SharedNote, SideEvent, SideTold
from tests.fakes.happenings import SUPPORT


@pytest.mark.parametrize("kind", typing.get_args(SideEvent))
def test_they_are_frozen_facts_of_an_account(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # not in typeshed
    assert issubclass(kind, SideTold)


def test_every_one_of_the_module_is_in_the_union() -> None:
    own = {
        one
        for one in vars(side_events).values()
        if isinstance(one, type) and one.__module__ == side_events.__name__
    }
    assert own - {SharedNote} == set(typing.get_args(SideEvent))
    assert source_of(MarksSeen(account=SUPPORT)) == SUPPORT
