"""The Settings page: sources, alerts, goal and look. Changes are told at once, as whole values."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLayout, QWidget

from supportdesk.ui.rows import Action, Notice
from supportdesk.ui.settings.alerts_card import AlertsCard
from supportdesk.ui.settings.answering_card import AnsweringCard
from supportdesk.ui.settings.fields import Check, ChoiceField, FormGrid
from supportdesk.ui.settings.forms import (
    LookOptions,
    Scheme,
    SettingsView,
    SourceLine,
    TextSize,
)
from supportdesk.ui.settings.lift_card import LiftCard
from supportdesk.ui.settings.ritual_card import RitualCard
from supportdesk.ui.settings.week_card import WeekCard
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import READING_WIDTH, Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.label import Elided, Icon, Label
from supportdesk.ui.widgets.scroll import scrolling

_SCHEMES = (
    (Scheme.AUTO, "as the desktop"),
    (Scheme.LIGHT, "light"),
    (Scheme.DARK, "dark"),
)
_PANELS = (
    (Scheme.AUTO, "as the desktop"),
    (Scheme.LIGHT, "for light panels"),
    (Scheme.DARK, "for dark panels"),
)

_WIDEST_LABEL = "One ring, seconds"


class SettingsPage(Box):
    """Thin on purpose; the file it edits can be edited by hand as well."""

    asked = Signal(object, str)
    alerts_changed = Signal(object)
    look_changed = Signal(object)
    reading_changed = Signal(object)
    answering_changed = Signal(object)
    ritual_changed = Signal(object)
    lift_changed = Signal(object)
    log_asked = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._view = SettingsView()
        self._problem: Notice | None = None
        self._problem_place = column(theme, gap=0)
        self._mail_place = column(theme, gap=4)
        self._phone_place = column(theme, gap=4)
        self._sources_shown: tuple[tuple[SourceLine, ...], ...] = ()
        self._file = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._body = QWidget()
        self._body.setMaximumWidth(theme.mark(READING_WIDTH) + 2 * theme.gap(24))
        self._week = WeekCard(theme, _WIDEST_LABEL)
        self._week.reading_changed.connect(self.reading_changed)
        self._week.log_asked.connect(self.log_asked)
        self._week.rebuilt.connect(self.rebuilt)
        self._alerts = AlertsCard(theme, _WIDEST_LABEL)
        self._alerts.alerts_changed.connect(self.alerts_changed)
        self._alerts.sound_asked.connect(lambda: self.asked.emit(Action.PLAY_SOUND, ""))
        self._alerts.rebuilt.connect(self.rebuilt)
        self._answering = AnsweringCard(theme, _WIDEST_LABEL)
        self._answering.answering_changed.connect(self.answering_changed)
        self._ritual = RitualCard(theme, _WIDEST_LABEL)
        self._ritual.ritual_changed.connect(self.ritual_changed)
        self._lift = LiftCard(theme, _WIDEST_LABEL)
        self._lift.lift_changed.connect(self.lift_changed)
        self._start_card = self._card("Start", self._build_start())
        add_mail = self._ask_button("Connect an inbox", "mail", Action.CONNECT_MAIL)
        add_phone = self._ask_button("Connect a phone", "phone", Action.CONNECT_PHONE)
        column(
            theme,
            Label(theme, "Settings", TypeRole.TITLE),
            self._problem_place,
            self._card("Mail accounts", column(theme, self._mail_place, _left(theme, add_mail))),
            self._card("Phones", column(theme, self._phone_place, _left(theme, add_phone))),
            self._card("Alerts", column(theme, self._alerts)),
            self._card("Answering", column(theme, self._answering)),
            self._card("My week", column(theme, self._week)),
            self._card("Ritual", column(theme, self._ritual)),
            self._card("The lift", column(theme, self._lift)),
            self._card("Look", self._build_look()),
            self._start_card,
            self._file,
            STRETCH,
            gap=12,
            margins=(24, 18, 24, 20),
            inside=self._body,
        )
        self._area = scrolling(self._body, "Settings")
        column(theme, self._area, inside=self)
        self.show_settings(self._view)

    def show_settings(self, view: SettingsView) -> None:
        self._view = view
        self._show_problem(view.problem)
        self._show_sources(view)
        self._alerts.show_alerts(view.alerts)
        self._show_start(view.is_started)
        self._show_look(view.look)
        self._week.show_week(view.week)
        self._answering.show_answering(view.answering)
        self._ritual.show_ritual(view.ritual)
        self._lift.show_lift(view.lift)
        self._file.setText(f"All of this is kept in {view.file_path}" if view.file_path else "")

    def sections(self) -> list[QWidget]:
        return [self._body]

    # --- building ----------------------------------------------------------------------

    def _card(self, title: str, content: QLayout) -> Box:
        card = Box.card(self.theme, Ink.LIST)
        head = Label(self.theme, title, TypeRole.BODY_B)
        column(self.theme, head, content, gap=8, margins=(16, 12, 16, 12), inside=card)
        return card

    def _ask_button(self, label: str, icon: str, action: Action) -> Button:
        button = Button(self.theme, label, icon=icon, small=True)
        button.clicked.connect(lambda: self.asked.emit(action, ""))
        return button

    def _build_start(self) -> QLayout:
        theme = self.theme
        self._start = Check(theme, "Start with the session, quietly in the tray", is_on=False)
        self._start.toggled.connect(self._on_start)
        why = "The first thing you hear is what came meanwhile, as one alert."
        return column(theme, self._start, Label(theme, why, TypeRole.CAPTION, Ink.TEXT2).wrapping())

    def _build_look(self) -> QLayout:
        theme = self.theme
        self._scheme = ChoiceField(theme, "Colours", _SCHEMES, Scheme.AUTO)
        sizes = [(size, f"{size.value} %") for size in TextSize]
        self._text = ChoiceField(theme, "Text size", sizes, TextSize.P100)
        self._panel = ChoiceField(theme, "Tray icon", _PANELS, Scheme.AUTO)
        self._letters = Check(theme, "Single-letter keys", is_on=True)
        grid = FormGrid(theme, _WIDEST_LABEL)
        grid.add("Colours", self._scheme)
        grid.add("Text size", self._text)
        grid.add("Tray icon", self._panel)
        grid.add("", self._letters)
        self._scheme.picked.connect(self._on_look)
        self._panel.picked.connect(self._on_look)
        self._text.picked.connect(self._on_look)
        self._letters.toggled.connect(lambda _: self._on_look())
        return grid

    # --- showing -----------------------------------------------------------------------

    def _show_problem(self, problem: Notice | None) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        clear(self._problem_place)
        if problem is not None:
            banner = Banner(self.theme, problem)
            banner.asked.connect(self.asked)
            self._problem_place.addWidget(banner)
            # It stands on top, the field that it is about may be far down.
            self._area.verticalScrollBar().setValue(0)

    def _show_sources(self, view: SettingsView) -> None:
        sources = (view.mail, view.phones)
        if sources == self._sources_shown:
            return
        self._sources_shown = sources
        places = ((self._mail_place, "No inbox yet."), (self._phone_place, "No phone yet."))
        for (place, nothing), lines in zip(places, sources, strict=True):
            clear(place)
            for line in lines:
                place.addLayout(self._source(line))
            if not lines:
                place.addWidget(Label(self.theme, nothing, ink=Ink.TEXT2))
        self.rebuilt.emit()

    def _source(self, source: SourceLine) -> QLayout:
        theme = self.theme
        icon, ink = ("check", Ink.ACCENT) if source.is_good else ("deaf", Ink.BRICK_MARK)
        edit = Button(theme, "Edit", small=True)
        edit.setAccessibleName(f"Edit {source.name}")
        edit.clicked.connect(lambda: self.asked.emit(Action.EDIT_SOURCE, source.key))
        words = Elided(theme, source.line, TypeRole.CAPTION, Ink.TEXT2)
        name = Label(theme, source.name)
        return row(theme, Icon(theme, icon, ink, 17), name, Grow(words), edit, gap=10)

    def _show_start(self, is_started: bool | None) -> None:
        self._start_card.setVisible(is_started is not None)
        with QSignalBlocker(self._start):
            self._start.setChecked(bool(is_started))

    def _show_look(self, look: LookOptions) -> None:
        self._scheme.set_value(look.scheme)
        self._panel.set_value(look.panel)
        self._text.set_value(look.text_size)
        with QSignalBlocker(self._letters):
            self._letters.setChecked(look.single_letter_keys)

    # --- telling -----------------------------------------------------------------------

    def _on_start(self, is_wanted: bool) -> None:
        self.asked.emit(Action.START_WITH_SESSION, "on" if is_wanted else "off")

    def _on_look(self) -> None:
        look = LookOptions(
            scheme=self._scheme.value,
            text_size=self._text.value,
            panel=self._panel.value,
            single_letter_keys=self._letters.isChecked(),
        )
        if look != self._view.look:
            self._view = replace(self._view, look=look)
            self.look_changed.emit(look)


def _left(theme: Theme, button: Button) -> QLayout:
    return row(theme, -2, button, STRETCH)
