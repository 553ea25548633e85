"""The week in their words: which lines are on the page, in which order, and where it goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.week import WeekId
from supportdesk.domain.words_page import WordsPage
from supportdesk.services.desk import Desk
from supportdesk.services.masking import LOOK_IT_OVER
from supportdesk.services.reading_log import ReadingLog
from supportdesk.services.week_lines import PageLine
from supportdesk.services.week_page import PageSources, WeekPages, words_page
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.file_dialog import ask_where_to_save
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.week_words import page_is_full, week_banner, week_words_view
from supportdesk.ui.rows import Action, Notice, Tone
from supportdesk.ui.rows.week_words import PageTask, WeekBanner
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.voices.week_words_dialog import WeekWordsDialog
from supportdesk.ui.widgets.made_anew import stand_in_for

_KINDS = {
    PageTask.SAVE_HTML: ("html", "Web page (*.html)"),
    PageTask.SAVE_MARKDOWN: ("md", "Markdown (*.md)"),
}
_COPIED = "The page is copied, as Markdown"


class WeekWordsController(QObject):
    """Owns which week is on show and whether names are masked; the choices lie in desk.db.

    Signals:
        changed: What is on the page of the present week, perhaps.
    """

    changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        *,
        desk: Desk,
        log: ReadingLog,
        acts: Acts,
        theme: Theme,
        to_local: ToLocal,
        open_item: Callable[[str], bool],
        say: Callable[[Notice], None],
        parent: QObject,
    ) -> None:
        """`say` tells on the Voices page what was done there."""
        super().__init__(parent)
        self._window = window
        self._say_there = say
        self._log = log
        self._acts = acts
        self._theme = theme
        self._open_item = open_item
        sources = PageSources(
            voices=desk.voices,
            lessons=desk.voices.lessons,
            notes=desk.notes,
            promises=desk.promises,
            cards=desk.people,
        )
        self._pages = WeekPages(sources, acts.ritual.words_page.store, to_local)
        self._is_masked = True
        self._week: WeekId | None = None
        self._notice: Notice | None = None
        self._dialog: WeekWordsDialog | None = None
        theme.sizes_changed.connect(self._build_anew)

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {
            Action.OPEN_WEEK_WORDS: lambda _key: self.open(),
            Action.COPY_WEEK_WORDS: lambda _key: self._copy_present(),
        }

    def banner(self) -> WeekBanner | None:
        """Of the present week, for the Voices page."""
        return week_banner(self._lines(self._present()), is_masked=self._is_masked)

    def open(self) -> None:
        if self._dialog is None:
            self._week, self._notice = self._present(), None
            self._dialog = self._made()
        self._show()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def refresh(self) -> None:
        """Something was kept, noted, learned or promised."""
        if self._dialog is not None:
            self._show()

    # --- the page ----------------------------------------------------------------------

    def _made(self) -> WeekWordsDialog:
        dialog = WeekWordsDialog(self._theme, self._window)
        dialog.chosen.connect(self._choose)
        dialog.moved.connect(self._move)
        dialog.opened.connect(self._open_source)
        dialog.masked.connect(self._mask)
        dialog.week_moved.connect(self._turn)
        dialog.asked.connect(self._do)
        dialog.finished.connect(self._closed)
        return dialog

    def _closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _build_anew(self) -> None:
        """Sizes of text are fixed when it is made. While it asks something it stays as it is."""
        old = self._dialog
        if old is None or QApplication.activeModalWidget() is not None:
            return
        self._dialog = self._made()
        self._show()
        stand_in_for(old, self._dialog)
        old.deleteLater()

    def _present(self) -> WeekId:
        return self._log.week_on(self._log.today(self._acts.now()))

    @property
    def _shown_week(self) -> WeekId:
        return self._week or self._present()

    def _lines(self, week: WeekId) -> tuple[PageLine, ...]:
        return self._pages.lines(week, self._acts.now(), is_masked=self._is_masked)

    def _page(self, week: WeekId) -> WordsPage:
        return words_page(week, self._lines(week), is_masked=self._is_masked)

    def _show(self) -> None:
        if self._dialog is None:
            return
        week = self._shown_week
        lines = self._lines(week)
        self._dialog.show_view(
            week_words_view(
                week,
                lines,
                words_page(week, lines, is_masked=self._is_masked),
                is_masked=self._is_masked,
                has_later=week < self._present(),
                notice=self._notice,
            )
        )

    def _say(self, notice: Notice | None) -> None:
        self._notice = notice
        self._show()

    def _choose(self, key: str, is_on: bool) -> None:
        week = self._shown_week

        def choose() -> Notice | None:
            if self._pages.choose(week, self._acts.now(), key, is_on=is_on):
                return None
            kind = next(line.kind for line in self._lines(week) if line.key == key)
            return Notice(title=page_is_full(kind), tone=Tone.AMBER)

        self._change(choose)

    def _move(self, key: str, by: int) -> None:
        week = self._shown_week

        def move() -> None:
            self._pages.move(week, self._acts.now(), key, by)

        self._change(move)

    def _change(self, change: Callable[[], Notice | None]) -> None:
        try:
            notice = change()
        except StoreError as error:
            notice = _failed(error.problem)
        self._say(notice)
        self.changed.emit()

    def _mask(self, is_masked: bool) -> None:
        self._is_masked = is_masked
        self._say(None)
        self.changed.emit()

    def _turn(self, by: int) -> None:
        self._week = min(self._shown_week.moved(by), self._present())
        self._say(None)

    def _open_source(self, key: str) -> None:
        item = next((line.item for line in self._lines(self._shown_week) if line.key == key), "")
        if item:
            self._open_item(item)
            self._window.come_to_front()

    # --- where it goes -----------------------------------------------------------------

    def _do(self, task: PageTask) -> None:
        match task:
            case PageTask.COPY:
                self._copy(self._shown_week)
                self._say(self._done(_COPIED))
            case PageTask.PRINT:
                self._print()
            case PageTask.CHAT:
                self._to_chat()
            case PageTask.SAVE_HTML | PageTask.SAVE_MARKDOWN:
                self._ask_where(task)

    def _copy_present(self) -> None:
        self._copy(self._present())
        self._say_there(self._done(_COPIED))

    def _copy(self, week: WeekId) -> None:
        from supportdesk.services.words_markdown import page_markdown  # a quiet window copies none

        QGuiApplication.clipboard().setText(page_markdown(self._page(week)))

    def _print(self) -> None:
        # The library for it costs memory that nobody needs before.
        from supportdesk.ui.voices.week_words_paper import ask_and_print

        ask_and_print(self._dialog or self._window, self._page(self._shown_week))

    def _ask_where(self, task: PageTask) -> None:
        ending, kinds = _KINDS[task]
        ask_where_to_save(
            self._dialog or self._window,
            "Save the page as",
            self._acts.files.last_folder(),
            f"week-in-their-words-{self._shown_week.text}.{ending}",
            partial(self._save, task),
            kinds=kinds,
        )

    def _save(self, task: PageTask, path: str) -> None:
        self._acts.ritual.words_page.save(path, self._written(task), self._saved)

    def _written(self, task: PageTask) -> str:
        page = self._page(self._shown_week)
        if task is PageTask.SAVE_HTML:
            from supportdesk.services.words_html import page_html  # rarely asked for

            return page_html(page)
        from supportdesk.services.words_markdown import page_markdown  # rarely asked for

        return page_markdown(page)

    def _saved(self, words: str, problem: Problem | None) -> None:
        self._say(_failed(problem) if problem else self._done(words))

    def _to_chat(self) -> None:
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.controllers.page_to_chat import PageToChat

        parent = self._dialog or self._window
        PageToChat(parent, self._theme, self._acts, self._page(self._shown_week)).begin()

    def _done(self, words: str) -> Notice:
        """The founder reads a masked page before it is passed on."""
        text = LOOK_IT_OVER if self._is_masked else ""
        return Notice(title=words, text=text, tone=Tone.GOOD)


def _failed(problem: Problem) -> Notice:
    return Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK)
