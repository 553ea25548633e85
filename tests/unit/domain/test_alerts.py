import pytest

from supportdesk.domain.alerts import Action, Urgency


@pytest.mark.parametrize("action", list(Action))
def test_every_action_fits_on_a_button(action: Action) -> None:
    assert 0 < len(action.label) <= 14


def test_the_urgency_is_the_freedesktop_byte() -> None:
    assert [int(one) for one in Urgency] == [0, 1, 2]
