from dataclasses import replace

import pytest

from supportdesk.domain.health import Hearing
from supportdesk.domain.one_ring import Need
from supportdesk.services.desk_state import DeskState, Team, TrayState, WaitingCaller
from tests.fakes.happenings import OFFICE, SUPPORT, T0, a_caller, a_member, after, health

UNKNOWN = DeskState(
    at=T0,
    healths=(),
    callers=(),
    waiting=None,
    team=None,
    sees_team=True,
    people_waiting=0,
    to_call_back=0,
    oldest_waits=(),
    tray=TrayState.LISTENING,
    number=0,
    paused_until=None,
)


def test_an_unknown_team_has_no_numbers() -> None:
    assert (UNKNOWN.free, UNKNOWN.members) == (None, None)


def test_a_known_team_has() -> None:
    team = Team(members=(a_member("Anna"),), free=0, there=1, on_calls=1, unknown=0)
    state = replace(UNKNOWN, team=team)
    assert (state.free, state.members) == (0, 1)


def test_deaf_since_the_first_that_went_silent() -> None:
    assert UNKNOWN.deaf_since is None
    healths = (
        health(SUPPORT, Hearing.DEAF, since=after(9)).health,
        health(OFFICE, Hearing.DEAF, since=after(5)).health,
    )
    assert replace(UNKNOWN, healths=healths).deaf_since == after(5)


def test_deaf_phones_have_nothing_to_do_with_mail() -> None:
    mail = health(SUPPORT, Hearing.DEAF, since=after(5)).health
    phone = health(OFFICE, Hearing.DEAF, since=after(9)).health
    assert replace(UNKNOWN, healths=(mail,)).phones_deaf_since is None
    assert replace(UNKNOWN, healths=(mail, phone)).phones_deaf_since == after(9)


@pytest.mark.parametrize(
    ("need", "is_yours", "is_surely"),
    [(None, False, False), (Need.NOT_KNOWN, True, False), (Need.ALL_BUSY, True, True)],
)
def test_a_caller_may_be_yours_where_nobody_knows_who_is_free(
    need: Need | None, is_yours: bool, is_surely: bool
) -> None:
    caller = WaitingCaller(
        caller=a_caller("1"), position=1, seconds=9, rings=2, need=need, can_take=True
    )
    assert (caller.is_yours, caller.is_surely_yours) == (is_yours, is_surely)
