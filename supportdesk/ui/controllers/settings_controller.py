"""Settings and the two "Connect your …" dialogs: test, keep the secret, write the file."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import MailSettings, PhoneSettings
from supportdesk.services.desk_state import DeskState
from supportdesk.services.weekly_nudge import NudgeState
from supportdesk.ui.controllers.acts import Acts, Options, Source
from supportdesk.ui.controllers.alert_options import SoundTrying, alert_settings
from supportdesk.ui.controllers.settings_forms import (
    answering_settings,
    lift_settings,
    look_settings,
    mail_form,
    mail_settings,
    phone_form,
    phone_settings,
    reading_settings,
    ritual_settings,
    settings_view,
    trouble,
    week_card_view,
)
from supportdesk.ui.controllers.whole_log import WholeLog
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.settings.alert_forms import AlertOptions
from supportdesk.ui.settings.connect_dialog import ConnectDialog
from supportdesk.ui.settings.forms import (
    AnsweringOptions,
    CheckOutcome,
    LiftOptions,
    LookOptions,
    MailForm,
    PhoneForm,
    ReadingOptions,
    RitualOptions,
)
from supportdesk.ui.settings.mail_dialog import MailDialog
from supportdesk.ui.settings.phone_dialog import PhoneDialog
from supportdesk.ui.theme.theme import Theme

AnyDialog = ConnectDialog[MailForm] | ConnectDialog[PhoneForm]


_KEEPING = "Keeping the password in this computer's key store."


class SettingsController(QObject):
    """Owns the open dialog, and lets go of it once it is closed: a password may stand in it.

    A test or a key store may answer after that.
    """

    def __init__(
        self,
        window: MainWindow,
        *,
        theme: Theme,
        acts: Acts,
        nudge: Callable[[], NudgeState | None],
        file_path: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._theme = theme
        self._acts = acts
        self._nudge = nudge
        self._file_path = file_path
        self._problem: Problem | None = None
        self._dialog: AnyDialog | None = None
        self._shown: tuple[DeskState, Problem | None] | None = None
        self._trying = SoundTrying()
        self._log = WholeLog(window, acts, theme, self)
        self._log.changed.connect(self._refresh_again)
        choices = window.choices
        choices.alerts_changed.connect(self._alerts_changed)
        choices.look_changed.connect(self._look_changed)
        choices.reading_changed.connect(self._reading_changed)
        choices.answering_changed.connect(self._answering_changed)
        choices.ritual_changed.connect(self._ritual_changed)
        choices.lift_changed.connect(self._lift_changed)

    def refresh(self, state: DeskState, file_problem: Problem | None) -> None:
        if self._shown is None:
            self._acts.list_sound_devices(self._devices_found)
        self._shown = (state, file_problem)
        deaf = [str(one.source) for one in state.healths if one.hearing is Hearing.DEAF]
        view = settings_view(
            self._acts.settings(),
            now=self._acts.now(),
            deaf=frozenset(deaf),
            file_path=self._file_path,
            problem=self._problem or file_problem,
            week=week_card_view(
                self._acts.settings().reading,
                self._acts.now().astimezone().date(),
                nudge=self._nudge(),
                log_notice=self._log.notice,
            ),
            # A throw-away home is not what anybody wants to have started.
            is_started=None if self._acts.is_practice else self._acts.starts_with_session(),
            trying=self._trying,
        )
        self._window.show_settings(view)

    def connect_mail(self) -> None:
        self._open_mail(MailForm())

    def connect_phone(self) -> None:
        self._open_phone(PhoneForm())

    def edit(self, name: str) -> None:
        settings = self._acts.settings()
        for mail in settings.mail:
            if mail.name == name:
                self._open_mail(mail_form(mail))
        for phone in settings.phone:
            if phone.name == name:
                self._open_phone(phone_form(phone))

    # --- dialogs -----------------------------------------------------------------------

    def _open_mail(self, form: MailForm) -> None:
        dialog = MailDialog(self._theme, form, self._window)
        dialog.test_asked.connect(lambda asked: self._test_mail(dialog, asked))
        dialog.connect_asked.connect(
            lambda asked: self._keep_mail(dialog, self._mail_of(asked), asked)
        )
        self._open(dialog)

    def _open_phone(self, form: PhoneForm) -> None:
        dialog = PhoneDialog(self._theme, form, self._window)
        dialog.test_asked.connect(lambda asked: self._test_phone(dialog, asked))
        dialog.connect_asked.connect(
            lambda asked: self._keep(dialog, phone_settings(asked), asked.secret, asked.was_named)
        )
        self._open(dialog)

    def _open(self, dialog: AnyDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _mail_of(self, form: MailForm) -> MailSettings:
        known = {str(mail.name): mail for mail in self._acts.settings().mail}
        return mail_settings(form, known.get(form.was_named))

    def _test_mail(self, dialog: ConnectDialog[MailForm], form: MailForm) -> None:
        dialog.show_progress(f"Signing in to {form.host} as {form.user}. Nothing is changed there.")
        self._acts.check_mail(
            self._mail_of(form),
            form.secret,
            form.smtp_secret,
            lambda words, problem: self._show(dialog, words, problem),
        )

    def _test_phone(self, dialog: ConnectDialog[PhoneForm], form: PhoneForm) -> None:
        dialog.show_progress(f"Asking {form.host or 'the phone'} who waits and who answers.")
        self._acts.check_phone(
            phone_settings(form),
            form.secret,
            lambda words, problem: self._show(dialog, words, problem),
        )

    def _keep_mail(self, dialog: AnyDialog, source: MailSettings, form: MailForm) -> None:
        """What sends has a secret of its own only where one was typed."""
        if not form.smtp_secret or source.smtp is None:
            self._keep(dialog, source, form.secret, form.was_named)
            return
        dialog.show_progress(_KEEPING)
        self._acts.keep_secret(
            source.sending_secret_names[0],
            form.smtp_secret,
            lambda _words, problem: self._keep(
                dialog, source, form.secret, form.was_named, problem
            ),
        )

    def _keep(
        self,
        dialog: AnyDialog,
        source: MailSettings | PhoneSettings,
        secret: str,
        was_named: str,
        earlier: Problem | None = None,
    ) -> None:
        """The secret first: an account without one would only be deaf.

        `earlier` is what kept another secret from being kept.
        """
        if not secret:
            self._write(dialog, source, was_named, earlier)
            return
        dialog.show_progress(_KEEPING)
        self._acts.keep_secret(
            source.secret_name,
            secret,
            lambda _words, problem: self._write(dialog, source, was_named, problem or earlier),
        )

    def _write(
        self,
        dialog: AnyDialog,
        source: Source,
        was_named: str,
        secret_problem: Problem | None,
    ) -> None:
        problem = self._acts.keep_source(source, was_named)
        is_open = dialog is self._dialog
        if problem is not None and is_open:
            dialog.show_outcome(CheckOutcome(trouble=trouble(problem)))
            return
        # A secret that the key store refused is kept for this run; health says so.
        self._problem = problem or secret_problem
        if is_open:
            dialog.accept()

    def _show(self, dialog: AnyDialog, words: str, problem: Problem | None) -> None:
        if dialog is self._dialog:
            outcome = CheckOutcome(words=words, trouble=trouble(problem) if problem else None)
            dialog.show_outcome(outcome)

    # --- options -----------------------------------------------------------------------

    def _alerts_changed(self, options: AlertOptions) -> None:
        before = self._acts.settings().alerts
        self._keep_options(alert_settings(options, before, self._acts.now()))

    def _look_changed(self, options: LookOptions) -> None:
        self._keep_options(look_settings(options, self._acts.settings().look))

    def _reading_changed(self, options: ReadingOptions) -> None:
        self._keep_options(reading_settings(options, self._acts.settings().reading))

    def _answering_changed(self, options: AnsweringOptions) -> None:
        self._keep_options(answering_settings(options, self._acts.settings().answering))

    def _ritual_changed(self, options: RitualOptions) -> None:
        self._keep_options(ritual_settings(options))

    def _lift_changed(self, options: LiftOptions) -> None:
        self._keep_options(lift_settings(options))

    def start_with_session(self, wanted: str) -> None:
        """Turn the desktop's own switch; what it says then is shown."""
        self._problem = self._acts.start_with_session(wanted=wanted == "on")
        self._refresh_again()

    def play_sound(self) -> None:
        """As it is heard with what is set now; a device may have come since the page was made."""
        self._acts.list_sound_devices(self._devices_found)
        self._acts.play_sound(self._sound_played)

    def _sound_played(self, words: str) -> None:
        self._trying = replace(self._trying, words=words)
        self._refresh_again()

    def _devices_found(self, devices: Sequence[tuple[str, str]]) -> None:
        found = tuple(devices)
        if found != self._trying.devices:
            self._trying = replace(self._trying, devices=found)
            self._refresh_again()

    def _keep_options(self, options: Options) -> None:
        """Show what holds then: the change, or what was there before it and why."""
        self._problem = None
        self._problem = self._acts.keep_options(options)
        self._refresh_again()

    def _refresh_again(self) -> None:
        if self._shown is not None:
            self.refresh(*self._shown)
