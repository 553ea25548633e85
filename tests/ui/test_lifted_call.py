"""Take call on the card of a call that one of the team has lifted in the middle of their talk."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import AnswerKind
from supportdesk.domain.calls import CallId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.events import CallAnswered, CallEnded
from supportdesk.domain.lift_events import CallLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.sending import SendState
from supportdesk.ui.rows import Action, Notice, Page
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import OFFICE, a_caller, a_member, after, joined
from tests.ui.rig import Rig

KEY = "call/Office/1"


def _answered(by: str, interface: str = "PJSIP/201", at: float = 4) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId("1"),
        by=by,
        by_interface=interface,
        hold_seconds=4,
        at=after(at),
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


def _the_founder_talks(talk: Rig) -> None:
    """Out of the talk with Anna, for six minutes."""
    talk.desk.apply(_lifted(), at=after(60))
    talk.desk.apply(joined(a_caller("1", name="Ingrid", at=after(64))), at=after(64))
    talk.desk.apply(_answered("you", "PJSIP/100", at=64), at=after(64))
    ended = CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=360, at=after(424))
    talk.desk.apply(ended, at=after(424))
    talk.refresh()


def _card(rig: Rig) -> Notice | None:
    return rig.window._shown.lift


def test_after_the_talk_the_operator_is_thanked_by_a_new_message(talk: Rig) -> None:
    _the_founder_talks(talk)
    card = _card(talk)
    assert card is not None
    assert (card.title, card.text) == (
        "Anna brought you that call",
        "You talked to Ingrid for 6 min. Tell Anna what came of it?",
    )
    talk.ask(Action.THANK_LIFT, card.buttons[0].target)
    [draft] = talk.acts.answering.drafts()
    assert draft.kind is AnswerKind.NEW
    assert (draft.subject, draft.answers) == ("Your call with Ingrid", "")
    assert draft.body.startswith("Thank you, here is what I learned:")
    # Put away and asked for again, it is the same.
    talk.window.choices.draft_put_away.emit(draft.draft_id)
    talk.ask(Action.THANK_LIFT, card.buttons[0].target)
    assert [one.draft_id for one in talk.acts.answering.drafts()] == [draft.draft_id]
    talk.acts.answering.typed(replace(draft, body=f"{draft.body}She bakes at night."))
    # While they are on their way nobody is asked again; taken back, the founder is.
    for state, is_asked in ((SendState.COUNTING, False), (SendState.WRITING, True)):
        talk.acts.answering.put(draft.draft_id, state)
        talk.refresh()
        assert (_card(talk) is not None) is is_asked
    talk.acts.answering.put(draft.draft_id, SendState.SENT)
    talk.acts.answering.put(draft.draft_id, SendState.DONE)
    [lesson] = talk.desk.voices.learned.values()
    assert (lesson.words, lesson.item, lesson.who) == ("She bakes at night.", KEY, "Ingrid")
    talk.refresh()
    assert _card(talk) is None


def test_who_does_not_want_to_thank_is_asked_once(talk: Rig) -> None:
    _the_founder_talks(talk)
    talk.ask(Action.LIFT_NOT_NOW, KEY)
    talk.refresh()
    assert _card(talk) is None
    assert list(talk.acts.answering.drafts()) == []


def test_thanks_that_a_full_disk_does_not_remember_can_be_written_all_the_same(talk: Rig) -> None:
    _the_founder_talks(talk)
    card = _card(talk)
    assert card is not None
    talk.desk.lifts.error = StoreError("The disk is full", "Make room.")
    talk.ask(Action.THANK_LIFT, card.buttons[0].target)
    assert len(talk.acts.answering.drafts()) == 1
