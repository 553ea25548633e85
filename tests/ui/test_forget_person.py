"""Forget this person, and all calls as files: asked in the window, done outside of it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.services.forgetting import STAYS, Forgotten
from supportdesk.ui.inbox.person_dialog import PersonDialog
from supportdesk.ui.rows import Action, Notice, Page, Tone
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.second_question import SecondQuestion
from tests.fakes.happenings import a_message, after, arrived, opened
from tests.ui.looking import named, settle, words
from tests.ui.rig import Rig

HERS = a_message(1, who="Jana Nova", at=after(60), subject="The oven")
EMAIL = "jana.nova@out.example"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen()
    made.desk.apply(opened())
    made.desk.apply(arrived(HERS, a_message(2, who="Bob", at=after(70))))
    made.refresh()
    return made


def click(screen: QWidget, name: str) -> None:
    QTest.mouseClick(named(screen, name), Qt.MouseButton.LeftButton)


def ask_to_forget(rig: Rig) -> None:
    settle()
    (dialog,) = [one for one in rig.window.findChildren(PersonDialog) if one.isVisible()]
    [forget] = [
        one for one in dialog.findChildren(QWidget) if one.toolTip().startswith("Forget this")
    ]
    QTest.mouseClick(forget, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def question(rig: Rig) -> SecondQuestion:
    settle()
    (dialog,) = [one for one in rig.window.findChildren(SecondQuestion) if one.isVisible()]
    return dialog


def questions(rig: Rig) -> int:
    settle()
    return sum(one.isVisible() for one in rig.window.findChildren(SecondQuestion))


def above_the_list(rig: Rig) -> Notice | None:
    return rig.window._shown.inbox.banner


def is_message_open(rig: Rig) -> bool:
    return rig.window._shown.message is not None


def forget_jana(rig: Rig) -> None:
    rig.controller.open_item(HERS.key)
    rig.ask(Action.EDIT_PERSON)
    ask_to_forget(rig)


def asked(rig: Rig) -> list[str]:
    return [one for one in rig.acts.asked if "look for" in one or "forget" in one]


def test_it_says_what_goes_and_what_stays_and_keeping_is_the_default(rig: Rig) -> None:
    forget_jana(rig)
    dialog = question(rig)
    said = words(dialog)
    assert "Forget Jana Nova?" in said
    assert f"{EMAIL}. This deletes 3 mails with their texts." in said
    assert STAYS in said
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert asked(rig) == [f"look for {EMAIL}"]
    assert above_the_list(rig) == Notice(title="Nothing was deleted", tone=Tone.NORMAL)


def test_they_are_forgotten_and_their_mail_is_not_on_show_any_more(rig: Rig) -> None:
    forget_jana(rig)
    assert is_message_open(rig)
    click(question(rig), "Forget them")
    assert asked(rig) == [f"look for {EMAIL}", f"forget {EMAIL}"]
    who = Forgotten(emails=(EMAIL,), own=frozenset({"support@desk.example"}))
    rig.desk.take(rig.desk.desk.forget(who, rig.desk.now))
    rig.controller.person_forgotten(who)
    assert not is_message_open(rig)
    assert above_the_list(rig) == Notice(
        title="Jana Nova is forgotten here", text=f"{EMAIL} is forgotten here.", tone=Tone.GOOD
    )
    told = " ".join(words(rig.window))
    assert "The oven" not in told
    rig.controller.open_item(a_message(2, who="Bob", at=after(70)).key)
    rig.controller.person_forgotten(who)
    assert is_message_open(rig)


def test_one_at_a_time_while_it_takes_long(rig: Rig) -> None:
    rig.acts.is_slow = True
    forget_jana(rig)
    assert above_the_list(rig) == Notice(
        title="Looking for what is kept of Jana Nova", tone=Tone.NORMAL
    )
    rig.ask(Action.EDIT_PERSON)
    ask_to_forget(rig)
    assert asked(rig) == [f"look for {EMAIL}"]
    rig.acts.answers.pop()()
    click(question(rig), "Forget them")
    shown = above_the_list(rig)
    assert shown is not None
    assert shown.title == "Jana Nova is being forgotten"


def test_what_does_not_go_is_said(rig: Rig) -> None:
    rig.acts.problem = Problem(title="mail.db is held by another program", advice="Close it.")
    forget_jana(rig)
    assert questions(rig) == 0
    assert above_the_list(rig) == Notice(
        title="mail.db is held by another program", text="Close it.", tone=Tone.BRICK
    )
    rig.acts.problem, rig.acts.person_kept = None, ""
    forget_jana(rig)
    assert questions(rig) == 0
    shown = above_the_list(rig)
    assert shown is not None
    assert shown.title == "Nothing is kept here of Jana Nova"


def test_whoever_called_is_forgotten_from_the_calls(rig: Rig) -> None:
    key = rig.miss("1", number="+420541220018", name="Pavel Kiss")
    rig.controller.open_item(key)
    rig.ask(Action.EDIT_PERSON, key)
    ask_to_forget(rig)
    click(question(rig), "Forget them")
    assert asked(rig) == ["look for 420541220018", "forget 420541220018"]
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "Pavel Kiss is forgotten here"
    assert rig.window.page is Page.CALLS


def test_all_calls_go_into_a_folder(rig: Rig, tmp_path: Path) -> None:
    rig.window.show_page(Page.CALLS)
    past = rig.window._shown.calls.past
    assert Action.EXPORT_CALLS not in [one.action for one in past.actions]
    rig.miss("1")
    for problem, title in ((None, "The calls are exported"), ("The disk is full",) * 2):
        rig.acts.problem = Problem(title=problem, advice="Free some.") if problem else None
        click(rig.window, "Export all calls as files…")
        (dialog,) = [one for one in rig.window.findChildren(QFileDialog) if one.isVisible()]
        assert dialog.windowTitle() == "Export all calls into this folder"
        dialog.fileSelected.emit(str(tmp_path))
        dialog.reject()
        assert rig.acts.asked[-1] == f"export calls to {tmp_path}"
        banner = rig.window._shown.calls.banner
        assert banner is not None
        assert banner.title == title
