"""When the founder wants silence: pauses, presenting, and the desktop's own do-not-disturb."""

from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.adapters.desktop.do_not_disturb import DoNotDisturb
from supportdesk.core import Core
from supportdesk.domain.errors import SettingsError
from supportdesk.ui import rows


class AppSilence:
    """What is chosen in the tray menu and told by the desktop, done to the desk."""

    def __init__(self, core: Core, quiet: DoNotDisturb) -> None:
        self._core = core
        self._quiet = quiet

    def pause(self, choice: rows.PauseChoice) -> None:
        core = self._core
        core.runner.perform(lambda now: core.desk.pause(self._pause_end(choice), now))

    def resume(self) -> None:
        self._core.runner.perform(self._core.desk.resume)

    def desktop_changed(self) -> None:
        """A program that comes or goes is told of as well: mostly that means nothing."""
        desk, by = self._core.desk, self._quiet.program if self._quiet.is_on else ""
        if by != desk.quiet_by:
            self._core.runner.perform(lambda now: desk.desktop_is_quiet(by, now))

    def present(self, choice: rows.PresentChoice) -> None:
        """What alerts show of people from now on; it stands in the settings, which have it too."""
        core = self._core
        length = timedelta(hours=1) if choice is rows.PresentChoice.HOUR else None
        alerts = core.settings.alerts.presented(
            core.clock.now(), is_on=choice is not rows.PresentChoice.OFF, length=length
        )
        try:
            core.change_settings_file(lambda file: file.set_alerts(alerts))
        except SettingsError as error:
            core.say_problem("settings", error.problem)
            # Somebody is looking at the screen: no name may be shown because of a file.
            core.use_for_now(replace(core.settings, alerts=alerts))

    def _pause_end(self, choice: rows.PauseChoice) -> datetime:
        now = self._core.clock.now()
        match choice:
            case rows.PauseChoice.HALF_HOUR:
                return now + timedelta(minutes=30)
            case rows.PauseChoice.HOUR:
                return now + timedelta(hours=1)
            case rows.PauseChoice.UNTIL_TOMORROW:
                return self._core.desk.tomorrow(now)
