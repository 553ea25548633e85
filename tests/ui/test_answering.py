"""Answering in the window: begun, typed, put away, taken up, sent, held; answering is recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import AnswerKind, Draft, DraftId, Recipients, ReplyHead
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import MessageGone
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.domain.reading import SpanKind
from supportdesk.domain.send_events import HeadFetched
from supportdesk.domain.sending import SendState
from supportdesk.domain.settings import SmtpSettings
from supportdesk.services.collisions import Answered
from supportdesk.ui.compose.compose_window import ComposeWindow
from supportdesk.ui.rows import Action, ConversationRow
from supportdesk.ui.rows.composer import HeldChoice
from supportdesk.ui.theme import Theme
from tests.fakes.answering import NO_SERVER
from tests.fakes.happenings import (
    SUPPORT,
    a_message,
    arrived,
    health,
    settings_with,
)
from tests.ui.looking import settle, words
from tests.ui.rig import Rig, rows_of


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    mail = replace(
        settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"), signature="Ada\nSupport"
    )
    made = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    made.acts.answering.has_heads = False
    return made


def a_question(rig: Rig, uid: int = 1, who: str = "Jana") -> MessageSummary:
    """It has come, and is on show."""
    message = a_message(uid, who=who)
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    settle()
    return message


def the_draft(rig: Rig) -> Draft:
    (draft,) = rig.acts.answering.drafts()
    return draft


def editor(rig: Rig) -> QPlainTextEdit:
    settle()
    found = [one for one in rig.window.findChildren(QPlainTextEdit) if one.isVisible()]
    assert len(found) == 1, found
    return found[0]


def is_composing(rig: Rig) -> bool:
    settle()
    return any(one.isVisible() for one in rig.window.findChildren(QPlainTextEdit))


def chips(rig: Rig) -> list[str]:
    rows = [row for row in rows_of(rig) if isinstance(row, ConversationRow)]
    return [chip.label for row in rows for chip in row.chips]


def buttons(rig: Rig, label: str) -> list[QPushButton]:
    settle()
    found = rig.window.findChildren(QPushButton)
    return [one for one in found if one.isVisible() and one.text() == label]


def write(rig: Rig, text: str) -> None:
    QTest.keyClicks(editor(rig), text)
    rig.window.composers.flush()


def test_r_opens_a_composer_with_the_keyboard_and_letters_are_text(rig: Rig) -> None:
    question = a_question(rig)
    QTest.keyClick(rig.window, Qt.Key.Key_R)
    field = editor(rig)
    assert QApplication.focusWidget() is field
    # Each of these is a command elsewhere: needs no reply, next, undo.
    write(rig, "x j u")
    draft = the_draft(rig)
    assert draft.body.startswith("x j u")
    assert draft.body.endswith("\n\n-- \nAda\nSupport")
    assert [one.email for one in draft.recipients.to] == [question.sender.email]
    assert (draft.answers, draft.account) == (question.key, SUPPORT)
    assert draft.subject == f"Re: {question.subject}"
    assert question.key in draft.base
    assert not rig.desk.store.needs_no_reply_keys()


def test_the_head_from_the_server_changes_who_gets_it_but_nothing_typed(rig: Rig) -> None:
    rig.acts.answering.has_heads = True
    rig.desk.apply(health(SUPPORT, Hearing.LISTENING, since=rig.desk.now))
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Hello")
    rig.window.choices.send_asked.emit(the_draft(rig).draft_id)
    assert rig.acts.answering.asked == []
    rig.acts.answering.asked.clear()
    head = ReplyHead(
        message_id=question.message_id,
        sender=question.sender,
        reply_to=(Mailer(name="Office of Jana", email="office@jana.example"),),
        subject=question.subject,
    )
    rig.controller.event_seen(
        HeadFetched(account=SUPPORT, message_id=question.message_id, head=head)
    )
    # Sent before it was known to whom: it went as soon as it was.
    assert rig.acts.answering.asked == ["send"]
    (draft_id,) = rig.acts.answering.counting()
    draft = rig.acts.answering.draft(draft_id)
    assert draft is not None
    assert [one.email for one in draft.recipients.to] == ["office@jana.example"]
    assert draft.body.startswith("Hello")


def test_reply_to_all_and_forward_are_other_drafts(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY_ALL, question.key)
    write(rig, "To all")
    first = the_draft(rig)
    rig.ask(Action.FORWARD, question.key)
    settle()
    drafts = rig.acts.answering.drafts()
    assert len(drafts) == 2
    forwarded = next(one for one in drafts if one.draft_id != first.draft_id)
    assert forwarded.subject == f"Fwd: {question.subject}"
    assert not len(forwarded.recipients)
    # One that names the question would count as its answer.
    assert forwarded.references == ()


def test_an_answer_to_the_writer_becomes_one_to_all_in_sight_of_all(rig: Rig) -> None:
    message = replace(
        a_message(1, who="Jana"),
        recipients=(
            Mailer(name="", email="support@desk.example"),
            Mailer(name="Bob", email="bob@b.example"),
        ),
    )
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    rig.ask(Action.REPLY, message.key)
    write(rig, "Half a thou")
    rig.ask(Action.REPLY_ALL, message.key)
    draft = the_draft(rig)
    assert draft.kind is AnswerKind.REPLY_ALL
    assert [one.email for one in draft.recipients.to] == [message.sender.email]
    assert [one.email for one in draft.recipients.cc] == ["bob@b.example"]
    assert editor(rig).toPlainText().startswith("Half a thou")
    composer = rig.window.composers.docked_one
    assert composer is not None
    assert composer.head.recipients == draft.recipients


def test_a_forward_with_somebody_to_go_to_is_kept(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.FORWARD, question.key)
    settle()
    draft = the_draft(rig)
    to_partner = Recipients(to=(Mailer(name="", email="partner@b.example"),))
    rig.acts.answering.typed(replace(draft, recipients=to_partner))
    rig.window.choices.draft_put_away.emit(draft.draft_id)
    assert the_draft(rig).recipients == to_partner


def test_a_draft_from_an_address_that_has_gone_is_asked_about(rig: Rig) -> None:
    rig.ask(Action.REPLY, a_question(rig).key)
    write(rig, "Hello")
    draft = the_draft(rig)
    old = Mailer(name="", email="old@desk.example")
    rig.acts.answering.typed(replace(draft, sender=old))
    rig.window.choices.send_asked.emit(draft.draft_id)
    settle()
    assert "send" not in rig.acts.answering.asked
    assert "old@desk.example is no address of this account any more." in words(rig.window)
    rig.window.choices.send_asked.emit(draft.draft_id)
    assert "send" in rig.acts.answering.asked


def test_ctrl_return_held_down_does_not_answer_what_it_asks(rig: Rig) -> None:
    rig.ask(Action.REPLY, a_question(rig).key)
    settle()
    sending = [
        one
        for one in rig.window.findChildren(QShortcut)
        if one.key() in (QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter"))
    ]
    assert sending
    assert not any(one.autoRepeat() for one in sending)


def test_what_is_put_away_stays_with_its_conversation_and_goes_on(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Half a thou")
    QTest.keyClick(editor(rig), Qt.Key.Key_Escape)
    assert not is_composing(rig)
    assert "You began an answer" in words(rig.window)
    chips = [
        chip.label for row in rows_of(rig) if isinstance(row, ConversationRow) for chip in row.chips
    ]
    assert "you began an answer" in chips

    rig.ask(Action.REPLY, question.key)
    assert editor(rig).toPlainText().startswith("Half a thou")
    assert len(rig.acts.answering.drafts()) == 1


def test_another_conversation_puts_it_out_of_sight_and_back_it_is_as_it_was(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "About yours")
    other = a_question(rig, 2, "Pavel")
    assert not is_composing(rig)
    rig.ask(Action.REPLY, other.key)
    write(rig, "About his")
    assert rig.controller.open_item(question.key)
    assert editor(rig).toPlainText().startswith("About yours")
    editor(rig).undo()
    assert not editor(rig).toPlainText().startswith("About yours")
    assert rig.controller.open_item(other.key)
    assert editor(rig).toPlainText().startswith("About his")


def test_nothing_written_leaves_nothing_behind(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    QTest.keyClick(editor(rig), Qt.Key.Key_Escape)
    assert not is_composing(rig)
    assert rig.acts.answering.drafts() == []


def test_what_was_thrown_away_comes_back_by_undo(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "An hour of work")
    draft = the_draft(rig)
    rig.window.choices.draft_discarded.emit(draft.draft_id)
    assert not is_composing(rig)
    assert rig.acts.answering.drafts() == []
    rig.ask(Action.UNDO)
    assert editor(rig).toPlainText().startswith("An hour of work")


def test_sending_counts_down_and_u_goes_on_writing(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Tomorrow")
    QTest.keyClick(editor(rig), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not is_composing(rig)
    assert rig.acts.answering.asked == ["send"]
    assert any(one.startswith("Sending to Jana") for one in words(rig.window))
    QTest.keyClick(rig.window, Qt.Key.Key_U)
    assert rig.acts.answering.asked == ["send", "undo"]
    assert editor(rig).toPlainText().startswith("Tomorrow")
    assert not any(one.startswith("Sending to") for one in words(rig.window))


def test_a_file_that_was_announced_is_asked_for_once(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "The invoice is attached")
    draft = the_draft(rig)
    rig.window.choices.send_asked.emit(draft.draft_id)
    assert rig.acts.answering.asked == []
    assert any("no file is attached" in one for one in words(rig.window))
    rig.ask(Action.SEND_ANYWAY, draft.draft_id)
    assert rig.acts.answering.asked == ["send"]


def test_a_clock_that_is_days_behind_the_mail_is_asked_about_once(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Tomorrow")
    rig.desk.now = question.arrived_at - timedelta(days=3)
    draft = the_draft(rig)
    rig.window.choices.send_asked.emit(draft.draft_id)
    assert rig.acts.answering.asked == []
    assert any("more than 3 days behind" in one for one in words(rig.window))
    rig.ask(Action.SEND_ANYWAY, draft.draft_id)
    assert rig.acts.answering.asked == ["send"]


def test_nobody_to_send_to_is_said_and_nothing_is_sent(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.FORWARD, question.key)
    draft = the_draft(rig)
    rig.window.choices.send_asked.emit(draft.draft_id)
    rig.window.choices.send_asked.emit(draft.draft_id)
    assert rig.acts.answering.asked == []


def test_held_shows_both_and_each_choice_does_what_it_says(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "My answer")
    draft = the_draft(rig)
    theirs = a_message(7, who="Jana")
    rig.acts.answering.news[draft.draft_id] = Answered(
        by="Anna", at=theirs.sent_at, messages=(theirs,)
    )
    rig.acts.answering.put(draft.draft_id, SendState.HELD)
    settle()
    assert rig.window.composers.is_open(draft.draft_id)
    assert not is_composing(rig)
    rig.window.choices.held_chosen.emit(draft.draft_id, HeldChoice.ADD_TO_MINE)
    assert rig.acts.answering.asked == ["add to mine"]
    assert editor(rig).toPlainText().startswith("My answer")
    rig.acts.answering.put(draft.draft_id, SendState.HELD)
    rig.window.choices.held_chosen.emit(draft.draft_id, HeldChoice.SEND_ANYWAY)
    assert rig.acts.answering.asked[-1] == "send anyway"
    assert not rig.window.composers.is_open(draft.draft_id)


def test_mine_that_was_dropped_comes_back_by_undo(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "My answer")
    draft = the_draft(rig)
    rig.acts.answering.put(draft.draft_id, SendState.HELD)
    rig.window.choices.held_chosen.emit(draft.draft_id, HeldChoice.DROP_MINE)
    assert not is_composing(rig)
    rig.ask(Action.UNDO)
    assert editor(rig).toPlainText().startswith("My answer")


def test_what_came_is_held_against_it_no_more_once_it_was_opened(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Hello")
    draft = the_draft(rig)
    more = a_message(8, who="Jana", references=(question.message_id,))
    rig.desk.apply(arrived(more))
    rig.acts.answering.news[draft.draft_id] = (more,)
    rig.acts.answering.moved(draft.draft_id)
    settle()
    assert editor(rig).toPlainText().startswith("Hello")
    rig.ask(Action.SHOW_NEWS, draft.draft_id)
    settle()
    assert more.key in the_draft(rig).base
    shown = rig.window._shown.message
    assert shown is not None
    assert shown.key == more.key
    assert editor(rig).toPlainText().startswith("Hello")


def test_a_message_that_waits_says_so_on_the_strip_and_beside_its_conversation(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Hello")
    draft = the_draft(rig)
    problem = Problem(title="The server cannot be reached", advice="It is tried again.")
    rig.acts.answering.put(draft.draft_id, SendState.WAITING, problem=problem)
    said = words(rig.window)
    assert "1 not sent yet" in said
    assert any("The server cannot be reached" in one for one in said)
    rig.acts.answering.put(draft.draft_id, SendState.SENT)
    assert "1 not sent yet" not in words(rig.window)


def test_without_a_server_to_send_through_the_mail_program_answers_and_it_is_said_why(
    rig: Rig,
) -> None:
    question = a_question(rig)
    rig.acts.kept = replace(rig.acts.kept, mail=(replace(rig.acts.kept.mail[0], smtp=None),))
    rig.ask(Action.REPLY, question.key)
    assert rig.acts.links[0].startswith("mailto:")
    assert not is_composing(rig)
    assert NO_SERVER.title in words(rig.window)
    assert buttons(rig, "Enter it")


def test_a_full_disk_begins_nothing_and_says_so(rig: Rig) -> None:
    question = a_question(rig)
    rig.acts.answering.full = StoreError("The disk is full", "Make room on it.")
    rig.ask(Action.REPLY, question.key)
    assert not is_composing(rig)
    assert "The disk is full" in words(rig.window)


def test_writing_is_counted_as_a_reply(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Hello")
    rig.desk.wait(20)
    write(rig, " Jana")
    rig.desk.wait(5)
    rig.window.choices.draft_put_away.emit(the_draft(rig).draft_id)
    spans = list(rig.desk.store.all_spans())
    assert [one.kind for one in spans if one.kind is SpanKind.REPLY] == [SpanKind.REPLY]
    assert {one.item for one in spans if one.kind is SpanKind.REPLY} == {question.key}


def test_while_it_is_answered_colleagues_are_looked_for_often(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    settle()
    assert rig.acts.answering.attended == question
    rig.window.choices.draft_put_away.emit(the_draft(rig).draft_id)
    assert rig.acts.answering.attended is None


def test_text_size_takes_nothing_from_what_is_typed(rig: Rig, theme: Theme) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Hello")
    theme.set_text_scale(1.5)
    settle()
    assert editor(rig).toPlainText().startswith("Hello")
    assert editor(rig).textCursor().position() == len("Hello")
    assert the_draft(rig).draft_id == DraftId(the_draft(rig).draft_id)


def _is_apart(widget: QWidget) -> bool:
    return isinstance(widget, ComposeWindow) and widget.isVisible()


def test_an_answer_whose_question_has_gone_is_written_in_a_window_of_its_own(rig: Rig) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "An hour of work")
    draft = the_draft(rig)
    other = a_question(rig, 2, "Pavel")
    rig.desk.apply(
        MessageGone(
            account=SUPPORT,
            message_id=question.message_id,
            address=question.address,
            at=rig.desk.now,
        )
    )
    rig.refresh()
    rig.ask(Action.EDIT_DRAFT, draft.draft_id)
    settle()
    shown = rig.window._shown.message
    assert shown is not None
    assert shown.key == other.key
    (apart,) = [one for one in QApplication.topLevelWidgets() if _is_apart(one)]
    (field,) = [one for one in apart.findChildren(QPlainTextEdit) if one.isVisible()]
    assert field.toPlainText().startswith("An hour of work")
    rig.window.choices.send_asked.emit(draft.draft_id)
    settle()
    assert not apart.isVisible()
    rig.acts.answering.put(draft.draft_id, SendState.HELD)
    rig.window.choices.outbox_chosen.emit(draft.draft_id)
    settle()
    (apart,) = [one for one in QApplication.topLevelWidgets() if _is_apart(one)]
    assert "This mail has left the mailbox" in words(rig.window)
    rig.window.composers.close(draft.draft_id)


def test_what_an_earlier_run_left_unfinished_is_said_in_the_list_and_goes_on(
    rig: Rig, theme: Theme, qtbot: QtBot
) -> None:
    question = a_question(rig)
    rig.ask(Action.REPLY, question.key)
    write(rig, "Half a thou")
    draft = the_draft(rig)

    next_run = Rig(theme, qtbot, rig.acts.kept)
    next_run.acts.answering.begin(draft)
    next_run.desk.apply(arrived(question))
    next_run.controller._inbox.take_up_drafts()
    next_run.refresh()
    assert "You began an answer to Jana" in words(next_run.window)
    assert chips(next_run) == ["you began an answer"]
    next_run.ask(Action.EDIT_DRAFT, draft.draft_id)
    assert editor(next_run).toPlainText().startswith("Half a thou")
    assert QApplication.focusWidget() is editor(next_run)
