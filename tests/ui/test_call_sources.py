"""The call of kept words is found, however long ago it was: the board remembers two weeks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import Call, CallId, Outcome, call_key
from supportdesk.ui.rows import CallsTab, Page, PastCalls
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import OFFICE, T0
from tests.ui.looking import words
from tests.ui.rig import Rig

_GONE = call_key(OFFICE, CallId("gone"))
_SAYS_GONE = "This call is not known any more"


@pytest.fixture
def oldest(theme: Theme, qtbot: QtBot) -> tuple[Rig, Call]:
    """Six hundred calls of before, which nobody has looked at yet."""
    rig = Rig(theme, qtbot)
    call = Call(
        phone=OFFICE,
        call_id=CallId("old-0"),
        number="+420541220018",
        name="Pavel Kiss",
        queue="support",
        started_at=T0 - timedelta(days=20),
        outcome=Outcome.ANSWERED,
        by="Anna",
    )
    for number in range(600):
        call = replace(
            call,
            call_id=CallId(f"old-{number}"),
            started_at=T0 - timedelta(days=20, hours=number),
            outcome=Outcome.MISSED if number % 2 else Outcome.ANSWERED,
        )
        rig.desk.store.save_call(call)
    return rig, call


def keep(rig: Rig, item: str) -> None:
    rig.desk.desk.voices.keep("It works", item=item, who="Pavel", said_at=T0, now=T0)


def past(rig: Rig) -> PastCalls:
    return rig.window._shown.calls.past


def test_it_is_chosen_once_it_has_been_read(oldest: tuple[Rig, Call], qtbot: QtBot) -> None:
    rig, call = oldest
    keep(rig, call.key)
    assert rig.controller.open_item(call.key)
    assert rig.window.page is Page.CALLS
    qtbot.waitUntil(lambda: past(rig).chosen == call.key, timeout=30_000)
    assert past(rig).filter.tab is CallsTab.ALL
    # A second click finds it at once.
    rig.window.show_page(Page.INBOX)
    assert rig.controller.open_item(call.key)
    assert rig.window.page is Page.CALLS


def test_whoever_looks_at_another_call_meanwhile_is_not_torn_away(
    oldest: tuple[Rig, Call], qtbot: QtBot
) -> None:
    rig, call = oldest
    keep(rig, call.key)
    key = rig.miss()
    assert rig.controller.open_item(call.key)
    rig.window.choices.call_chosen.emit(key)
    qtbot.waitUntil(lambda: rig.desk.desk.calls.history.is_whole, timeout=30_000)
    assert past(rig).chosen == key


def test_one_that_is_not_kept_is_said_to_be_gone(oldest: tuple[Rig, Call], qtbot: QtBot) -> None:
    rig, _ = oldest
    assert not rig.controller.open_item(_GONE)
    keep(rig, _GONE)
    assert rig.controller.open_item(_GONE)
    qtbot.waitUntil(lambda: _SAYS_GONE in "\n".join(words(rig.window)), timeout=30_000)
    assert not rig.controller.open_item(_GONE)
