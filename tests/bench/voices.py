"""The Voices page with 10,000 quotes: how long the window is held by what is done there."""

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QScrollArea

from supportdesk.adapters.garbage import GuiThreadGarbage
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.voices import Felt, Quote
from supportdesk.services.voices import Voices
from supportdesk.ui.presenter.voices import MadeCards, QuoteCards, felt_tabs
from supportdesk.ui.rows.voices import VoicesFilter, VoicesView
from supportdesk.ui.theme.theme import FUSION, Theme
from supportdesk.ui.voices.card_wall import CardWall
from supportdesk.ui.voices.voices_page import VoicesPage
from supportdesk.ui.widgets.density import Density
from tests.bench.figures import Figure
from tests.bench.gui_probe import HoldProbe

_QUOTES = 10_000
_STEPS = 300
_STEP_PIXELS = 120
_WANTED = "50 ms at most"
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_WORDS = [
    *("the", "button", "looks", "as", "if", "nothing", "happened", "and", "I", "had", "my"),
    *("coffee", "sitting", "down", "for", "first", "time", "since", "August", "so", "which"),
    *("Saturday", "are", "these", "numbers", "from"),
]


class _Bench:
    """The page, and what is done on it; each act leaves the loop with nothing to do."""

    def __init__(self, app: QApplication, theme: Theme, voices: Voices) -> None:
        self._app = app
        self._voices = voices
        self._made: MadeCards = {}
        self._page = VoicesPage(theme, Density.WIDE)
        self._page.resize(1024, 752)
        self._page.show()
        self._wall = next(iter(self._page.findChildren(CardWall)))
        self._bar = next(iter(self._page.findChildren(QScrollArea))).verticalScrollBar()
        self._settle()

    def show(self, words: str = "") -> None:
        found = self._voices.search(words)
        cards = QuoteCards(found, _NOW.year, datetime.astimezone, _NOW, self._made)
        wanted = VoicesFilter(words=words)
        self._page.show_voices(VoicesView(cards=cards, tabs=felt_tabs(found), wanted=wanted))
        self._settle()

    def place_all(self) -> None:
        while not self._wall.is_finished:
            self._app.processEvents()
        self._settle()

    def scroll(self) -> None:
        for _ in range(_STEPS):
            self._bar.setValue(self._bar.value() + _STEP_PIXELS)
            self._app.processEvents()

    def go_to_end(self) -> None:
        self._bar.setValue(self._bar.maximum())
        self._settle()

    def feel(self) -> None:
        """How the last one was felt, at the end of the page."""
        last = self._voices.search()[-1]
        self._voices.set_felt(last.key, Felt.PUZZLED)
        self.show()

    def close(self) -> None:
        self._page.close()
        self._page.deleteLater()
        self._app.processEvents()

    def _settle(self) -> None:
        for _ in range(10):
            self._app.processEvents()


def run() -> list[Figure]:
    app = QApplication.instance() or QApplication(["bench", *FUSION])
    assert isinstance(app, QApplication)
    theme = Theme(app)
    theme.dress()
    garbage = GuiThreadGarbage()  # as in the app, nothing is collected while the page is shown
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteDeskStore(Path(folder) / "desk.db")
        try:
            tables = VoiceTables(store.connection, store.path)
            _fill(tables)
            bench = _Bench(app, theme, Voices(tables, lambda number: number))
            figures = _measure(bench)
            bench.close()
            return figures
        finally:
            store.close()
            garbage.close()


def _measure(bench: _Bench) -> list[Figure]:
    acts: tuple[tuple[str, Callable[[], None]], ...] = (
        ("first shown, read from the disk", bench.show),
        ("the rest placed in idle moments", bench.place_all),
        (f"scrolled {_STEPS} times", bench.scroll),
        ("to the end", bench.go_to_end),
        ("the last one felt in another way", bench.feel),
        ("a search as it is typed", lambda: bench.show("coffee")),
        ("all of them again", bench.show),
    )
    figures = [Figure(what="kept words", unit="", ours=_QUOTES, floor=None)]
    for what, act in acts:
        probe = HoldProbe()
        probe.start()
        act()
        holds = probe.stop()
        figures.append(
            Figure(
                what=f"{what}: longest", unit="ms", ours=holds.longest, floor=None, wanted=_WANTED
            )
        )
        figures.append(Figure(what=f"{what}: p99", unit="ms", ours=holds.p99, floor=None))
    return figures


def _fill(tables: VoiceTables) -> None:
    chance = random.Random(2026)
    for number in range(_QUOTES):
        at = _NOW - timedelta(hours=number)
        tables.save_quote(
            Quote(
                key=f"quote/{number}",
                words=" ".join(chance.choices(_WORDS, k=chance.randint(4, 60))),
                item=f"mail/Support/<{number}@customer.example>",
                who=f"Customer {number % 900}",
                contact=f"c{number % 900}@customer.example",
                said_at=at,
                kept_at=at,
                felt=[*Felt, None][number % 6],
            )
        )
