"""A person's week on the phones: which one is on show, its plan, and where its page goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.phone_week import PhoneWeek, Ramp, monday_of
from supportdesk.domain.words_page import WordsPage
from supportdesk.services.desk import Desk
from supportdesk.services.masking import LOOK_IT_OVER
from supportdesk.services.naming import Naming
from supportdesk.services.phone_week_page import phone_week_page, title_of
from supportdesk.services.phone_weeks import PhoneWeeks, PhoneWeekSources
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.file_dialog import ask_where_to_save
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.phone_week import form_view, phone_week_view
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.rows.phone_week import PhoneWeekTask, PhoneWeekView, RampChoice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.made_anew import stand_in_for

if TYPE_CHECKING:
    from supportdesk.ui.week.phone_week_dialog import PhoneWeekDialog

_KINDS = {
    PhoneWeekTask.SAVE_HTML: ("html", "Web page (*.html)"),
    PhoneWeekTask.SAVE_MARKDOWN: ("md", "Markdown (*.md)"),
}
_NO_NAME = Notice(title="Say who is on the phones", tone=Tone.AMBER)
_COPIED = "The page is copied, as Markdown"
_A_WEEK = timedelta(days=7)


class PhoneWeekController(QObject):
    """Owns which week and person are on show; the plans lie in desk.db."""

    def __init__(
        self,
        window: MainWindow,
        *,
        desk: Desk,
        acts: Acts,
        theme: Theme,
        to_local: ToLocal,
        open_item: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._theme = theme
        self._to_local = to_local
        self._open_item = open_item
        self._monday = monday_of(self._today())
        self._key = ""
        self._is_planning = False
        self._is_masked = True
        self._notice: Notice | None = None
        self._dialog: PhoneWeekDialog | None = None
        theme.sizes_changed.connect(self._build_anew)

    def open(self) -> None:
        """Of the present week."""
        if self._dialog is None:
            self._monday, self._key = monday_of(self._today()), ""
            self._notice, self._is_planning = None, False
            self._dialog = self._made()
        self._show()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def refresh(self) -> None:
        """A call was answered or ended, or something was kept, noted or learned."""
        if self._dialog is not None and self._planned() is not None:
            self._show()

    # --- what is on show ---------------------------------------------------------------

    @cached_property
    def _weeks(self) -> PhoneWeeks:
        desk = self._desk
        sources = PhoneWeekSources(
            calls=desk.calls.history,
            voices=desk.voices,
            lessons=desk.voices.lessons,
            notes=desk.notes,
            named=desk.people.named,
        )
        return PhoneWeeks(self._acts.ritual.phone_week_store, sources, self._to_local)

    def _made(self) -> PhoneWeekDialog:
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.week.phone_week_dialog import PhoneWeekDialog

        dialog = PhoneWeekDialog(self._theme, self._window)
        dialog.planned.connect(self._plan)
        dialog.given_up.connect(self._give_up)
        dialog.chosen.connect(self._choose)
        dialog.added.connect(partial(self._begin_plan, ""))
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
        """Sizes of text are fixed when it is made. A form that is being filled in is left alone."""
        old = self._dialog
        if old is None or self._planned() is None or QApplication.activeModalWidget() is not None:
            return
        self._dialog = self._made()
        self._show()
        stand_in_for(old, self._dialog)
        old.deleteLater()

    def _today(self) -> date:
        return self._to_local(self._acts.now()).date()

    def _planned(self) -> PhoneWeek | None:
        """Who is on show; None where the form is."""
        if self._is_planning:
            return None
        there = self._weeks.of(self._monday)
        return next((one for one in there if one.key == self._key), next(iter(there), None))

    def _show(self) -> None:
        if self._dialog is not None:
            self._dialog.show_view(self._view())

    def _view(self) -> PhoneWeekView:
        planned = self._planned()
        if planned is None:
            return form_view(self._monday, self._weeks.week(self._key), self._names(), self._notice)
        return phone_week_view(
            self._weeks.gathered(planned),
            self._weeks.of(self._monday),
            self._to_local,
            now=self._acts.now(),
            naming=self._naming,
            notice=self._notice,
        )

    def _names(self) -> list[str]:
        """The members of the queues, as their phone system calls them."""
        team = self._desk.calls.team(self._acts.now())
        return sorted({member.name for member in team.members}) if team is not None else []

    def _say(self, notice: Notice | None) -> None:
        self._notice = notice
        self._show()

    # --- what is chosen ----------------------------------------------------------------

    def _turn(self, by: int) -> None:
        self._monday += by * _A_WEEK
        self._key, self._is_planning = "", False
        self._say(None)

    def _choose(self, key: str) -> None:
        self._key = key
        self._say(None)

    def _mask(self, is_masked: bool) -> None:
        self._is_masked = is_masked
        self._say(None)

    def _begin_plan(self, key: str) -> None:
        self._key, self._is_planning = key, True
        self._say(None)

    def _give_up(self) -> None:
        if self._weeks.of(self._monday):
            self._is_planning = False
            self._say(None)
        elif self._dialog is not None:
            self._dialog.reject()

    def _plan(self, who: str, buddy: str, days: tuple[RampChoice, ...]) -> None:
        if not who:
            self._say(_NO_NAME)
            return
        before = self._weeks.week(self._key)
        ramp = tuple(Ramp(day.value) for day in days)
        try:
            planned = self._weeks.plan(who, buddy, self._monday, ramp)
            if before is not None and before.key != planned.key:
                self._weeks.remove(before.key)
        except StoreError as error:
            self._say(_failed(error.problem))
            return
        self._key, self._is_planning = planned.key, False
        self._say(None)

    def _open_source(self, item: str) -> None:
        self._open_item(item)
        self._window.come_to_front()

    @property
    def _naming(self) -> Naming:
        return Naming(cards=self._desk.people, is_masked=self._is_masked)

    # --- the page ----------------------------------------------------------------------

    def _do(self, task: PhoneWeekTask) -> None:
        planned = self._planned()
        if planned is None:
            return
        match task:
            case PhoneWeekTask.CHANGE:
                self._begin_plan(planned.key)
            case PhoneWeekTask.REMOVE:
                self._remove(planned)
            case PhoneWeekTask.COPY:
                QGuiApplication.clipboard().setText(self._written(planned, is_html=False))
                self._say(self._done(_COPIED))
            case PhoneWeekTask.PRINT:
                # The library for it costs memory that nobody needs before.
                from supportdesk.ui.voices.week_words_paper import ask_and_print

                ask_and_print(self._dialog or self._window, self._page(planned))
            case PhoneWeekTask.SAVE_HTML | PhoneWeekTask.SAVE_MARKDOWN:
                self._ask_where(task, planned)

    def _remove(self, planned: PhoneWeek) -> None:
        try:
            self._weeks.remove(planned.key)
        except StoreError as error:
            self._say(_failed(error.problem))
            return
        self._key = ""
        words = "Its calls and words stay where they are. Plan it again to have it back."
        self._say(Notice(title=f"{title_of(planned)}: removed", text=words, tone=Tone.GOOD))

    def _page(self, planned: PhoneWeek) -> WordsPage:
        gathered = self._weeks.gathered(planned)
        return phone_week_page(gathered, self._to_local, now=self._acts.now(), naming=self._naming)

    def _written(self, planned: PhoneWeek, *, is_html: bool) -> str:
        if is_html:
            from supportdesk.services.words_html import page_html  # rarely asked for

            return page_html(self._page(planned))
        from supportdesk.services.words_markdown import page_markdown  # rarely asked for

        return page_markdown(self._page(planned))

    def _ask_where(self, task: PhoneWeekTask, planned: PhoneWeek) -> None:
        ending, kinds = _KINDS[task]
        text = self._written(planned, is_html=task is PhoneWeekTask.SAVE_HTML)

        def save(path: str) -> None:
            self._acts.ritual.words_page.save(path, text, self._saved)

        ask_where_to_save(
            self._dialog or self._window,
            "Save the page as",
            self._acts.files.last_folder(),
            f"phone-week-{planned.monday.isoformat()}.{ending}",
            save,
            kinds=kinds,
        )

    def _saved(self, words: str, problem: Problem | None) -> None:
        self._say(_failed(problem) if problem else self._done(words))

    def _done(self, words: str) -> Notice:
        """The founder reads a masked page before it is passed on."""
        text = LOOK_IT_OVER if self._is_masked else ""
        return Notice(title=words, text=text, tone=Tone.GOOD)


def _failed(problem: Problem) -> Notice:
    return Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK)
