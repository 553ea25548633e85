"""Composition root of the tray app: the only module that names both adapters and ui.

The tray and the alerts are made at once; the window, with all its pages, only when it is needed.
Over 400 lines, for every part that the desktop and the window have meets here; what a part does is
in a module of its own.
"""

import os
import sys
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.desktop.alert_sounds import AlertSounds
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.bus_messages import session_bus_address
from supportdesk.adapters.desktop.desktop_theme import DesktopTheme
from supportdesk.adapters.desktop.do_not_disturb import DoNotDisturb
from supportdesk.adapters.desktop.presenters import desktop_presenters
from supportdesk.adapters.desktop.session_signals import SessionWatch
from supportdesk.adapters.desktop.sounds import SoundPlayer
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.small_files import SmallFiles
from supportdesk.adapters.week_locale import to_local
from supportdesk.app_silence import AppSilence
from supportdesk.core import Core
from supportdesk.diagnosis.board import Diagnosis
from supportdesk.domain.alerts import Action, Alert
from supportdesk.domain.app_links import AppLink, is_item
from supportdesk.domain.health import PartHealth
from supportdesk.domain.settings import Look, Settings
from supportdesk.services.desk_state import Area
from supportdesk.services.health_alerts import silent_source
from supportdesk.services.ports import CLOSED_BY_FOUNDER, AlertResponse, Clock, PresenterSkill
from supportdesk.ui import rows
from supportdesk.ui.banner import BannerAlerts
from supportdesk.ui.controllers.dirty_areas import DirtyAreas
from supportdesk.ui.first_icon import FirstIcon
from supportdesk.ui.presenter.last_talk import with_last_talk
from supportdesk.ui.presenter.strip import week_so_far
from supportdesk.ui.presenter.tray import (
    no_tray_notice,
    tray_view,
    tray_without_settings,
    with_presenting,
    without_names,
)
from supportdesk.ui.theme.resources import resource
from supportdesk.ui.tray_hosts import show_without_focus

if TYPE_CHECKING:
    from supportdesk.adapters.desktop.x_screen_watch import XScreenWatch
    from supportdesk.app_acts import AppActs
    from supportdesk.app_quit import AppQuit
    from supportdesk.app_starter import AppStarter
    from supportdesk.domain.answers import Draft
    from supportdesk.ui.controllers.click_through import ClickThrough, Opened
    from supportdesk.ui.controllers.live_board_controller import LiveBoardController
    from supportdesk.ui.controllers.window_controller import WindowController

_SWITCH_SECONDS = 0.00005
# Else the pages would be built a second time, with the desktop's font. Mostly it is told by then.
_LOOK_SECONDS = 0.05
_CLOSED = (CLOSED_BY_FOUNDER, Action.NOT_TODAY.value, Action.NOT_NOW.value)
_TOLD_NO_TRAY = "told-no-tray"
_TOLD_OF_TRAY = "told-of-tray"
_ACTIVATION_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - the name of a variable


