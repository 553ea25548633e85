"""Strip, rail and pages of one density. Pages are built when first shown and fed when on show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from supportdesk.ui.calls.calls_page import CallsPage
from supportdesk.ui.calls.note_line import NoteLine
from supportdesk.ui.choices import Choices
from supportdesk.ui.compose.undo_bar import UndoBar
from supportdesk.ui.first_run import FirstRunPage
from supportdesk.ui.health.health_page import HealthPage
from supportdesk.ui.inbox.inbox_page import InboxPage
from supportdesk.ui.lift_bar import LiftBar
from supportdesk.ui.live_strip import LiveStrip
from supportdesk.ui.morning.morning_page import MorningPage
from supportdesk.ui.rail import Rail
from supportdesk.ui.rows import (
    CallsView,
    ClockView,
    EmptyView,
    HealthView,
    InboxView,
    MessageView,
    Notice,
    Page,
    RailView,
    StripKind,
    StripView,
    WeekView,
)
from supportdesk.ui.rows.composer import OutboxRow, UndoView
from supportdesk.ui.rows.morning import MorningView
from supportdesk.ui.rows.note import NoteView
from supportdesk.ui.rows.voices import KeptWords, VoicesView
from supportdesk.ui.settings.forms import SettingsView
from supportdesk.ui.settings.settings_page import SettingsPage
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.voices.kept_bar import KeptBar
from supportdesk.ui.voices.voices_page import VoicesPage
from supportdesk.ui.week.week_page import WeekPage
from supportdesk.ui.widgets.box import Grow, column, row
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.tab_order import arrange_tabs, focus_first

_URGENT = (StripKind.YOURS, StripKind.DEAF)
AnyPage = InboxPage | CallsPage | VoicesPage | WeekPage | HealthPage | SettingsPage | MorningPage


@dataclass(slots=True)
class Shown:
    """The last view of everything: what a new shell is fed with."""

    strip: StripView | None = None
    rail: RailView = field(default_factory=RailView)
    inbox: InboxView = field(default_factory=lambda: InboxView(caption=""))
    message: MessageView | None = None
    why_empty: EmptyView | None = None
    pictures: dict[str, QImage] = field(default_factory=dict)
    clock: ClockView = field(
        default_factory=lambda: ClockView(is_counting=False, label="not counting")
    )
    calls: CallsView = field(default_factory=CallsView)
    note: NoteView | None = None
    undo: UndoView | None = None
    lift: Notice | None = None
    """What the team asks the founder for."""
    kept: KeptWords | None = None
    """Typed just now: how they were felt can be chosen."""
    composer: QWidget | None = None
    """The answer below the message on show; it belongs to `Composers`."""
    outbox: tuple[OutboxRow, ...] = ()
    week: WeekView | None = None
    voices: VoicesView = field(default_factory=VoicesView)
    health: HealthView | None = None
    settings: SettingsView = field(default_factory=SettingsView)
    morning: MorningView | None = None
    in_view: str = ""
    """Of the morning scroll: what is read there; "" at its end."""
    page: Page = Page.INBOX
    is_first_run: bool = False

    @property
    def is_message_in_view(self) -> bool:
        """The message that is open can be read on the page that is on show."""
        if self.message is None or self.is_first_run:
            return False
        is_in_scroll = self.page is Page.MORNING and self.in_view == self.message.key
        return is_in_scroll or self.page is Page.INBOX


class Shell(QWidget):
    """What fills the window."""

    def __init__(self, theme: Theme, density: Density, shown: Shown, choices: Choices) -> None:
        super().__init__()
        self._theme = theme
        self._density = density
        self._shown = shown
        self._choices = choices
        self._strip = LiveStrip(theme)
        self._strip.asked.connect(choices.asked)
        self._strip.rebuilt.connect(self._arrange_later)
        self._rail = Rail(theme, density)
        self._stack = QStackedWidget()
        self._board = QWidget()
        middle = row(theme, self._rail, Grow(self._stack), gap=0)
        self.note = NoteLine(theme)
        self.note.typed.connect(self._note_typed)
        self.note.kept.connect(choices.note_kept)
        self.note.skipped.connect(choices.note_skipped)
        self.note.asked.connect(choices.asked)
        self._undo = UndoBar(theme)
        self._undo.undo_asked.connect(choices.undo_asked)
        self._undo.send_now_asked.connect(choices.send_now_asked)
        self._kept = KeptBar(theme)
        self._kept.felt_chosen.connect(choices.felt_chosen)
        self._kept.undo_asked.connect(choices.quote_undo_asked)
        self._kept.left.connect(choices.kept_left)
        self._lift = LiftBar(theme)
        self._lift.asked.connect(choices.asked)
        bars = (self._undo, self._kept, self.note)
        column(theme, self._strip, self._lift, Grow(middle), *bars, gap=0, inside=self._board)
        self._layers = QStackedWidget()
        self._layers.addWidget(self._board)
        column(theme, self._layers, gap=0, inside=self)
        self._pages: dict[Page, AnyPage] = {}
        self._welcome: FirstRunPage | None = None
        self._tabs_wait = QTimer(self)
        self._tabs_wait.setSingleShot(True)
        self._tabs_wait.setInterval(0)
        self._tabs_wait.timeout.connect(self._arrange)
        self.feed()

    @property
    def rail(self) -> Rail:
        return self._rail

    @property
    def inbox(self) -> InboxPage | None:
        page = self._pages.get(Page.INBOX)
        return page if isinstance(page, InboxPage) else None

    @property
    def calls(self) -> CallsPage | None:
        page = self._pages.get(Page.CALLS)
        return page if isinstance(page, CallsPage) else None

    @property
    def voices(self) -> VoicesPage | None:
        page = self._pages.get(Page.VOICES)
        return page if isinstance(page, VoicesPage) else None

    @property
    def morning(self) -> MorningPage | None:
        page = self._pages.get(Page.MORNING)
        return page if isinstance(page, MorningPage) else None

    @property
    def reading(self) -> InboxPage | MorningPage | None:
        """Where the open message is read."""
        return self.morning if self._shown.page is Page.MORNING else self.inbox

    @property
    def week(self) -> WeekPage | None:
        page = self._pages.get(Page.WEEK)
        return page if isinstance(page, WeekPage) else None

    # --- feeding -----------------------------------------------------------------------

    def feed(self) -> None:
        """Shows all that is known: after building, and when another page comes to the front."""
        shown = self._shown
        if shown.is_first_run:
            self._show_welcome()
            return
        self._layers.setCurrentWidget(self._board)
        self.feed_strip()
        self.feed_rail()
        self.feed_note()
        self.feed_undo()
        self.feed_kept()
        self.feed_lift()
        page = self._page(shown.page)
        self._rail.setVisible(shown.page is not Page.MORNING)
        if shown.page is not Page.MORNING:
            self._rail.set_page(shown.page)
        self.feed_page(shown.page)
        self._stack.setCurrentWidget(page)
        self._arrange_later()

    def feed_strip(self) -> None:
        """The morning scroll has no strip, unless somebody is the founder's or nothing is heard."""
        strip = self._shown.strip
        if strip is not None:
            self._strip.show_strip(strip)
        is_urgent = strip is not None and strip.kind in _URGENT
        self._strip.setVisible(is_urgent or self._shown.page is not Page.MORNING)

    def feed_rail(self) -> None:
        self._rail.show_rail(self._shown.rail)

    def feed_note(self) -> None:
        """Below every page: what is typed stays while the founder looks at another."""
        self.note.show_note(self._shown.note)
        self._arrange_later()

    def feed_undo(self) -> None:
        """Below every page, too: the founder may have gone on to the next customer."""
        self._undo.show_undo(self._shown.undo)
        self._arrange_later()

    def feed_kept(self) -> None:
        """What was typed as somebody said it, on whatever page."""
        self._kept.show_kept(self._shown.kept)
        self._arrange_later()

    def feed_lift(self) -> None:
        """Above every page."""
        self._lift.show_lift(self._shown.lift)
        self._arrange_later()

    def feed_composer(self) -> None:
        if self.reading is not None:
            self.reading.dock(self._shown.composer)

    def focus_reading(self) -> None:
        """The keyboard goes on in what is read."""
        if self.reading is not None:
            self.reading.focus_message()

    def feed_page(self, which: Page) -> None:
        """Hands a page its view if it is the one on show; the others wait their turn."""
        if which is not self._shown.page or self._shown.is_first_run:
            return
        shown, page = self._shown, self._page(which)
        match page:
            case InboxPage():
                self._feed_inbox(page)
            case CallsPage():
                page.show_calls(shown.calls)
            case VoicesPage():
                page.show_voices(shown.voices)
            case WeekPage() | HealthPage():
                self._feed_told(page)
            case SettingsPage():
                page.show_settings(shown.settings)
            case MorningPage():
                self._feed_morning(page)

    def _feed_inbox(self, page: InboxPage) -> None:
        shown = self._shown
        page.show_inbox(shown.inbox)
        page.show_why_empty(shown.why_empty)
        page.show_message(shown.message)
        for name, image in shown.pictures.items():
            page.show_picture(name, image)
        page.show_clock(shown.clock)
        page.dock(shown.composer)

    def _feed_told(self, page: WeekPage | HealthPage) -> None:
        """Those that show nothing until there is something."""
        week, health = self._shown.week, self._shown.health
        if isinstance(page, WeekPage) and week is not None:
            page.show_week(week)
        elif isinstance(page, HealthPage) and health is not None:
            page.show_health(health)

    def _feed_morning(self, page: MorningPage) -> None:
        shown = self._shown
        if shown.morning is not None:
            page.show_morning(shown.morning)
        page.show_clock(shown.clock)
        page.dock(shown.composer)

    def feed_piece(self, key: str) -> None:
        """Something else is known of this mail or call of the morning scroll."""
        if self.morning is not None and self._shown.page is Page.MORNING:
            self.morning.refresh(key)

    def feed_picture(self, name: str) -> None:
        shown = self._shown
        if self.inbox is not None:
            self.inbox.show_picture(name, shown.pictures[name])
        if self.morning is not None and shown.message is not None:
            self.morning.show_picture(shown.message.key, name, shown.pictures[name])

    def feed_clock(self) -> None:
        for page in (self.inbox, self.morning):
            if page is not None:
                page.show_clock(self._shown.clock)

    # --- the keyboard ------------------------------------------------------------------

    def sections(self) -> list[QWidget]:
        """Strip, rail, then the parts of the page."""
        if self._shown.is_first_run and self._welcome is not None:
            return self._welcome.sections()
        bars = [bar for bar in (self._undo, self._kept, self.note) if not bar.isHidden()]
        above = [self._strip] if self._lift.isHidden() else [self._strip, self._lift]
        return [*above, self._rail, *self._page(self._shown.page).sections(), *bars]

    def step_section(self, by: int, focused: QWidget | None) -> None:
        """F6: the keyboard goes to the next section that can take it, and round again."""
        sections = self.sections()
        here = next(
            (
                at
                for at, section in enumerate(sections)
                if focused is not None and (section is focused or section.isAncestorOf(focused))
            ),
            -1 if by > 0 else 0,
        )
        for distance in range(1, len(sections) + 1):
            if focus_first(sections[(here + by * distance) % len(sections)]):
                return

    def focus_start(self) -> None:
        """Where the keyboard begins: the first part of the page, not the strip."""
        sections = self.sections()
        # The first start shows neither strip nor rail.
        first = sections.index(self._rail) + 1 if self._rail in sections else 0
        for section in [*sections[first:], *sections]:
            if focus_first(section, Qt.FocusReason.OtherFocusReason):
                return

    def _note_typed(self, call: str, words: str) -> None:
        if self._shown.note is not None:
            self._shown.note = replace(self._shown.note, words=words)
        self._choices.note_typed.emit(call, words)

    def _arrange_later(self) -> None:
        self._tabs_wait.start()

    def _arrange(self) -> None:
        arrange_tabs(self.sections())

    # --- building ----------------------------------------------------------------------

    def _show_welcome(self) -> None:
        if self._welcome is None:
            self._welcome = FirstRunPage(self._theme, self._density)
            self._welcome.asked.connect(self._choices.asked)
            self._layers.addWidget(self._welcome)
        self._layers.setCurrentWidget(self._welcome)
        self._arrange_later()

    def _page(self, which: Page) -> AnyPage:
        page = self._pages.get(which)
        if page is None:
            page = self._build(which)
            page.asked.connect(self._choices.asked)
            page.rebuilt.connect(self._arrange_later)
            self._pages[which] = page
            self._stack.addWidget(page)
        return page

    def _build(self, which: Page) -> AnyPage:
        match which:
            case Page.INBOX:
                return self._build_inbox()
            case Page.CALLS:
                calls = CallsPage(self._theme, self._density)
                calls.chosen.connect(self._choices.call_chosen)
                calls.filter_changed.connect(self._choices.calls_filter_changed)
                return calls
            case Page.VOICES:
                voices = VoicesPage(self._theme, self._density)
                voices.wanted.connect(self._choices.voices_wanted)
                voices.chosen.connect(self._choices.kept_chosen)
                voices.felt_chosen.connect(self._choices.felt_chosen)
                return voices
            case Page.WEEK:
                return self._build_week()
            case Page.HEALTH:
                return HealthPage(self._theme, self._density)
            case Page.SETTINGS:
                return self._build_settings()
            case Page.MORNING:
                return self._build_morning()

    def _build_inbox(self) -> InboxPage:
        inbox, choices = InboxPage(self._theme, self._density), self._choices
        inbox.chosen.connect(choices.conversation_chosen)
        inbox.search_changed.connect(choices.search_changed)
        inbox.message_asked.connect(choices.message_chosen)
        inbox.item_asked.connect(choices.item_chosen)
        inbox.link_asked.connect(choices.link_asked)
        inbox.zoom_asked.connect(choices.zoom_asked)
        inbox.felt_chosen.connect(choices.felt_chosen)
        inbox.quote_undo_asked.connect(choices.quote_undo_asked)
        inbox.activity.connect(choices.reading_activity)
        inbox.list_scrolled.connect(choices.list_scrolled)
        return inbox

    def _build_morning(self) -> MorningPage:
        morning, choices = MorningPage(self._theme, self._density), self._choices
        morning.link_asked.connect(choices.link_asked)
        morning.zoom_asked.connect(choices.zoom_asked)
        morning.felt_chosen.connect(choices.felt_chosen)
        morning.quote_undo_asked.connect(choices.quote_undo_asked)
        morning.activity.connect(choices.reading_activity)
        morning.settled.connect(choices.morning_settled)
        return morning

    def _build_week(self) -> WeekPage:
        week, choices = WeekPage(self._theme, self._density), self._choices
        week.day_chosen.connect(choices.day_chosen)
        week.week_chosen.connect(choices.week_chosen)
        week.week_step.connect(choices.week_step)
        week.span_chosen.connect(choices.span_chosen)
        week.edit_asked.connect(choices.span_edit_asked)
        week.delete_asked.connect(choices.span_delete_asked)
        week.add_asked.connect(choices.span_add_asked)
        week.undo_asked.connect(choices.log_undo_asked)
        week.export_asked.connect(choices.log_export_asked)
        return week

    def _build_settings(self) -> SettingsPage:
        settings, choices = SettingsPage(self._theme, self._density), self._choices
        settings.alerts_changed.connect(choices.alerts_changed)
        settings.look_changed.connect(choices.look_changed)
        settings.reading_changed.connect(choices.reading_changed)
        settings.answering_changed.connect(choices.answering_changed)
        settings.ritual_changed.connect(choices.ritual_changed)
        settings.lift_changed.connect(choices.lift_changed)
        settings.log_asked.connect(choices.log_asked)
        return settings
