"""Take call on the card of a call that one of the team has lifted in the middle of their talk."""

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered
from supportdesk.domain.lift_events import CallLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import OFFICE, a_caller, a_member, after, joined
from tests.ui.rig import Rig

KEY = "call/Office/1"


def _answered(by: str) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId("1"),
        by=by,
        by_interface="PJSIP/201",
        hold_seconds=4,
        at=after(4),
    )


def _lifted(way: LiftWay = LiftWay.CODE) -> CallLifted:
    return CallLifted(
        source=OFFICE,
        call_id=CallId("1"),
        number="+420111",
        name="Ingrid",
        by="Anna",
        by_interface="PJSIP/201",
        why="wants to leave",
        way=way,
        at=after(60),
    )


@pytest.fixture
def talk(theme: Theme, qtbot: QtBot) -> Rig:
    rig = Rig(theme, qtbot)
    rig.desk.listen(a_member("Anna"))
    rig.desk.apply(joined(a_caller("1", name="Ingrid", at=after(0))))
    rig.desk.apply(_answered("Anna"), at=after(4))
    return rig


def test_the_phone_is_rung_for_a_call_that_was_lifted(talk: Rig) -> None:
    talk.desk.apply(_lifted(), at=after(60))
    talk.refresh()
    talk.ask(Action.TAKE_CALL, KEY)
    assert talk.acts.dialled == ["take 1"]
    assert talk.window.page is Page.CALLS


def test_no_phone_is_rung_for_a_talk_that_nobody_lifted(talk: Rig) -> None:
    talk.refresh()
    talk.ask(Action.TAKE_CALL, KEY)
    assert talk.acts.dialled == []


def test_the_row_of_who_waits_for_the_founder_says_who_asks_and_why(talk: Rig) -> None:
    talk.desk.apply(_lifted(LiftWay.QUEUE), at=after(60))
    caller = a_caller("1", name="Ingrid", queue="founder", at=after(60))
    talk.desk.apply(joined(caller), at=after(60))
    talk.window.show_page(Page.CALLS)
    talk.refresh()
    [row] = talk.window._shown.calls.waiting
    assert row.last_line == "Lifted to you by Anna. “wants to leave”"