class TrayApp(QObject):
    """The running app. Make it after QApplication, `start` it, `stop` it after the loop."""

    def __init__(
        self,
        app: QApplication,
        places: Places,
        secrets: KeyringSecrets,
        *,
        is_practice: bool,
        is_gtk_desktop: bool = False,
        clock: Clock | None = None,
        icon: FirstIcon | None = None,
    ) -> None:
        super().__init__()
        # A Qt call lets go of the interpreter and must wait for it again. By default a worker that
        # parses mail keeps it for 5 ms each time, and one repaint makes hundreds of such calls.
        # Measured while 100,000 mails are listed, what 1 % of inputs wait: 54 ms by default, 45 ms
        # with 1 ms, 9 ms with this; the listing itself takes as long.
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._app = app
        self._places = places
        self._files = SmallFiles(places.data_dir)
        self._secrets = secrets
        self._is_practice = is_practice
        self._window: WindowController | None = None
        self._starter_line = ""
        first = icon or FirstIcon(app)
        first.setParent(self)
        self._theme, self._hosts, self._tray = first.theme, first.hosts, first.tray
        self._bus = BusConnection(session_bus_address(os.environ), self)
        self._quiet = DoNotDisturb(self._bus, self)
        self._presenters = desktop_presenters(
            self._bus,
            self._responded,
            banner=BannerAlerts(self._theme, self._responded, parent=self),
            popups=lambda: self.core.store,
            quiet=self._quiet,
            icon=str(resource("icons", "app.svg")),
        )
        self.core = Core(places, presenter=self._presenters, secrets=secrets, clock=clock)
        self._silence = AppSilence(self.core, self._quiet)
        self._player = SoundPlayer(parent=self)
        self._sounds = AlertSounds(self._presenters, self._player, parent=self)
        self._diagnosis = Diagnosis(
            self.core,
            secrets,
            self._presenters,
            sounds=self._player,
            tray=self._tray_health,
            quiet=self._quiet,
            parent=self,
        )
        self._dirty = DirtyAreas(self)
        # In a turn of its own after the window's, so that a key pressed meanwhile waits for one.
        self._tray_due = QTimer(self)
        self._tray_due.setSingleShot(True)
        self._tray_due.timeout.connect(self._refresh_tray)
        self._session = SessionWatch(self._bus, parent=self)
        self._desktop_theme = DesktopTheme(self._bus, is_gtk=is_gtk_desktop, parent=self)
        self._screen: XScreenWatch | None = None
        self._live_board: LiveBoardController | None = None
        self._connect()

    def start(self, *, is_quiet: bool = False) -> None:
        """Listen at once; show a window only where no tray can, or nothing is set up yet.

        Args:
            is_quiet: The session began, and nobody asked for a window: its panel may come later.
        """
        self._bus.open()
        self._quiet.start()
        self._session.start()
        self._desktop_theme.start()
        self._watch_screen()
        self._follow_look(self.core.settings)
        self.core.start()
        self._refresh_tray()
        if is_quiet:
            return
        has_sources = bool(self.core.settings.mail or self.core.settings.phone)
        if "settings" in self.core.problems:
            # Not "connect your inbox": it is connected, in a file that cannot be read.
            self._show_page(rows.Page.SETTINGS)
        elif not self._tray.has_host or not has_sources or self._is_practice:
            self.show_window()

    def stop(self) -> None:
        if self._window is not None:
            self._window.stop()
        if self._live_board is not None:
            self._live_board.stop()
        self._tray.close()
        self._quiet.stop()
        self._session.stop()
        if self._screen is not None:
            self._screen.stop()
        self._hosts.stop()
        # Before desk.db is closed, for it knows what stands on the screen.
        self._presenters.close()
        self.core.stop()
        self._dirty.stop()
        self._tray_due.stop()
        self._bus.close()

    # --- the window ------------------------------------------------------------------------

    def show_window(self, item: str | None = None, *, token: str = "") -> bool:
        """Bring the window to the front, at this item or at what matters most.

        Args:
            item: The ledger key of a mail or a call.
            token: The desktop's leave to come to the front.

        Returns:
            False when the item is not known any more, which the window then says.
        """
        return self._in_front(token).open_item(item or self._what_matters_most())

    def open_alert(self, alert: Alert | None, action: str, token: str = "") -> "Opened":
        """Where a click on an alert or on one of its buttons leads, however old the alert is."""
        return self._clicks().open_alert(alert, action, token)

    def open_link(self, link: AppLink, token: str = "") -> "Opened":
        """Where a `supportdesk:` link leads."""
        return self._clicks().open_link(link, token)

    def desktop_parts(self) -> tuple[PartHealth, ...]:
        """Who shows alerts now, and where the icon is."""
        return tuple(self._diagnosis.desktop_parts())

    def _clicks(self) -> "ClickThrough":
        from supportdesk.ui.controllers.click_through import ClickThrough

        return ClickThrough(
            self.core.desk, in_front=self._in_front, what_matters_most=self._what_matters_most
        )

    def _what_matters_most(self) -> str:
        return self.core.desk.what_matters_most(self.core.clock.now())

    def _made_window(self) -> "WindowController":
        if self._window is None:
            self._window = self._make_window()
        return self._window

    def _make_window(self) -> "WindowController":
        # The pages cost 10 MB and 100 ms: a quiet tray does without them.
        from supportdesk.services.log_corrections import LogCorrections
        from supportdesk.ui.controllers.window_controller import WindowController
        from supportdesk.ui.main_window import MainWindow

        if self._screen is not None:
            self._screen.wait_for_settings(_LOOK_SECONDS)
        # Its first list asks for old mail, whose import would hold a window that is on show.
        self.core.prepare_library()
        window = MainWindow(
            self._theme,
            lambda: self._files.load("window"),
            lambda place: self._files.save("window", place),
        )
        window.set_hides_on_close(self._tray.has_host)
        window.quit_asked.connect(self._quit_asked)
        window.hidden_to_tray.connect(self._say_that_it_goes_on)
        window.choices.list_scrolled.connect(self.core.right_of_way.take)
        if self._is_practice:
            window.setWindowTitle("supportdesk, on the practice desk")
        controller = WindowController(
            window,
            theme=self._theme,
            desk=self.core.desk,
            log=self.core.log,
            corrections=LogCorrections(self.core.log, self.core.store, to_local),
            clock=self.core.clock,
            to_local=to_local,
            acts=self._acts,
            health=self._diagnosis,
            settings_path=str(self._places.settings_path),
        )
        controller.reading.away(self._session.why_away())
        controller.reading.used.connect(self._session.used)
        controller.reading.counted.connect(self._refresh_tray)
        controller.reading.really_read.connect(self.core.claiming.really_read)
        self.core.runner.event_seen.connect(controller.event_seen)
        self.core.answering.changed.connect(controller.draft_moved)
        self.core.answering.unsent_changed.connect(controller.unsent_changed)
        self.core.claiming.lost.connect(controller.claim_lost)
        self.core.claiming.failed.connect(controller.claim_failed)
        self.core.data.person_forgotten.connect(controller.person_forgotten)
        self._dirty.settled.connect(controller.refresh)
        self.core.settings_changed.connect(lambda _settings: controller.refresh_all())
        self.core.data.log_changed.connect(controller.refresh_all)
        self._diagnosis.changed.connect(controller.refresh_all)
        controller.show_file_problem(self.core.problems.get("settings"))
        self.core.spare_garbage()
        return controller

    @cached_property
    def _acts(self) -> "AppActs":
        # Files, pictures and old mail: 2 MB that only a window asks for.
        from supportdesk.app_acts import AppActs

        acts = AppActs(
            self.core,
            self._secrets,
            change_desk=self._change_desk,
            is_practice=self._is_practice,
            quit_app=self._quit_asked,
            sounds=self._player,
            sounds_by=self._sounds_by,
        )
        acts.live_board_asked.connect(self._toggle_live_board)
        return acts

    # --- wiring ----------------------------------------------------------------------------

    def _connect(self) -> None:
        core, tray, session = self.core, self._tray, self._session
        self._quiet.changed.connect(self._silence.desktop_changed)
        core.runner.noticed.connect(self._sounds.noticed)
        core.runner.changed.connect(self._dirty.mark)
        self._dirty.settled.connect(lambda _areas: self._tray_due.start())
        core.settings_changed.connect(self._settings_changed)
        core.problems_changed.connect(self._problems_changed)
        core.data.log_changed.connect(self._refresh_tray)
        core.data.person_forgotten.connect(self._forget_starter)
        tray.activated.connect(lambda: self.show_window())
        tray.entry_chosen.connect(self.show_window)
        tray.alert_chosen.connect(self._newest_alert_chosen)
        tray.call_back_asked.connect(self._call_back)
        tray.pause_asked.connect(self._silence.pause)
        tray.presenting_asked.connect(self._silence.present)
        tray.resume_asked.connect(self._silence.resume)
        tray.page_asked.connect(self._show_page)
        tray.live_board_asked.connect(self._toggle_live_board)
        tray.outbox_asked.connect(self._show_outbox)
        tray.quit_asked.connect(self._quit_asked)
        core.answering.unsent_changed.connect(self._tray_due.start)
        tray.starter_asked.connect(lambda: self._starter.copy())
        tray.menu.aboutToShow.connect(self._menu_opens)
        session.locked.connect(self._attend)
        session.unlocked.connect(self._attend)
        session.sleeping.connect(self._falls_asleep)
        session.woke.connect(self._woke)
        session.tray_host_told.connect(self._hosts.set_status_notifier)
        self._hosts.arrived.connect(self._tray_host_arrived)
        self._hosts.left.connect(self._tray_host_left)
        self._desktop_theme.dark_told.connect(self._theme.set_desktop_is_dark)
        self._desktop_theme.font_told.connect(
            lambda font: self._theme.set_base_font(font.family, font.points, font.scale)
        )

    def _responded(self, response: AlertResponse) -> None:
        """A click on an alert or on one of its buttons, perhaps long after it was shown."""
        if self._diagnosis.heard(response):
            return
        desk, key = self.core.desk, response.alert_key
        if response.action == Action.SNOOZE.value:
            self.core.runner.perform(lambda now: desk.snooze(key, now))
            return
        if response.action in _CLOSED:
            self.core.runner.perform(lambda now: desk.dismiss(key, now))
            return
        alert = self._alert(key)
        if alert is not None and response.action == Action.TEST_MAIL.value:
            self.core.silence_tests.send_test_mail(silent_source(alert))
            return
        if alert is None and is_item(key):
            self._clicks().open_item(key, response.action, response.token)
        else:
            self.open_alert(alert, response.action, response.token)

    def _alert(self, key: str) -> Alert | None:
        """On show, or told in the last 30 days."""
        shown = (one for one in self.core.desk.alerts() if one.key == key)
        return next(shown, None) or self.core.store.told_alert(key)

    def _newest_alert_chosen(self, key: str) -> None:
        """The first entry of the tray menu; perhaps somebody has handled it since it was filled."""
        alert = self._alert(key)
        if alert is None:
            self.show_window()
        else:
            self.open_alert(alert, "")

    def _in_front(self, token: str) -> "WindowController":
        """With the desktop's leave to come to the front, which nothing that we start inherits."""
        shown = self._made_window()
        if token:
            os.environ[_ACTIVATION_TOKEN] = token
        try:
            shown.window.come_to_front()
            if sys.platform == "win32":
                from supportdesk.adapters.desktop.window_front import take_the_front

                take_the_front(int(shown.window.winId()))
        finally:
            os.environ.pop(_ACTIVATION_TOKEN, None)
        return shown

    @cached_property
    def _starter(self) -> "AppStarter":
        from supportdesk.app_starter import AppStarter  # kept words are read for an open menu alone

        return AppStarter(self.core)

    def _menu_opens(self) -> None:
        self._starter_line = self._starter.line(self.core.clock.now())
        self._refresh_tray()

    def _forget_starter(self) -> None:
        """The words may have been theirs."""
        self._starter_line = ""
        self._refresh_tray()

    def _refresh_tray(self) -> None:
        now = self.core.clock.now()
        self._session.tick(self.core.clock)
        state, alerts = self.core.desk.state(now), self.core.desk.alerts()
        is_presenting = self.core.settings.alerts.is_presenting(now)
        if is_presenting:
            state, alerts = without_names(state, alerts)
        view = tray_view(state, week_so_far(self.core.log, now), alerts, now)
        view = (
            with_presenting(view, self.core.settings.alerts, now)
            if is_presenting
            else self._with_last_talk(view, now)
        )
        starter_line = "" if is_presenting else self._starter_line
        view = replace(self._with_unsent(view, now), starter_line=starter_line)
        problem = self.core.problems.get("settings")
        if problem is not None and not state.healths:
            view = tray_without_settings(problem, view)
        self._tray.show_tray(view)

    def _with_unsent(self, view: rows.TrayView, now: datetime) -> rows.TrayView:
        unsent = self.core.answering.unsent()
        if not unsent:
            return view
        # Its words wait for the first message that does not go out at once.
        from supportdesk.ui.presenter.unsent import tray_with_unsent, worth_a_word

        return tray_with_unsent(view, worth_a_word(unsent, now), now)

    def _with_last_talk(self, view: rows.TrayView, now: datetime) -> rows.TrayView:
        log = self.core.log
        missed = self.core.desk.calls.missed()
        return with_last_talk(view, log.newest_talk(), missed, today=log.today(now), now=now)

    def _call_back(self, item: str) -> None:
        if self.show_window(item):
            self._made_window().act(rows.Action.CALL_BACK, item)

    def _show_outbox(self) -> None:
        self._in_front("").show_outbox()

    def _quit_asked(self) -> None:
        self._quitting.ask()

    @cached_property
    def _quitting(self) -> "AppQuit":
        # The question comes with the first wish to quit.
        from supportdesk.app_quit import AppQuit

        return AppQuit(
            self.core,
            self._theme,
            in_front=lambda: self._in_front(""),
            being_written=self._being_written,
            quit_app=self._app.quit,
            parent=self,
        )

    def _being_written(self) -> "tuple[Draft, ...]":
        return self._window.being_written() if self._window is not None else ()

    def _show_page(self, page: rows.Page) -> None:
        shown = self._made_window()
        shown.window.come_to_front()
        shown.window.show_page(page)

    def _toggle_live_board(self) -> None:
        if self._live_board is None:
            # Made when it is first wanted, like the window.
            from supportdesk.ui.controllers.live_board_controller import LiveBoardController

            desk, clock = self.core.desk, self.core.clock
            self._live_board = LiveBoardController(
                self._theme,
                lambda: desk.state(clock.now()),
                load_place=lambda: self._files.load("live-board").decode(errors="replace"),
                save_place=lambda place: self._files.save("live-board", place.encode()),
                parent=self,
            )
            self._live_board.opened.connect(lambda: self._show_page(rows.Page.CALLS))
            self._dirty.settled.connect(lambda _areas: self._refresh_live_board())
        self._live_board.toggle()

    def _refresh_live_board(self) -> None:
        if self._live_board is not None:
            self._live_board.refresh()

    def _settings_changed(self, settings: Settings) -> None:
        self._follow_look(settings)
        self._refresh_tray()

    def _problems_changed(self) -> None:
        self._refresh_tray()
        self._dirty.mark(frozenset({Area.HEALTH}))
        if self._window is not None:
            self._window.show_file_problem(self.core.problems.get("settings"))

    def _sounds_by(self) -> str:
        """Who makes the sounds of alerts where the desktop does it by itself."""
        state = self._presenters.state()
        return state.name if PresenterSkill.SOUND in state.can else ""

    def _follow_look(self, settings: Settings) -> None:
        self._player.tune(settings.alerts.volume, settings.alerts.sound_device)
        shades = {Look.AUTO: None, Look.DARK: True, Look.LIGHT: False}
        self._theme.want_dark(shades[settings.look.theme])
        self._theme.set_text_scale(settings.look.text_scale)
        self._theme.set_reading_zoom(settings.look.zoom)
        self._tray.set_panel_is_dark(shades[settings.look.panel])

    def _attend(self) -> None:
        """Whether anybody can be reading is asked of the session; a signal tells one part of it."""
        if self._window is not None:
            self._window.reading.away(self._session.why_away())

    def _falls_asleep(self) -> None:
        self._attend()
        self.core.runner.perform(self.core.desk.sleeps)

    def _woke(self, asleep_since: datetime) -> None:
        self._attend()
        self.core.sources.check_now()
        self.core.answering.hurry()
        self.core.runner.perform(lambda now: self.core.desk.woke(asleep_since, now))

    def _watch_screen(self) -> None:
        if self._app.platformName() != "xcb":
            self._hosts.set_xembed(False)
            return
        from supportdesk.adapters.desktop.x_screen_watch import XScreenWatch

        self._screen = XScreenWatch(parent=self)
        self._screen.tray_told.connect(self._hosts.set_xembed)
        self._screen.settings_told.connect(self._desktop_theme.set_x_settings)
        self._screen.start()

    def _tray_health(self) -> PartHealth:
        from supportdesk.diagnosis.desktop_parts import tray_health

        return tray_health(self._hosts.kind.value)

    def _tray_host_arrived(self) -> None:
        self._tray.host_arrived()
        if self._window is not None:
            self._window.window.set_hides_on_close(self._tray.has_host)
            self._window.leave_word(None)
        self._refresh_tray()

    def _tray_host_left(self) -> None:
        """Without an icon the window is the only way to the founder: it is there, and stays."""
        shown = self._made_window()
        shown.window.set_hides_on_close(False)
        if not shown.window.isVisible():
            show_without_focus(shown.window)
            shown.open_item("")
        if not self._is_practice and not self._files.load(_TOLD_NO_TRAY):
            shown.leave_word(no_tray_notice(os.environ.get("XDG_CURRENT_DESKTOP", "")))
            self._files.save(_TOLD_NO_TRAY, b"told\n")

    def _change_desk(self) -> None:
        """From real work to the practice desk, or back.

        The practice desk is a run of its own, so that nothing of it mixes with real work.
        """
        from supportdesk.adapters.desktop.autostart import own_command

        program, arguments = own_command(*([] if self._is_practice else ["demo"]))
        if QProcess.startDetached(program, arguments):
            QTimer.singleShot(0, self._app.quit)

    def _say_that_it_goes_on(self) -> None:
        """Once for this home, and not while the founder wants silence."""
        now = self.core.clock.now()
        if self._files.load(_TOLD_OF_TRAY) or self.core.desk.state(now).paused_until is not None:
            return
        from supportdesk.services.hints import goes_on_in_tray

        hint = goes_on_in_tray(now)
        self.core.store.save_told(hint, now)
        self._presenters.show(hint)
        self._files.save(_TOLD_OF_TRAY, b"told\n")
