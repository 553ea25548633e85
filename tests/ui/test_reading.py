"""The reading pane driven by a real desk: old mail, undo, links, pictures, originals, zoom."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from supportdesk.domain.app_links import parse_link
from supportdesk.domain.events import MessageGone, PartFetched
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import WHOLE_MESSAGE, MessageSummary, MessageText
from supportdesk.domain.settings import Settings
from supportdesk.ui.controllers.zoom_controller import STEPS, stepped
from supportdesk.ui.inbox.original_window import OriginalWindow, read_original, shown_original
from supportdesk.ui.rows import Action, ActionButton, MessageView
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import (
    SUPPORT,
    a_member,
    a_message,
    after,
    an_answer,
    arrived,
    health,
    settings_with,
)
from tests.ui.looking import settle, words
from tests.ui.rig import Rig


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    return made


def shown(rig: Rig) -> MessageView:
    settle()
    view = rig.window._shown.message
    assert view is not None
    return view


def a_text(message: MessageSummary, **said: object) -> MessageText:
    plain = MessageText(
        account=SUPPORT, message_id=message.message_id, text="Third Friday.", words=2
    )
    return replace(plain, **said)  # type: ignore[arg-type]  # names of fields, as the tests need


def titles(rig: Rig) -> list[str]:
    return [notice.title for notice in shown(rig).notices]


def a_thread(rig: Rig) -> list[MessageSummary]:
    """The customer, our answer, the customer again; the last one unread."""
    first = a_message(1, who="Ingrid Solheim", at=after(1), preview="First")
    answer = an_answer(2, first, at=after(2))
    last = a_message(
        3, who="Ingrid Solheim", at=after(3), references=[first.message_id], preview="Last"
    )
    rig.desk.apply(arrived(first, answer, last))
    rig.refresh()
    return [first, answer, last]


def test_the_newest_is_open_and_the_others_are_a_line_each(rig: Rig) -> None:
    first, answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(first.key)
    view = shown(rig)
    assert view.key == last.key
    assert [line.key for line in view.earlier] == [first.key, answer.key]
    assert view.later == ()


def test_another_message_opens_in_place_and_alone_counts(rig: Rig) -> None:
    first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.window.choices.message_chosen.emit(first.key)
    assert shown(rig).key == first.key
    assert rig.window.reader_state().message_key == first.key
    assert shown(rig).later[-1].key == last.key


def test_what_comes_into_an_old_thread_is_new_until_it_is_opened(rig: Rig) -> None:
    first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    more = a_message(4, who="Ingrid Solheim", at=after(4), references=[first.message_id])
    rig.desk.apply(arrived(more))
    rig.refresh()
    assert [(line.key, line.is_new) for line in shown(rig).later] == [(more.key, True)]
    assert shown(rig).key == last.key


def test_needs_no_reply_is_undone_where_it_was_given(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.NO_REPLY, shown(rig).conversation_key)
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 0
    assert shown(rig).actions[1].action is Action.NEEDS_REPLY
    rig.ask(Action.NEEDS_REPLY, shown(rig).conversation_key)
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 1
    assert shown(rig).actions[1].action is Action.NO_REPLY


def test_a_second_undo_takes_back_the_act_before_the_first(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    other = a_message(9, who="Pavel Kiss", at=after(9))
    rig.desk.apply(arrived(other))
    rig.refresh()
    for message in (other, last):
        rig.window.choices.conversation_chosen.emit(message.key)
        rig.ask(Action.NO_REPLY, message.key)
    rig.ask(Action.UNDO)
    assert shown(rig).key == last.key
    assert rig.desk.store.needs_no_reply_keys() == {other.key}
    rig.ask(Action.UNDO)
    assert shown(rig).key == other.key
    assert not rig.desk.store.needs_no_reply_keys()


def test_an_undo_after_going_on_brings_the_conversation_back(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    other = a_message(9, who="Pavel Kiss", at=after(9))
    rig.desk.apply(arrived(other))
    rig.refresh()
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.NO_REPLY, last.key)
    rig.window.choices.conversation_chosen.emit(other.key)
    rig.ask(Action.UNDO)
    assert shown(rig).key == last.key
    assert not rig.desk.store.needs_no_reply_keys()


def test_a_split_makes_two_conversations_and_is_taken_back(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.SPLIT, shown(rig).conversation_key)
    assert shown(rig).earlier == ()
    assert titles(rig) == ["This is a conversation of its own now"]
    rig.ask(Action.UNDO, shown(rig).conversation_key)
    assert len(shown(rig).earlier) == 2


def undo_button(rig: Rig) -> ActionButton:
    (button,) = [one for notice in shown(rig).notices for one in notice.buttons]
    assert button.action is Action.UNDO
    return button


def test_the_undo_of_a_notice_takes_back_its_own_act_and_u_the_newest(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.NO_REPLY, shown(rig).conversation_key)
    rig.ask(Action.SPLIT, shown(rig).conversation_key)
    rig.ask(Action.UNDO, undo_button(rig).target)
    assert len(shown(rig).earlier) == 2
    assert rig.desk.store.needs_no_reply_keys() == {last.key}
    rig.ask(Action.SPLIT, shown(rig).conversation_key)
    rig.ask(Action.UNDO, shown(rig).conversation_key)
    assert len(shown(rig).earlier) == 2
    assert rig.desk.store.needs_no_reply_keys() == {last.key}
    rig.ask(Action.UNDO, shown(rig).conversation_key)
    assert not rig.desk.store.needs_no_reply_keys()


def test_a_notice_that_outlives_a_later_act_still_takes_back_its_own_and_only_once(
    rig: Rig,
) -> None:
    _first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.SENDER_IS_ROBOT, shown(rig).conversation_key)
    name = undo_button(rig).target
    rig.ask(Action.NO_REPLY, shown(rig).conversation_key)
    for _ in range(2):
        rig.ask(Action.UNDO, name)
        assert rig.desk.store.judged == {}
        assert rig.desk.store.needs_no_reply_keys() == {last.key}


def test_what_was_closed_before_this_run_needs_a_reply_again_by_u(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.desk.take(rig.desk.desk.needs_no_reply(last.key, rig.desk.now))
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.UNDO, shown(rig).conversation_key)
    assert not rig.desk.store.needs_no_reply_keys()


def test_a_sender_is_a_machine_by_the_founders_word_and_back(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    rig.ask(Action.SENDER_IS_ROBOT, shown(rig).conversation_key)
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 0
    offered = [one.action for one in shown(rig).more]
    assert Action.SENDER_IS_PERSON in offered
    rig.ask(Action.UNDO)
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 1


def test_undoing_a_judgement_brings_back_the_one_before_it(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.window.choices.conversation_chosen.emit(last.key)
    for action in (Action.SENDER_IS_ROBOT, Action.SENDER_IS_PERSON):
        rig.ask(action, shown(rig).conversation_key)
    rig.ask(Action.UNDO)
    assert rig.desk.store.judged == {last.sender.email: True}
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 0
    rig.ask(Action.UNDO)
    assert rig.desk.store.judged == {}
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 1


def test_old_mail_opens_counts_as_read_and_can_be_replied_to(rig: Rig) -> None:
    old = a_message(77, who="Maison Aubry", subject="Labels")
    rig.acts.text = a_text(old)
    rig.controller._inbox.open_old(old)
    assert shown(rig).key == old.key
    assert rig.window.reader_state().message_key == old.key
    assert old.key in rig.desk.store.read_keys()
    rig.ask(Action.REPLY, shown(rig).conversation_key)
    assert rig.acts.links[0].startswith("mailto:maison.aubry@")
    rig.refresh()
    assert shown(rig).key == old.key


def test_a_message_that_leaves_while_it_is_read_stays_until_another_is_chosen(rig: Rig) -> None:
    _first, _answer, last = a_thread(rig)
    rig.acts.text = a_text(last)
    rig.window.choices.conversation_chosen.emit(last.key)
    gone = MessageGone(
        account=SUPPORT, message_id=last.message_id, address=last.address, at=after(5)
    )
    rig.desk.apply(gone)
    rig.refresh()
    assert titles(rig) == ["This message has left the mailbox"]
    assert shown(rig).text == "Third Friday."
    assert [button.is_enabled for button in shown(rig).actions] == [True, False, False]


def test_offline_it_says_since_when_and_that_nothing_is_lost(rig: Rig) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.desk.apply(health(SUPPORT, Hearing.DEAF, since=after(5)))
    rig.controller.open_item(message.key)
    notice = shown(rig).notices[0]
    assert notice.title == "The text of this message is not here yet"
    assert "has not been heard since" in notice.text
    assert "safe in the mailbox" in notice.text
    assert "This message has no words of its own." not in words(rig.window)


def test_while_it_first_connects_the_text_is_on_its_way(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot)
    rig.desk.apply(health(SUPPORT, Hearing.CONNECTING, since=after(0)))
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    assert shown(rig).notices == ()
    assert shown(rig).loading == "Fetching the text from Support."


def test_webmail_is_opened_where_the_settings_say(rig: Rig) -> None:
    message = a_message(1, subject="Flour")
    rig.desk.apply(arrived(message))
    rig.acts.kept = _open_in("gmail")
    rig.controller.open_item(message.key)
    assert shown(rig).actions[2].label == "Open in Gmail"
    rig.ask(Action.OPEN_IN_CLIENT, message.key)
    assert rig.acts.links[0].startswith("https://mail.google.com/mail/?authuser=")
    rig.acts.kept = _open_in("outlook")
    rig.ask(Action.OPEN_IN_CLIENT, message.key)
    assert rig.acts.copied == ["Flour"]
    assert "The subject was copied" in titles(rig)


def test_the_message_is_copied_as_text_with_its_head(rig: Rig) -> None:
    message = a_message(1, who="Ingrid Solheim", subject="Flour")
    rig.acts.text = a_text(message, quoted="Hello\nAnna")
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.ask(Action.COPY_MESSAGE, message.key)
    copied = rig.acts.copied[0]
    assert copied.startswith("From: Ingrid Solheim <ingrid.solheim@out.example>\n")
    assert "Subject: Flour\n\nThird Friday.\n\n> Hello\n> Anna\n" in copied


def test_a_link_to_the_message_is_copied_and_leads_back_to_it(rig: Rig) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.ask(Action.COPY_LINK, message.key)
    link = parse_link(rig.acts.copied[0])
    assert link is not None
    assert (link.item, link.action) == (message.key, None)
    assert "A link to this mail was copied" in titles(rig)


def test_an_honest_link_opens_and_one_that_pretends_asks(rig: Rig, qtbot: QtBot) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.window.choices.link_asked.emit("https://larder.example/a", "our page")
    assert rig.acts.links == ["https://larder.example/a"]
    for answer, opened in (("Do not open", 1), ("Open evil.example", 2)):
        rig.window.choices.link_asked.emit("https://evil.example/", "www.paypal.com")
        box = rig.window.findChildren(QMessageBox)[-1]
        assert "evil.example" in box.text()
        assert "www.paypal.com" in box.informativeText()
        _press(box, answer)
        qtbot.waitUntil(lambda wanted=opened: len(rig.acts.links) == wanted)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not rig.window.findChildren(QMessageBox), timeout=30_000)


def test_the_question_shows_a_strangers_words_as_words(rig: Rig) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.window.choices.link_asked.emit("https://evil.example/", "<b>your</b> www.paypal.com")
    box = rig.window.findChildren(QMessageBox)[-1]
    labels = [label for label in box.findChildren(QLabel) if label.text()]
    assert any("<b>" in label.text() for label in labels)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    _press(box, "Do not open")


def test_pictures_of_the_net_wait_for_a_click(rig: Rig) -> None:
    message = a_message(1)
    rig.acts.text = a_text(
        message,
        html='<p><img src="remote:0"></p>',
        remote_images=("https://larder.example/a.png",),
        images=1,
    )
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    notice = shown(rig).notices[0]
    assert notice.title == "1 image from larder.example is not loaded."
    (button,) = notice.buttons
    rig.ask(button.action, button.target)
    assert shown(rig).notices[0].buttons == ()


def test_a_picture_stays_when_the_window_is_built_anew(rig: Rig, theme: Theme) -> None:
    message = a_message(1)
    rig.acts.text = a_text(message, html='<p><img src="cid:a"></p>', images=1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.window.show_picture("cid:a", QImage(4, 4, QImage.Format.Format_ARGB32))
    theme.set_text_scale(1.25)
    settle()
    assert list(rig.window._shown.pictures) == ["cid:a"]
    other = a_message(2)
    rig.desk.apply(arrived(other))
    rig.controller.open_item(other.key)
    assert rig.window._shown.pictures == {}


def test_the_original_opens_in_a_window_of_its_own(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    message = a_message(1, subject="Flour")
    rig.acts.text = a_text(message)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.ask(Action.SHOW_ORIGINAL, message.key)
    assert titles(rig) == ["Fetching it from the mailbox"]
    raw = tmp_path / "original.eml"
    raw.write_bytes(b"Subject: Flour\r\nX: \x00\r\n\r\n\xff\r\n" + b"a" * 500_000)
    rig.controller.event_seen(
        PartFetched(
            account=SUPPORT, message_id=message.message_id, section=WHOLE_MESSAGE, path=str(raw)
        )
    )
    window = next(iter(rig.window.findChildren(OriginalWindow)))
    qtbot.waitUntil(lambda: window.is_whole, timeout=30_000)
    view = window.findChild(QPlainTextEdit)
    assert view is not None
    assert "Subject: Flour\nX: ␀\n\n\\xff\n" in view.toPlainText()
    assert max(map(len, view.toPlainText().split("\n"))) < 5_000
    assert window.search("flour")
    assert not window.search("spelt")
    assert titles(rig) == []
    window.close()


def test_an_original_that_cannot_be_had_says_why(rig: Rig) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.ask(Action.SHOW_ORIGINAL, message.key)
    rig.controller.event_seen(
        PartFetched(
            account=SUPPORT,
            message_id=message.message_id,
            section=WHOLE_MESSAGE,
            path="",
            problem="The message has left the mailbox.",
        )
    )
    assert titles(rig)[0] == "It could not be fetched"


def test_an_original_is_bounded_and_its_lines_end(tmp_path: Path) -> None:
    raw = tmp_path / "large"
    raw.write_bytes(b"x" * 2_500_000)
    text = read_original(raw)
    assert text.endswith(
        "[The original is longer. Save it from your mail program to see all of it.]"
    )
    assert len(text) < 2_000_200
    assert shown_original("a\u202eb\x1b") == "a\\u202eb␛"
    assert [len(line) for line in shown_original("y" * 5_000).split("\n")] == [2_000, 2_000, 1_000]


def test_zoom_goes_by_steps_and_is_kept_once_it_rests(rig: Rig, theme: Theme, qtbot: QtBot) -> None:
    for steps in (1, 1, -1):
        rig.window.choices.zoom_asked.emit(steps)
    assert theme.reading_zoom == 1.1
    assert rig.acts.kept.look.zoom == 1.0
    qtbot.waitUntil(lambda: rig.acts.kept.look.zoom == 1.1, timeout=30_000)
    rig.window.choices.zoom_asked.emit(0)
    assert theme.reading_zoom == 1.0


@pytest.mark.parametrize(
    ("zoom", "steps", "then"),
    [(1.0, 1, 1.1), (1.0, -1, 0.9), (1.05, 1, 1.1), (1.05, -1, 1.0), (4.0, 1, 4.0), (0.5, -1, 0.5)],
)
def test_a_size_between_two_steps_goes_to_the_next(zoom: float, steps: int, then: float) -> None:
    assert stepped(zoom, steps) == then
    assert stepped(zoom, 0) == 1.0
    assert list(STEPS) == sorted(STEPS)


def _open_in(place: str) -> Settings:
    settings = settings_with()
    return replace(settings, mail=tuple(replace(one, open_in=place) for one in settings.mail))


def _press(box: QMessageBox, words: str) -> None:
    buttons: list[QPushButton] = box.findChildren(QPushButton)
    next(button for button in buttons if button.text() == words).click()
    QApplication.processEvents()
