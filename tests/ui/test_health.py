"""Is it working?: the words of the page, its test button, and what stays while it changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import (
    CheckState,
    Hearing,
    PartCheck,
    PartHealth,
    PastTrouble,
    SourceHealth,
    SourceKind,
    SourceName,
    TrialName,
    TrialStep,
)
from supportdesk.ui.gallery.make_believe_health import HEALTH
from supportdesk.ui.health.health_page import HealthPage
from supportdesk.ui.presenter.health import health_view
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, CheckLine, HealthState, Page
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.density import Density
from tests.ui.looking import named, words
from tests.ui.rig import Rig

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SUPPORT = SourceName("Support")
SLOW = Problem(title="imap.larder.app does not answer", advice="It is tried again.")


def minutes_ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def listening(trouble: PastTrouble | None = None, problem: Problem | None = None) -> SourceHealth:
    return SourceHealth(
        source=SUPPORT,
        kind=SourceKind.MAIL,
        hearing=Hearing.LISTENING,
        since=minutes_ago(60),
        last_heard_at=minutes_ago(2),
        problem=problem,
        last_trouble=trouble,
    )


def test_a_healed_source_still_says_what_went_wrong() -> None:
    over = PastTrouble(problem=SLOW, since=minutes_ago(90), until=minutes_ago(60))
    came = minutes_ago(30)
    view = health_view([listening(over)], [], now=NOW, report="", last_events={SUPPORT: came})
    (row,) = view.rows
    assert row.state is HealthState.GOOD
    assert row.trouble is None
    heard = since_words(minutes_ago(2), NOW)
    assert row.last_event == f"Last mail: {since_words(came, NOW)} · Last proof of life: {heard}"
    began, ended = since_words(minutes_ago(90), NOW), since_words(minutes_ago(60), NOW)
    assert row.notes == (f"Last trouble, {began} to {ended}: imap.larder.app does not answer.",)


def test_a_trouble_that_lasts_is_said_once() -> None:
    lasting = PastTrouble(problem=SLOW, since=minutes_ago(5))
    (row,) = health_view([listening(lasting, SLOW)], [], now=NOW, report="").rows
    assert row.trouble is not None
    assert row.notes == ()
    assert row.last_event.startswith("No mail yet ·")


def test_parts_come_with_their_ways_and_the_test_with_its_steps() -> None:
    part = PartHealth(
        name="Alerts",
        is_good=True,
        words="Shown by: Simple pop-ups",
        checks=(
            PartCheck(name="Desktop notifications", state=CheckState.BROKEN, words="hangs"),
            PartCheck(name="Simple pop-ups", state=CheckState.GOOD, words="in use"),
        ),
        notes=("last error: it hung",),
    )
    step = TrialStep(name=TrialName.CLICKED, state=CheckState.TRYING, words="Click it now.")
    view = health_view([], [part], now=NOW, report="", trial=[step])
    assert view.rows[0].checks == (
        CheckLine(state=HealthState.DEAF, name="Desktop notifications", words="hangs"),
        CheckLine(state=HealthState.GOOD, name="Simple pop-ups", words="in use"),
    )
    assert view.rows[0].notes == ("last error: it hung",)
    assert view.trial == (
        CheckLine(state=HealthState.TRYING, name="A click comes back", words="Click it now."),
    )
    assert view.is_trying


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    return Rig(theme, qtbot)


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> HealthPage:
    made = HealthPage(theme, Density.WIDE)
    qtbot.addWidget(made)
    made.resize(1000, 1000)
    made.show()
    made.show_health(HEALTH)
    return made


def test_the_test_button_asks_and_the_steps_are_told_beside_it(
    page: HealthPage, qtbot: QtBot
) -> None:
    said = words(page)
    assert "Testing. Click the test alert when it comes." in said
    assert "Click the test alert now." in said
    button = named(page, "Test everything")
    with qtbot.waitSignal(page.asked) as told:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [Action.BEGIN_TRIAL, ""]
    page.show_health(replace(HEALTH, trial=HEALTH.trial[:1], is_trying=False))
    said = words(page)
    assert "Click the test alert now." not in said
    assert any("No letter is sent" in one for one in said)


def test_only_the_card_that_changed_is_built_anew(page: HealthPage) -> None:
    support = named(page, "Support: not listening since 09:14")
    office = HEALTH.rows[1]
    later = replace(office, last_event="Last proof of life: 9 s ago")
    page.show_health(replace(HEALTH, rows=(HEALTH.rows[0], later, *HEALTH.rows[2:])))
    assert named(page, "Support: not listening since 09:14") is support
    said = words(page)
    assert "Last proof of life: 9 s ago" in said
    assert office.last_event not in said
    names = [f"{one.name}: {one.state_words}" for one in HEALTH.rows]
    tops = [named(page, name).y() for name in names]
    assert tops == sorted(set(tops)), "each where it was"


def test_the_page_begins_the_test_and_follows_its_steps(rig: Rig) -> None:
    rig.window.show_page(Page.HEALTH)
    rig.ask(Action.BEGIN_TRIAL)
    assert rig.health.begun == 1
    rig.health.steps = (
        TrialStep(name=TrialName.SOUND, state=CheckState.BROKEN, words="No sound came out."),
    )
    rig.refresh()
    assert "No sound came out." in words(rig.window)
