"""The conversation starter in the tray menu of the real app: one a day, copied by one click."""

from datetime import timedelta

import pytest
from PySide6.QtGui import QAction, QGuiApplication

from supportdesk.adapters.storage.week_page_tables import WeekPageTables
from supportdesk.bootstrap import TrayApp
from supportdesk.domain.voices import Quote
from supportdesk.services.forgetting import Forgotten
from supportdesk.ui import rows
from tests.ui.test_tray_app import app as app
from tests.ui.test_tray_app import daemon as daemon

WORDS = "Oh. So it was the printer all along, says Hilda Linde."


@pytest.fixture
def quote(app: TrayApp) -> Quote:
    now = app.core.clock.now()
    return app.core.desk.voices.keep(WORDS, who="Hilda Linde", said_at=now, now=now)


def starters(app: TrayApp) -> list[QAction]:
    """As the menu opens."""
    app._tray.menu.aboutToShow.emit()
    actions = app._tray.menu.actions()
    return [one for one in actions if one.text().startswith("Who would like to hear")]


def test_one_quote_a_day_is_offered_and_one_click_copies_it(app: TrayApp, quote: Quote) -> None:
    (entry,) = starters(app)
    assert entry.text() == "Who would like to hear “Oh. So it was the printer all along, says…”?"
    entry.trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("“Oh. So it was the printer all along, says […].”\n— H. L., ")
    kept = app.core.kept_in
    (told,) = WeekPageTables(kept.connection, kept.path).starters()
    assert told.quote == quote.key


def test_nothing_is_read_before_the_menu_opens(app: TrayApp) -> None:
    assert "_starter" not in vars(app)
    assert starters(app) == []


def test_not_for_all_to_see_and_not_when_unwanted(app: TrayApp, quote: Quote) -> None:
    assert len(starters(app)) == 1
    app._silence.present(rows.PresentChoice.HOUR)
    app._refresh_tray()
    texts = [one.text() for one in app._tray.menu.actions()]
    assert not any("printer" in text for text in texts), "it goes before the menu opens again"
    assert starters(app) == []
    app._silence.present(rows.PresentChoice.OFF)
    assert len(starters(app)) == 1
    settings = app.core.settings.ritual
    without = type(settings)(starter=False)
    app.core.change_settings_file(lambda file: file.set_ritual(without))
    assert starters(app) == []


def test_the_words_go_with_whoever_is_forgotten(app: TrayApp, quote: Quote) -> None:
    assert len(starters(app)) == 1
    app.core.desk.voices.remove(quote.key)
    app.core.data.person_forgotten.emit(Forgotten())
    texts = [one.text() for one in app._tray.menu.actions()]
    assert not any("printer" in text for text in texts)
    assert starters(app) == []


def test_another_day_has_other_words(app: TrayApp, quote: Quote) -> None:
    assert len(starters(app)) == 1
    tomorrow = app.core.clock.now() + timedelta(days=1)
    assert app._starter.line(tomorrow) == ""
    later = app.core.desk.voices.keep("Fresh.", who="Eva", said_at=tomorrow, now=tomorrow)
    assert app._starter.line(tomorrow) == "Who would like to hear “Fresh.”?"
    assert later.key != quote.key
