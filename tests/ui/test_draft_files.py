"""Files go along with a draft: attached as copies, told apart, taken off again."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import Problem
from supportdesk.domain.settings import SmtpSettings
from supportdesk.ui.rows import Action
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_message, arrived, settings_with
from tests.ui.looking import named, settle, words
from tests.ui.rig import Rig


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    mail = replace(settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"))
    made = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    made.acts.answering.has_heads = False
    message = a_message(1, who="Jana")
    made.desk.apply(arrived(message))
    made.refresh()
    assert made.controller.open_item(message.key)
    made.ask(Action.REPLY, message.key)
    settle()
    return made


def draft_of(rig: Rig) -> Draft:
    [draft] = rig.acts.answering.drafts()
    return draft


def attach(rig: Rig, *paths: str) -> None:
    rig.window.choices.files_added.emit(draft_of(rig).draft_id, paths)


def test_what_is_attached_stands_below_the_text_and_comes_off_again(rig: Rig) -> None:
    attach(rig, "/home/a/order.pdf", "/home/a/list.csv")
    assert [one.name for one in draft_of(rig).files] == ["order.pdf", "list.csv"]
    assert "order.pdf" in words(rig.window)
    away = named(rig.window, "Do not send order.pdf")
    QTest.mouseClick(away, Qt.MouseButton.LeftButton)
    assert [one.name for one in draft_of(rig).files] == ["list.csv"]


def test_two_of_one_name_are_told_apart_and_one_is_there_once(rig: Rig) -> None:
    attach(rig, "/one/order.pdf", "/two/order.pdf", "/one/order.pdf")
    assert [one.name for one in draft_of(rig).files] == ["order.pdf", "order (2).pdf"]


def test_a_pasted_picture_is_a_file(rig: Rig) -> None:
    image = QImage(2, 2, QImage.Format.Format_RGB32)
    rig.window.choices.picture_pasted.emit(draft_of(rig).draft_id, image)
    assert [one.name for one in draft_of(rig).files] == ["picture.png"]


def test_what_cannot_be_read_is_said(rig: Rig) -> None:
    rig.acts.problem = Problem(title="order.pdf was not attached", advice="Look at it.")
    attach(rig, "/one/order.pdf")
    assert draft_of(rig).files == ()
    assert "order.pdf was not attached." in words(rig.window)


def test_a_draft_that_went_meanwhile_gets_nothing(rig: Rig) -> None:
    rig.acts.is_slow = True
    attach(rig, "/one/order.pdf")
    rig.acts.answering.drop(draft_of(rig).draft_id)
    for answer in rig.acts.answers:
        answer()
    assert not rig.acts.answering.drafts()


def test_what_is_typed_meanwhile_stays(rig: Rig) -> None:
    rig.acts.is_slow = True
    attach(rig, "/one/order.pdf")
    composer = rig.window.composers.docked_one
    assert composer is not None
    QTest.keyClicks(composer.editor, "typed on")
    rig.window.composers.flush()
    for answer in rig.acts.answers:
        answer()
    draft = draft_of(rig)
    assert draft.body.startswith("typed on")
    assert len(draft.files) == 1
    assert composer.editor.text.startswith("typed on")


def test_what_is_still_being_attached_is_asked_about_and_then_goes_along(rig: Rig) -> None:
    rig.acts.is_slow = True
    composer = rig.window.composers.docked_one
    assert composer is not None
    QTest.keyClicks(composer.editor, "It is attached")
    attach(rig, "/one/order.pdf")
    composer.send()
    settle()
    assert not rig.acts.answering.unsent()
    assert "1 file is still coming" in " ".join(words(rig.window))
    assert "no file is attached" not in " ".join(words(rig.window))
    for answer in rig.acts.answers:
        answer()
    settle()
    assert "still coming" not in " ".join(words(rig.window))
    assert "being attached" not in " ".join(words(rig.window))
    draft = draft_of(rig)
    composer.send()
    assert rig.acts.answering.outgoing(draft.draft_id) is not None
    assert [one.name for one in draft.files] == ["order.pdf"]


def test_what_takes_long_is_said(rig: Rig, qtbot: QtBot) -> None:
    rig.acts.is_slow = True
    attach(rig, "/one/order.pdf", "/one/list.csv")
    qtbot.waitUntil(lambda: "2 files are being attached" in words(rig.window), timeout=30_000)
