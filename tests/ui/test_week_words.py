"""The week in their words, from the banner on Voices to a file, the clipboard and a chat."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.voices import Felt, Quote
from supportdesk.services.masking import LOOK_IT_OVER
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.settings.fields import TextField
from supportdesk.ui.theme import Theme
from supportdesk.ui.voices.chat_dialog import ChatDialog
from supportdesk.ui.voices.week_line_row import WeekLineRow
from supportdesk.ui.voices.week_words_dialog import WeekWordsDialog
from supportdesk.ui.widgets.button import Button
from tests.fakes.happenings import T0
from tests.hostile_words import HOSTILE
from tests.ui.looking import focused, named, settle, words
from tests.ui.rig import Rig

WORDS = ("I can live with no.", "Oh. So it was the printer.", "You close at five.")
HOOK = "https://chat.example/hooks/secret"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    for number, text in enumerate(WORDS):
        keep(made, text, number)
    made.window.show_page(Page.VOICES)
    return made


def keep(rig: Rig, text: str, number: int, felt: Felt | None = None) -> Quote:
    voices, now = rig.desk.desk.voices, T0 + timedelta(minutes=number)
    quote = voices.keep(
        text,
        item=f"call/Office/{number}",
        who="Ingrid Solheim",
        contact=f"{number}@x.example",
        said_at=now,
        now=now,
    )
    voices.set_felt(quote.key, felt)
    return quote


def opened(rig: Rig) -> WeekWordsDialog:
    rig.ask(Action.OPEN_WEEK_WORDS)
    settle()
    (dialog,) = rig.window.findChildren(WeekWordsDialog)
    assert dialog.isVisible()
    return dialog


def rows(dialog: WeekWordsDialog) -> list[WeekLineRow]:
    settle()
    return sorted(
        (one for one in dialog.findChildren(WeekLineRow) if one.isVisible()),
        key=lambda one: one.y(),
    )


def on_page(dialog: WeekWordsDialog) -> list[str]:
    return [one.view.words.strip("“”") for one in rows(dialog) if one.check.isChecked()]


def click(dialog: QWidget, name: str) -> None:
    QTest.mouseClick(named(dialog, name), Qt.MouseButton.LeftButton)
    settle()


def chat_of(dialog: WeekWordsDialog) -> ChatDialog:
    click(dialog, "Show what would go to a chat, then send it")
    return dialog.findChildren(ChatDialog)[-1]


def send_button(chat: ChatDialog) -> Button:
    (button,) = [one for one in chat.findChildren(Button) if one.text() == "Send"]
    return button


def test_the_banner_says_what_is_on_the_page_and_opens_it_by_a_key(rig: Rig) -> None:
    banner = "3 quotes. One page, names left out, to copy, save or read aloud."
    assert banner in words(rig.window)
    QTest.keyClick(rig.window, Qt.Key.Key_W)
    settle()
    assert [one.isVisible() for one in rig.window.findChildren(WeekWordsDialog)] == [True]


def test_a_week_of_nothing_has_no_banner_and_says_so(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot)
    rig.window.show_page(Page.VOICES)
    assert not any("One page" in text for text in words(rig.window))
    dialog = opened(rig)
    assert any(text.startswith("Nothing was kept in this week.") for text in words(dialog))
    assert not named(dialog, "Save as HTML").isEnabled()


def test_lines_are_left_out_and_moved_by_keys_and_it_stays(rig: Rig) -> None:
    dialog = opened(rig)
    assert on_page(dialog) == list(WORDS)
    first = rows(dialog)[0]
    first.check.setFocus()
    QTest.keyClick(first.check, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert on_page(dialog) == [WORDS[1], WORDS[0], WORDS[2]]
    assert focused().accessibleName().startswith(f"“{WORDS[0]}”")
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert on_page(dialog) == [WORDS[1], WORDS[2]]
    assert any("2 quotes." in text for text in words(rig.window))
    dialog.close()
    assert on_page(opened(rig)) == [WORDS[1], WORDS[2]]


def test_a_button_moves_a_line_and_keeps_the_keyboard(rig: Rig) -> None:
    dialog = opened(rig)
    last = rows(dialog)[-1]
    up = named(last, "Move up")
    up.setFocus()
    QTest.keyClick(up, Qt.Key.Key_Space)
    assert on_page(dialog) == [WORDS[0], WORDS[2], WORDS[1]]
    assert focused().accessibleName() == "Move up"
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert on_page(dialog) == [WORDS[2], WORDS[0], WORDS[1]]
    assert focused() is rows(dialog)[0].check, "it cannot go further up"


def test_a_full_page_says_so_and_takes_no_more(rig: Rig) -> None:
    for number in range(3, 12):
        keep(rig, f"Words {number}", number)
    dialog = opened(rig)
    for line in rows(dialog):
        if not line.check.isChecked():
            line.check.click()
    assert len(on_page(dialog)) == 10
    assert "There is room for 10 quotes: leave another one out first." in words(dialog)


def test_a_full_disk_is_said_and_the_page_is_as_it_was(rig: Rig) -> None:
    dialog = opened(rig)
    rig.acts.ritual.words_page.store.is_full = True
    rows(dialog)[0].check.click()
    assert "The disk is full" in words(dialog)
    assert on_page(dialog) == list(WORDS)


def test_names_are_left_out_unless_they_are_wanted(rig: Rig) -> None:
    dialog = opened(rig)
    assert "I. S., call, Sat 21 Nov" in words(dialog)
    click(dialog, "Leave names out")
    assert "Ingrid Solheim, call, Sat 21 Nov" in words(dialog)
    click(dialog, "Copy the page as Markdown")
    assert LOOK_IT_OVER not in words(dialog)


def test_a_name_that_came_onto_the_card_later_is_left_out_too(rig: Rig) -> None:
    voices, people = rig.desk.desk.voices, rig.desk.desk.people
    voices.keep("Anna here", who="+4712", contact="+4712", said_at=T0, now=T0)
    people.rename(people.behind_number("+4712"), "Anna Holm")
    dialog = opened(rig)
    assert "[…] here" in on_page(dialog)
    assert "A. H., Sat 21 Nov" in words(dialog)
    click(dialog, "Leave names out")
    assert "Anna here" in on_page(dialog)
    assert "Anna Holm, Sat 21 Nov" in words(dialog)


def test_other_weeks_can_be_looked_at(rig: Rig) -> None:
    dialog = opened(rig)
    assert "Mon 16 – Sun 22 Nov" in words(dialog)
    assert not named(dialog, "The week after").isEnabled()
    click(dialog, "The week before")
    assert "Mon 9 – Sun 15 Nov" in words(dialog)
    assert rows(dialog) == []
    click(dialog, "The week after")
    assert on_page(dialog) == list(WORDS)


def test_what_is_kept_meanwhile_comes_to_the_open_page(rig: Rig) -> None:
    dialog = opened(rig)
    keep(rig, "New words", 9)
    rig.refresh()
    assert "New words" in on_page(dialog)


def test_a_copy_is_markdown(rig: Rig) -> None:
    dialog = opened(rig)
    click(dialog, "Copy the page as Markdown")
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("# The week in their words\n\nMon 16 – Sun 22 Nov\n")
    assert f"> “{WORDS[0]}”" in copied
    assert "The page is copied, as Markdown" in words(dialog)
    assert LOOK_IT_OVER in words(dialog)
    QGuiApplication.clipboard().clear()
    rig.ask(Action.COPY_WEEK_WORDS)
    assert QGuiApplication.clipboard().text() == copied
    assert "The page is copied, as Markdown" in words(rig.window)


@pytest.mark.parametrize(
    ("button", "ending", "start"),
    [("Save as HTML", "html", "<!DOCTYPE html>"), ("Save the page as a Markdown file", "md", "# ")],
)
def test_a_page_is_saved_where_the_founder_says(
    rig: Rig, tmp_path: Path, button: str, ending: str, start: str
) -> None:
    for number, text in enumerate(HOSTILE[:3], start=3):
        keep(rig, text, number)
    dialog = opened(rig)
    click(dialog, button)
    (asked,) = [one for one in dialog.findChildren(QFileDialog) if one.isVisible()]
    target = tmp_path / f"week.{ending}"
    asked.fileSelected.emit(str(target))
    asked.reject()
    written = target.read_text(encoding="utf-8")
    assert written.startswith(start)
    assert WORDS[0] in written
    assert "<script>" not in written
    assert f"The page is saved as week.{ending}." in words(dialog)


def test_a_page_that_cannot_be_saved_says_why(rig: Rig, tmp_path: Path) -> None:
    dialog = opened(rig)
    problem = Problem(title="The page cannot be saved as week.html", advice="No space left.")
    rig.acts.ritual.words_page.problem = problem
    click(dialog, "Save as HTML")
    (asked,) = [one for one in dialog.findChildren(QFileDialog) if one.isVisible()]
    asked.fileSelected.emit(str(tmp_path / "week.html"))
    asked.reject()
    assert problem.title in words(dialog)
    assert problem.advice in words(dialog)


def test_a_source_opens_and_the_page_stays(rig: Rig) -> None:
    key = rig.miss("7")
    rig.desk.desk.voices.keep("On a call", item=key, who="Pavel", said_at=T0, now=T0)
    dialog = opened(rig)
    (line,) = [one for one in rows(dialog) if "On a call" in one.view.words]
    click(line, "Show where it was said")
    assert rig.window.page is Page.CALLS
    assert dialog.isVisible()


def test_nothing_goes_to_a_chat_before_it_was_seen_and_clicked(rig: Rig) -> None:
    outside = rig.acts.ritual.words_page
    chat = chat_of(opened(rig))
    assert "Which chat?" in words(chat)
    (field,) = chat.findChildren(TextField)
    field.setText("http://chat.example/hooks/1")
    click(chat, "Keep it")
    assert "The hook has to be reached by https" in words(chat)
    assert rig.acts.secrets == {}
    field.setText(HOOK)
    click(chat, "Keep it")
    assert rig.acts.secrets == {"webhook": HOOK}
    assert outside.posted == []
    (body,) = chat.findChildren(QPlainTextEdit)
    shown = body.toPlainText()
    assert WORDS[0] in shown
    outside.is_slow = True
    click(chat, "Send")
    assert [one.shown for one in outside.posted] == [shown]
    assert not send_button(chat).isEnabled()
    outside.answer()
    assert "It went to chat.example" in words(chat)
    assert not send_button(chat).isEnabled(), "it is there already"
    assert HOOK not in " ".join(words(chat)), "who has the address can write to the chat"


def test_a_chat_that_fails_loses_nothing_and_can_be_tried_again(rig: Rig) -> None:
    outside = rig.acts.ritual.words_page
    outside.url = HOOK
    outside.problem = Problem(title="chat.example did not take the page (500)", advice="Later.")
    dialog = opened(rig)
    chat = chat_of(dialog)
    click(chat, "Send")
    assert "chat.example did not take the page (500)" in words(chat)
    outside.problem = None
    click(chat, "Send")
    assert len(outside.posted) == 2
    assert outside.posted[0] == outside.posted[1]
    assert on_page(dialog) == list(WORDS)


def test_an_answer_that_comes_after_the_dialog_is_closed_is_nobodys(rig: Rig) -> None:
    outside = rig.acts.ritual.words_page
    outside.url, outside.is_slow = HOOK, True
    chat = chat_of(opened(rig))
    click(chat, "Send")
    chat.close()
    settle()
    outside.answer()
    assert len(outside.posted) == 1


def test_another_hook_forgets_the_first(rig: Rig) -> None:
    outside = rig.acts.ritual.words_page
    outside.url = HOOK
    chat = chat_of(opened(rig))
    click(chat, "Another hook")
    assert outside.url == ""
    assert "Which chat?" in words(chat)


def test_a_page_that_a_chat_would_not_take_is_not_sent(rig: Rig) -> None:
    rig.acts.ritual.words_page.url = "https://discord.com/api/webhooks/1/secret"
    rig.desk.desk.voices.keep("word " * 420, who="Eva", said_at=T0, now=T0)
    chat = chat_of(opened(rig))
    assert any(text.startswith("Discord takes 2000 letters") for text in words(chat))
    assert "To discord.com" in words(chat)
    assert not send_button(chat).isEnabled()


def test_the_open_page_follows_the_size_of_text(rig: Rig, theme: Theme) -> None:
    dialog = opened(rig)
    click(dialog, "Leave names out")
    small = rows(dialog)[0].height()
    dialog.move(40, 30)
    rig.window.activateWindow()
    settle()
    theme.set_text_scale(2.0)
    settle()
    (anew,) = [one for one in rig.window.findChildren(WeekWordsDialog) if one.isVisible()]
    assert rows(anew)[0].height() > small
    assert "Ingrid Solheim" in " ".join(words(anew)), "what was chosen stays"
    assert anew.pos() == QPoint(40, 30)
    assert anew.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    chat = chat_of(anew)
    theme.set_text_scale(1.0)
    settle()
    assert chat.isVisible(), "a question is not taken away"
