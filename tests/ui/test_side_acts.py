"""Snooze, notes, tags and claims in the window, by keyboard; claims themselves are recorded."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import AnsweringSettings
from supportdesk.domain.side_events import ClaimSettled, MarksSeen, TagSettled, TagsSeen
from supportdesk.domain.side_marks import TagStanding
from supportdesk.services.claims import ClaimAct, ClaimLost
from supportdesk.ui.inbox.snooze_menu import MomentDialog
from supportdesk.ui.rows import Action, ConversationRow, SectionRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.second_question import SecondQuestion
from tests.fakes.happenings import SUPPORT, a_message, after, arrived, missed, settings_with
from tests.ui.looking import settle
from tests.ui.rig import Rig, rows_of

NOT_THERE = Problem(title="imap.example.com does not answer", advice="It is tried again.")


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = replace(settings_with(), answering=AnsweringSettings(claim_as="Bob"))
    return Rig(theme, qtbot, settings)


def a_question(rig: Rig, uid: int = 1, who: str = "Jana") -> MessageSummary:
    message = a_message(uid, who=who)
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    settle()
    return message


def press(rig: Rig, key: str) -> None:
    """Where the keyboard is: the founder has just opened the message."""
    target = rig.window.focusWidget() or rig.window
    QTest.keyClicks(target, key)
    settle()


def the_line(rig: Rig) -> QLineEdit:
    settle()
    return rig.window._shell.note._field


def menu(rig: Rig) -> QMenu:
    settle()
    found = [one for one in rig.window.findChildren(QMenu) if one.title() == "Put off until"]
    return found[-1]


def choose(rig: Rig, words: str) -> None:
    entry = next(one for one in menu(rig).actions() if one.text().startswith(words))
    entry.trigger()
    settle()


def row_of(rig: Rig) -> ConversationRow:
    rig.refresh()
    return next(one for one in rows_of(rig) if isinstance(one, ConversationRow))


def chips(rig: Rig) -> list[str]:
    return [chip.label for chip in row_of(rig).chips]


def headings(rig: Rig) -> list[str]:
    rig.refresh()
    return [one.title for one in rows_of(rig) if isinstance(one, SectionRow)]


def facts(rig: Rig) -> list[str]:
    rig.refresh()
    message = rig.window._shown.message
    assert message is not None
    return [one.words for one in message.side.facts]


# --- snooze --------------------------------------------------------------------------------


def test_z_puts_off_and_u_takes_it_back(rig: Rig) -> None:
    a_question(rig)
    press(rig, "z")
    offered = [one.text() for one in menu(rig).actions()]
    assert any(one.startswith("Tomorrow morning\t") for one in offered)
    choose(rig, "Tomorrow morning")
    assert headings(rig) == ["Snoozed, soonest first"]
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 0
    assert facts(rig)[0].startswith("Put off until tomorrow 08:00")
    assert any(chip.startswith("until tomorrow") for chip in chips(rig))
    press(rig, "u")
    assert headings(rig) == ["Waiting for an answer"]


def test_one_that_sleeps_can_be_woken_or_put_off_longer(rig: Rig) -> None:
    a_question(rig)
    rig.ask(Action.SNOOZE_UNTIL, after(3600).isoformat())
    rig.ask(Action.SNOOZE_UNTIL, after(7200).isoformat())
    assert rig.desk.side.asleep.popitem()[1].until == after(7200)
    press(rig, "u")
    assert rig.desk.desk.side.snooze.next_due() == after(3600)
    press(rig, "z")
    choose(rig, "Wake it now")
    assert headings(rig) == ["Waiting for an answer"]
    press(rig, "u")
    assert headings(rig) == ["Snoozed, soonest first"]


def test_any_moment_can_be_picked(rig: Rig) -> None:
    a_question(rig)
    press(rig, "z")
    choose(rig, "Pick date and time")
    [dialog] = rig.window.findChildren(MomentDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle()
    assert headings(rig) == ["Snoozed, soonest first"]


def test_when_its_time_has_come_it_says_so_and_when_they_write_first_offers_the_same(
    rig: Rig,
) -> None:
    message = a_question(rig)
    rig.ask(Action.SNOOZE_UNTIL, after(3600).isoformat())
    second = a_message(2, who="Jana", references=[message.message_id], at=after(60))
    rig.desk.apply(arrived(second), at=after(60))
    rig.controller.open_item(second.key)
    assert any("They wrote again" in one for one in facts(rig))
    rig.ask(Action.SNOOZE_UNTIL, after(3600).isoformat())
    assert headings(rig) == ["Snoozed, soonest first"]
    rig.desk.wait_until(after(3700))
    assert "it is time" in chips(rig)
    rig.controller.open_item(a_question(rig, uid=9, who="Eva").key)
    rig.controller.open_item(second.key)
    assert facts(rig) == ["You wanted to see this again now"]
    assert "it is time" not in chips(rig), "it was opened"


def test_on_a_full_disk_it_is_said_that_nothing_was_put_off(rig: Rig) -> None:
    a_question(rig)
    rig.desk.side.is_full = True
    rig.ask(Action.SNOOZE_UNTIL, after(3600).isoformat())
    message = rig.window._shown.message
    assert message is not None
    assert [notice.title for notice in message.notices] == ["The disk is full"]
    assert headings(rig) == ["Waiting for an answer"]


# --- notes ---------------------------------------------------------------------------------


def test_n_notes_and_the_words_stand_beside_the_mail(rig: Rig) -> None:
    message = a_question(rig)
    press(rig, "n")
    line = the_line(rig)
    assert line.accessibleName() == "Internal note about Jana"
    QTest.keyClicks(line, "wants a refund")
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle()
    [note] = rig.desk.side.notes.values()
    assert (note.item, note.words) == (message.key, "wants a refund")
    assert note.about == message.sender.email
    assert "note" in chips(rig)
    view = rig.window._shown.message
    assert view is not None
    assert [one.words for one in view.side.notes] == ["wants a refund"]
    rig.ask(Action.EDIT_NOTE, note.key)
    assert the_line(rig).text() == "wants a refund"
    QTest.keyClicks(the_line(rig), ", twice")
    QTest.keyClick(the_line(rig), Qt.Key.Key_Escape)
    settle()
    assert rig.desk.side.notes[note.key].words == "wants a refund", "Esc leaves it as it was"
    rig.ask(Action.REMOVE_NOTE, note.key)
    assert rig.desk.side.notes == {}
    press(rig, "u")
    assert [one.words for one in rig.desk.side.notes.values()] == ["wants a refund"]


def test_a_note_that_the_disk_does_not_take_stays_in_the_line(rig: Rig) -> None:
    a_question(rig)
    press(rig, "n")
    QTest.keyClicks(the_line(rig), "x")
    rig.desk.side.is_full = True
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    assert the_line(rig).text() == "x"
    rig.desk.side.is_full = False
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    assert [one.words for one in rig.desk.side.notes.values()] == ["x"]


def test_a_call_can_be_noted_later(rig: Rig) -> None:
    rig.desk.apply(missed("7", number="+33 1", name="Maison Aubry", waited=9))
    rig.refresh()
    rig.ask(Action.NOTE_CALL, "call/Office/7")
    assert the_line(rig).accessibleName() == "Note about this call with Maison Aubry"
    QTest.keyClicks(the_line(rig), "call on Monday")
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    assert [one.words for one in rig.desk.store.notes.values()] == ["call on Monday"]


# --- tags ----------------------------------------------------------------------------------


def test_tags_are_typed_completed_and_taken_off(rig: Rig) -> None:
    a_question(rig, uid=2, who="Eva")
    press(rig, "#")
    QTest.keyClicks(the_line(rig), "Billing")
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    message = a_question(rig)
    press(rig, "#")
    QTest.keyClicks(the_line(rig), "bi")
    assert the_line(rig).text() == "billing", "filled in behind the cursor"
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    settle()
    tags = rig.desk.desk.side.tags
    assert tags.of([message.key]) == ("billing",)
    assert "billing" in chips(rig)
    rig.ask(Action.REMOVE_TAG, "billing")
    assert tags.of([message.key]) == ()
    press(rig, "u")
    assert tags.of([message.key]) == ("billing",)


def tag_buttons(rig: Rig) -> list[str]:
    rig.refresh()
    settle()
    found = [one.accessibleName() for one in rig.window.findChildren(Button) if one.isVisible()]
    return [one for one in found if one.startswith("Tag ")]


def test_a_shared_tag_of_a_colleague_is_seen_and_taken_off_where_it_shows_its_cross(
    theme: Theme, qtbot: QtBot
) -> None:
    settings = replace(settings_with(), answering=AnsweringSettings(share_tags=True))
    rig = Rig(theme, qtbot, settings)
    message = a_question(rig)
    mailbox = message.address.mailbox
    seen = TagsSeen(
        account=SUPPORT, mailbox=mailbox, tags=frozenset({(message.message_id, "účet")})
    )
    rig.desk.apply(seen)
    assert tag_buttons(rig) == ["Tag účet: take it off"]
    [button] = [one for one in rig.window.findChildren(Button) if one.text() == "účet ×"]
    button.click()
    settle()
    assert tag_buttons(rig) == []
    assert [one.standing for one in rig.desk.desk.side.tags.wishes()] == [TagStanding.GOING]
    press(rig, "u")
    assert tag_buttons(rig) == ["Tag účet: take it off"]
    assert [one.standing for one in rig.desk.desk.side.tags.wishes()] == [TagStanding.WANTED]
    assert rig.acts.asked.count("share tags") == 2


def notices(rig: Rig) -> list[tuple[str, str]]:
    view = rig.window._shown.message
    assert view is not None
    return [(notice.title, notice.text) for notice in view.notices]


def test_a_tag_that_is_not_shared_says_why(theme: Theme, qtbot: QtBot) -> None:
    settings = replace(settings_with(), answering=AnsweringSettings(share_tags=True))
    rig = Rig(theme, qtbot, settings)
    message = a_question(rig)
    press(rig, "#")
    the_line(rig).setText("請求書未払督促状発送済確認中株式会社御中至急対応必要案件")
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    settle()
    [(title, text)] = notices(rig)
    assert title == "Not shared: Its name is too long for a mail server"
    assert "kept on this computer" in text
    settled = TagSettled(
        account=SUPPORT,
        message_id=message.message_id,
        name="vip",
        problem=NOT_THERE,
        is_final=False,
    )
    rig.controller.event_seen(settled)
    [(title, text)] = notices(rig)
    assert title == f"Not shared: {NOT_THERE.title}"
    assert "once the mailbox can be reached" in text
    rig.controller.event_seen(replace(settled, problem=None))
    assert len(notices(rig)) == 1


# --- claims --------------------------------------------------------------------------------


def seen(rig: Rig, message: MessageSummary, *forms: str) -> None:
    claims = frozenset((message.message_id, form) for form in forms)
    rig.desk.apply(MarksSeen(account=SUPPORT, claims=claims))
    rig.refresh()


def test_m_claims_and_lets_go(rig: Rig) -> None:
    message = a_question(rig)
    press(rig, "m")
    assert [(one.act, one.form) for one in rig.acts.claims] == [(ClaimAct.TAKE, "bob")]
    seen(rig, message, "bob")
    assert "mine" in chips(rig)
    assert facts(rig) == ["Mine: your team sees that you answer this"]
    press(rig, "m")
    assert rig.acts.claims[-1].act is ClaimAct.LET_GO
    seen(rig, message)
    assert facts(rig) == []


def test_taking_over_asks_and_the_loser_is_told(rig: Rig) -> None:
    message = a_question(rig)
    seen(rig, message, "anna")
    assert "Anna has it" in chips(rig)
    press(rig, "m")
    [question] = rig.window.findChildren(SecondQuestion)
    assert rig.acts.claims == []
    question.agreed.emit()
    assert [(one.act, one.over) for one in rig.acts.claims] == [(ClaimAct.TAKE_OVER, ("anna",))]
    question.reject()
    rig.controller.claim_lost(ClaimLost(item=message.key, who="anna"))
    view = rig.window._shown.message
    assert view is not None
    assert [notice.title for notice in view.notices] == ["Anna has this one"]


def test_who_has_no_name_is_told_where_to_write_one(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot, settings_with())
    a_question(rig)
    press(rig, "m")
    view = rig.window._shown.message
    assert view is not None
    assert "at Answering" in view.notices[0].text
    assert rig.acts.claims == []


def test_writing_renews_a_claim_and_what_goes_wrong_is_said(rig: Rig) -> None:
    message = a_question(rig)
    seen(rig, message, "bob")
    rig.desk.now = after(4000)
    rig.controller._inbox.side.typed(message.key)
    assert [one.act for one in rig.acts.claims] == [ClaimAct.RENEW]
    settled = ClaimSettled(
        account=SUPPORT, message_id=message.message_id, problem=NOT_THERE, was_wished=True
    )
    rig.controller.claim_failed(settled)
    view = rig.window._shown.message
    assert view is not None
    assert [notice.title for notice in view.notices] == [NOT_THERE.title]
