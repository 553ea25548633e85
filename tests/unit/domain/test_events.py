import dataclasses
import typing

import pytest

from supportdesk.domain.events import Event


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
