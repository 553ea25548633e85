"""A person's week on the phones, from My week: planned, gathered, changed, and its page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import CallId, call_key
from supportdesk.domain.events import CallAnswered, CallEnded
from supportdesk.ui.rows import Page
from supportdesk.ui.settings.fields import ChoiceField
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.phone_week_dialog import PhoneWeekDialog
from tests.fakes.happenings import OFFICE, a_caller, a_member, after, joined
from tests.ui.looking import named, settle, words
from tests.ui.rig import Rig

KEY = call_key(OFFICE, CallId("1"))


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"), a_member("Maya"))
    made.window.show_page(Page.WEEK)
    return made


def a_talk(rig: Rig, by: str, *, minutes: int = 6) -> None:
    """It is Saturday."""
    rig.desk.apply(joined(a_caller("1", name="Ingrid Solheim", at=after(0))))
    answered = CallAnswered(
        phone=OFFICE,
        call_id=CallId("1"),
        by=by,
        by_interface=f"PJSIP/{by}",
        hold_seconds=4,
        at=after(4),
    )
    rig.desk.apply(answered, at=after(4))
    ended = CallEnded(
        phone=OFFICE, call_id=CallId("1"), talk_seconds=minutes * 60, at=after(4 + minutes * 60)
    )
    rig.desk.apply(ended, at=after(4 + minutes * 60))


def opened(rig: Rig) -> PhoneWeekDialog:
    click(rig.window, "Who is on the phones this week, and what came of it")
    (dialog,) = rig.window.findChildren(PhoneWeekDialog)
    assert dialog.isVisible()
    return dialog


def click(screen: QWidget, name: str) -> None:
    QTest.mouseClick(named(screen, name), Qt.MouseButton.LeftButton)
    settle()


def type_name(dialog: PhoneWeekDialog, field: str, name: str) -> None:
    box = named(dialog, field)
    assert isinstance(box, QComboBox)
    box.setEditText(name)


def plan(dialog: PhoneWeekDialog, who: str = "Maya", saturday: str = "alone") -> None:
    type_name(dialog, "Who is on the phones", who)
    type_name(dialog, "Buddy", "Anna")
    day = named(dialog, "Sat 21 Nov")
    assert isinstance(day, ChoiceField)
    day.set_value(next(one for one, _ in day._options if one.value == saturday))
    click(dialog, "Plan this week")


def test_a_week_is_planned_with_the_usual_ramp_and_the_teams_names(rig: Rig) -> None:
    dialog = opened(rig)
    who = named(dialog, "Who is on the phones")
    assert isinstance(who, QComboBox)
    assert [who.itemText(number) for number in range(who.count())] == ["Anna", "Maya"]
    days = [field.currentText() for field in dialog.findChildren(ChoiceField)]
    assert days == ["Listens"] * 2 + ["With the buddy"] + ["Alone"] * 2 + ["Not on"] * 2
    plan(dialog, saturday="off")
    shown = words(dialog)
    assert "Maya is on this week, not today. No talks yet." in shown
    assert "Mon 16 Nov, listening to Anna" in shown
    assert "Wed 18 Nov, with Anna beside them" in shown
    assert not any("Sat 21 Nov" in one for one in shown)


def test_nobody_is_on_without_a_name(rig: Rig) -> None:
    dialog = opened(rig)
    plan(dialog, who="  ")
    assert "Say who is on the phones" in words(dialog)
    assert rig.acts.ritual.phone_week_store.kept == {}


def test_talks_and_words_come_together_and_open_what_they_are_of(rig: Rig) -> None:
    a_talk(rig, "Maya")
    now = after(400)
    rig.desk.desk.voices.keep(
        "I can live with no.",
        item=KEY,
        who="Ingrid Solheim",
        contact="+420111",
        said_at=now,
        now=now,
    )
    dialog = opened(rig)
    plan(dialog)
    shown = words(dialog)
    assert "Maya is on, today alone. 1 talk, 6 min." in shown
    assert "09:00 I. S., 6 min" in shown
    assert "“I can live with no.”" in shown
    click(dialog, "Leave names of customers out")
    assert "09:00 Ingrid Solheim, 6 min" in words(dialog)
    click(dialog, "Open 09:00 Ingrid Solheim, 6 min")
    assert rig.window.page is Page.CALLS


def test_what_comes_meanwhile_comes_to_the_open_week(rig: Rig) -> None:
    dialog = opened(rig)
    plan(dialog)
    a_talk(rig, "Maya")
    rig.refresh()
    assert "Maya is on, today alone. 1 talk, 6 min." in words(dialog)


def test_on_days_together_the_buddys_talks_are_there_and_not_counted(rig: Rig) -> None:
    a_talk(rig, "Anna")
    dialog = opened(rig)
    plan(dialog, saturday="listen")
    shown = words(dialog)
    assert "Maya is on, today listening to Anna. No talks yet." in shown
    assert "09:00 I. S., 6 min" in shown
    assert "Anna" in shown


def test_a_plan_is_changed_and_removed(rig: Rig) -> None:
    dialog = opened(rig)
    plan(dialog)
    click(dialog, "Change who, the buddy or the days")
    click(dialog, "Cancel")
    assert "Maya is on, today alone. No talks yet." in words(dialog)
    click(dialog, "Change who, the buddy or the days")
    type_name(dialog, "Who is on the phones", "Ben")
    click(dialog, "Plan this week")
    assert "Ben is on, today alone. No talks yet." in words(dialog)
    assert [one.who for one in rig.acts.ritual.phone_week_store.phone_weeks()] == ["Ben"]
    click(dialog, "Take this week off the plan")
    assert "Ben on the phones: removed" in words(dialog)
    assert rig.acts.ritual.phone_week_store.kept == {}
    click(dialog, "Cancel")
    assert not dialog.isVisible()


def test_two_can_be_on_and_other_weeks_are_other_plans(rig: Rig) -> None:
    dialog = opened(rig)
    plan(dialog)
    click(dialog, "Plan one more")
    plan(dialog, who="Ben")
    assert "Ben is on, today alone. No talks yet." in words(dialog)
    click(dialog, "Maya")
    assert "Maya is on, today alone. No talks yet." in words(dialog)
    click(dialog, "The week after")
    assert "Mon 23 – Sun 29 Nov" in words(dialog)
    assert named(dialog, "Plan this week").isEnabled()
    click(dialog, "The week before")
    assert "Ben is on, today alone. No talks yet." in words(dialog)


def test_a_full_disk_is_said_and_nothing_is_planned(rig: Rig) -> None:
    dialog = opened(rig)
    rig.acts.ritual.phone_week_store.is_full = True
    plan(dialog)
    assert "The disk is full" in words(dialog)
    rig.acts.ritual.phone_week_store.is_full = False
    plan(dialog)
    rig.acts.ritual.phone_week_store.is_full = True
    click(dialog, "Take this week off the plan")
    assert "The disk is full" in words(dialog)
    assert "Maya is on, today alone. No talks yet." in words(dialog)


def test_the_page_is_copied_as_markdown(rig: Rig) -> None:
    a_talk(rig, "Maya")
    dialog = opened(rig)
    plan(dialog)
    click(dialog, "Copy the page as Markdown")
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("# Maya on the phones\n\nMon 16 – Sun 22 Nov\n")
    assert "Ingrid" not in copied
    assert "1 talk, 6 min" in copied


@pytest.mark.parametrize(
    ("button", "ending", "start"),
    [("Save as HTML", "html", "<!DOCTYPE html>"), ("Save the page as Markdown", "md", "# Maya")],
)
def test_the_page_is_saved_where_the_founder_says(
    rig: Rig, tmp_path: Path, button: str, ending: str, start: str
) -> None:
    dialog = opened(rig)
    plan(dialog)
    click(dialog, button)
    (asking,) = [one for one in dialog.findChildren(QFileDialog) if one.isVisible()]
    path = tmp_path / f"page.{ending}"
    asking.fileSelected.emit(str(path))
    asking.reject()
    assert path.read_text(encoding="utf-8").startswith(start)
    assert f"The page is saved as page.{ending}." in words(dialog)


def test_an_open_week_follows_the_size_of_text_and_a_form_stays(rig: Rig, theme: Theme) -> None:
    dialog = opened(rig)
    type_name(dialog, "Who is on the phones", "Maya")
    theme.set_text_scale(2.0)
    settle()
    who = named(dialog, "Who is on the phones")
    assert isinstance(who, QComboBox)
    assert who.currentText() == "Maya"
    plan(dialog)
    small = named(dialog, "Plan one more").height()
    dialog.showMinimized()
    theme.set_text_scale(1.0)
    settle()
    (anew,) = [one for one in rig.window.findChildren(PhoneWeekDialog) if one.isVisible()]
    assert "Maya is on, today alone. No talks yet." in words(anew)
    assert anew.isMinimized()
    anew.showNormal()
    settle()
    assert named(anew, "Plan one more").height() < small
