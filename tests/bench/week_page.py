"""My week painted: from a log that was never asked, and after a beat of the reading clock."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from supportdesk.domain.reading import Span
from supportdesk.services.reading_log import ReadingLog
from supportdesk.ui.presenter.week import talk_card, week_view
from supportdesk.ui.rows import SpanChoice, WeekView
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.week_page import WeekPage
from supportdesk.ui.widgets.density import Density
from tests.bench.figures import Figure, median_seconds

_Page = TypeVar("_Page", bound=QWidget)
_SIZE = (1024, 750)
_TIMES = 15


def page_figures(
    new_log: Callable[[], ReadingLog], beat: list[Span], now: datetime
) -> list[Figure]:
    """The page at its window's size, offscreen; the floor is a bare list of as many lines."""
    theme = Theme(_application())
    theme.dress()
    warm = new_log()
    warm.last_weeks(now)
    view = _view(warm, now)
    shown = _painted(_page(theme, view))

    def after_a_beat() -> None:
        warm.record(beat)
        shown.show_week(_view(warm, now))
        shown.grab()

    acts: list[tuple[str, str, Callable[[], object]]] = [
        ("page, first time, log never asked", "under 50 ms", lambda: _first(theme, new_log, now)),
        (
            "page, first time, 12 weeks known",
            "under 50 ms",
            lambda: _first(theme, lambda: warm, now),
        ),
        ("page, after a beat", "under 50 ms", after_a_beat),
    ]
    floor = median_seconds(lambda: _bare_list(len(view.spans)), times=_TIMES) * 1000
    return [
        Figure(
            what=what,
            unit="ms",
            ours=median_seconds(act, times=_TIMES) * 1000,
            floor=floor,
            wanted=wanted,
            floor_is=f"bare list of {len(view.spans)} lines",
        )
        for what, wanted, act in acts
    ]


def _application() -> QApplication:
    """Offscreen for this process alone: programs started later choose for themselves."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    was = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    made = QApplication([])
    if was is None:
        del os.environ["QT_QPA_PLATFORM"]
    else:
        os.environ["QT_QPA_PLATFORM"] = was
    return made


def _first(theme: Theme, log: Callable[[], ReadingLog], now: datetime) -> None:
    page = _painted(_page(theme, _view(log(), now)))
    page.deleteLater()


def _view(log: ReadingLog, now: datetime) -> WeekView:
    today = now.date()
    return week_view(
        log.week(log.week_at(now)),
        log.known_weeks(now),
        chosen=SpanChoice(day=today),
        today=today,
        talk=talk_card(log.newest_talk(), today=today, button=None, note=""),
    )


def _page(theme: Theme, view: WeekView) -> WeekPage:
    page = WeekPage(theme, Density.WIDE)
    page.resize(*_SIZE)
    page.show_week(view)
    return page


def _painted(page: _Page) -> _Page:
    page.grab()
    return page


def _bare_list(lines: int) -> None:
    bare = QListWidget()
    bare.resize(*_SIZE)
    bare.addItems([f"line {number}" for number in range(lines)])
    _painted(bare).deleteLater()
