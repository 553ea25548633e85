"""What the window asks of the rest: the `Acts` of the controllers, done with the adapters.

Everything that may take time runs in a thread with a name; its answer comes back on the GUI
thread through a queued signal. What only a dialog needs is imported when the dialog asks.
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from supportdesk.adapters.answering import Answering
from supportdesk.adapters.attachment_desk import AttachmentDesk
from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.desktop.sounds import Played, SoundPlayer
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.storage.mail_history import Held
from supportdesk.adapters.week_locale import first_weekday, to_local
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.core import Core
from supportdesk.domain.alerts import Sound
from supportdesk.domain.calls import Caller
from supportdesk.domain.errors import (
    Problem,
    SecretsUnavailable,
    SettingsError,
    StoreError,
    SupportDeskError,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart, MessageSummary, MessageText
from supportdesk.domain.search import OldMail, SearchAnswer
from supportdesk.domain.settings import (
    AlertSettings,
    AnsweringSettings,
    LiftSettings,
    LookSettings,
    MailSettings,
    PhoneKind,
    PhoneSettings,
    ReadingSettings,
    RitualSettings,
    Settings,
)
from supportdesk.domain.side_marks import MailNote
from supportdesk.picture_loader import PictureDone, PictureLoader
from supportdesk.services.claims import ClaimWish
from supportdesk.services.desk_state import Turn
from supportdesk.services.forgetting import ForgottenDone
from supportdesk.services.log_union import LogDone

if TYPE_CHECKING:
    from supportdesk.app_ritual import AppRitual
    from supportdesk.draft_attachments import AttachedThen, DraftAttachments
    from supportdesk.services.saved_replies import ReplyFolder
    from supportdesk.services.spelling import Speller

_log = logging.getLogger(__name__)

LogThen = Callable[[LogDone], None]
DevicesThen = Callable[[Sequence[tuple[str, str]]], None]
ForgottenThen = Callable[[ForgottenDone], None]
Answer = Callable[[str, Problem | None], None]
_OPENABLE = ("http", "https", "mailto", "mid", "tel", "sip", "callto")


class AppActs(QObject):
    """Implements the ui's `Acts`. Lives on the GUI thread."""

    live_board_asked = Signal()

    _answered = Signal(object, str, object)
    _devices_found = Signal(object, object)

    def __init__(
        self,
        core: Core,
        secrets: KeyringSecrets,
        *,
        change_desk: Callable[[], None],
        is_practice: bool,
        quit_app: Callable[[], None],
        sounds: SoundPlayer | None = None,
        sounds_by: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(core)
        self._core = core
        self._secrets = secrets
        self._change_desk = change_desk
        self._is_practice = is_practice
        self._quit = quit_app
        self._sounds = sounds or SoundPlayer(parent=self)
        self._sounds_by = sounds_by
        self._files = AttachmentDesk(AttachmentStore(core.places.attachments_dir), _open_file, self)
        self._pictures = PictureLoader(self)
        self._attachments: DraftAttachments | None = None
        self._phone_tests: set[QObject] = set()
        self._saved_replies: ReplyFolder | None = None
        self._ritual: AppRitual | None = None
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._devices_found.connect(self._tell_devices, Qt.ConnectionType.QueuedConnection)

    # --- the desk --------------------------------------------------------------------------

    def now(self) -> datetime:
        return self._core.clock.now()

    def perform(self, act: Callable[[datetime], Turn]) -> None:
        self._core.runner.perform(act)

    def settings(self) -> Settings:
        return self._core.settings

    def claim(self, wish: ClaimWish) -> None:
        self._core.claiming.wish(wish)

    def share_tags(self) -> None:
        self._core.claiming.share_tags()

    def share_note(self, key: str) -> None:
        self._core.claiming.share_note(key)

    def take_back_note(self, note: MailNote) -> None:
        self._core.claiming.take_back_note(note)

    @property
    def answering(self) -> Answering:
        return self._core.answering

    @property
    def ritual(self) -> "AppRitual":
        if self._ritual is None:
            from supportdesk.app_ritual import AppRitual  # a quiet tray asks for none

            self._ritual = AppRitual(self._core, self._in_thread)
        return self._ritual

    @property
    def saved_replies(self) -> "ReplyFolder":
        if self._saved_replies is None:
            # Only a composer asks for them.
            from supportdesk.adapters.saved_reply_files import SavedReplyFiles

            self._saved_replies = SavedReplyFiles(self._core.places.saved_replies_dir, self)
        return self._saved_replies

    def speller(self, language: str) -> "Speller":
        from supportdesk.adapters.spelling import Spelling

        return Spelling(language, self)

    def cached_text(self, message: MessageSummary) -> MessageText | None:
        return self._core.cache.text(message.account, message.message_id)

    def fetch_text(self, message: MessageSummary) -> None:
        fetcher = self._core.sources.fetcher(message.account)
        if fetcher is not None:
            fetcher.fetch_text(message.message_id)

    def search(self, words: str, limit: int, done: Callable[[SearchAnswer], None]) -> None:
        self._core.library.search(words, limit, done)

    def list_history(self, done: Callable[[OldMail], None]) -> None:
        conversations = self._core.desk.inbox.conversations()
        held = Held(
            accounts=[account.name for account in self._core.settings.mail],
            messages=[
                (message.account, message.message_id)
                for conversation in conversations
                for message in conversation.messages
            ],
        )
        self._core.library.list_history(held, done)

    def cached_messages(self, ids: Sequence[int]) -> list[MessageSummary | None]:
        return self._core.cache.messages_by_id(ids)

    def cached_message(self, account: SourceName, message_id: MessageId) -> MessageSummary | None:
        return self._core.cache.message(account, message_id)

    def cached_conversation(
        self, account: SourceName, message_id: MessageId
    ) -> tuple[MessageSummary, ...]:
        return self._core.cache.conversation(account, message_id)

    def check_now(self) -> None:
        self._core.check_now()

    # --- files -----------------------------------------------------------------------------

    def fetch_part(self, message: MessageSummary, part: MessagePart) -> bool:
        fetcher = self._core.sources.fetcher(message.account)
        if fetcher is None:
            return False
        fetcher.fetch_part(message.message_id, part)
        return True

    def give_up_part(self, message: MessageSummary, part: MessagePart) -> None:
        fetcher = self._core.sources.fetcher(message.account)
        if fetcher is not None:
            fetcher.give_up_part(message.message_id, part.section)

    def fetched_part(self, message: MessageSummary, part: MessagePart) -> str:
        return self._files.path_of(message.account, message.message_id, part.section)

    @property
    def files(self) -> AttachmentDesk:
        return self._files

    # --- pictures --------------------------------------------------------------------------

    def load_remote_images(self, urls: Sequence[str], done_each: PictureDone) -> Callable[[], None]:
        return self._pictures.load_remote(urls, done_each)

    def read_picture(self, name: str, path: str, done: PictureDone) -> None:
        self._pictures.read_file(name, path, done)

    # --- the desktop -----------------------------------------------------------------------

    def open_link(self, url: str) -> bool:
        target = QUrl(url)
        return target.scheme() in _OPENABLE and QDesktopServices.openUrl(target)

    def hand_over(self, url: str, done: Callable[[bool], None]) -> None:
        scheme = QUrl(url).scheme()

        def ask() -> str:
            from supportdesk.adapters.desktop.link_programs import has_program_for

            return scheme if has_program_for(scheme) else ""

        def asked(taken: str, _: Problem | None) -> None:
            done(bool(taken) and self.open_link(url))

        self._in_thread(f"who takes {scheme}", ask, asked)

    def attach(self, paths: Sequence[str], then_each: "AttachedThen") -> None:
        self._draft_attachments.attach(paths, then_each)

    def attach_picture(self, image: QImage, then: "AttachedThen") -> None:
        self._draft_attachments.attach_picture(image, then)

    @property
    def _draft_attachments(self) -> "DraftAttachments":
        if self._attachments is None:
            # Only a composer asks for them.
            from supportdesk.draft_attachments import DraftAttachments

            self._attachments = DraftAttachments(self._core.places.outgoing_dir / "files", self)
        return self._attachments

    def copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def show_live_board(self) -> None:
        self.live_board_asked.emit()

    def open_practice_desk(self) -> None:
        self._change_desk()

    @property
    def is_practice(self) -> bool:
        return self._is_practice

    def leave_practice_desk(self) -> None:
        self._change_desk()

    def play_sound(self, done: Callable[[str], None]) -> None:
        self._sounds.play(Sound.CALL, lambda played: done(_sound_words(played, self._sounds_by())))

    def list_sound_devices(self, done: DevicesThen) -> None:
        def ask() -> None:
            from supportdesk.adapters.desktop.sound_devices import sound_devices

            found = [(device.name, device.label) for device in sound_devices()]
            emit_if_heard(self._devices_found, done, found)

        threading.Thread(target=ask, name="sound devices", daemon=True).start()

    @Slot(object, object)
    def _tell_devices(self, done: DevicesThen, devices: Sequence[tuple[str, str]]) -> None:
        done(devices)

    def starts_with_session(self) -> bool:
        from supportdesk.adapters.desktop.autostart import autostart_here

        try:
            return autostart_here(os.environ).is_on()
        except StoreError as error:
            _log.info("Whether we start with the session: %s", error)
            return False

    def start_with_session(self, *, wanted: bool) -> Problem | None:
        from supportdesk.adapters.desktop.autostart import autostart_here

        try:
            autostart_here(os.environ).switch(on=wanted)
        except StoreError as error:
            return error.problem
        return None

    def quit(self) -> None:
        self._quit()

    # --- phones ----------------------------------------------------------------------------

    def take(self, caller: Caller) -> bool:
        able = self._core.settings.phones_to_dial(caller.phone)
        is_able = any(phone.name == caller.phone for phone in able)
        dialer = self._core.sources.dialer(caller.phone)
        if dialer is None or not (caller.channel or caller.is_lifted) or not is_able:
            return False
        dialer.take(caller)
        return True

    def call_back(self, phone: SourceName, number: str, name: str) -> bool:
        able = self._core.settings.phones_to_dial(phone)
        dialers = (self._core.sources.dialer(one.name) for one in able)
        dialer = next((one for one in dialers if one is not None), None)
        if dialer is None:
            return False
        dialer.call_back(number, name)
        return True

    # --- settings --------------------------------------------------------------------------

    def keep_source(self, source: MailSettings | PhoneSettings, was_named: str) -> Problem | None:
        try:
            if isinstance(source, MailSettings):
                self._keep_mail(source, was_named)
            else:
                self._keep_phone(source, was_named)
        except SettingsError as error:
            return error.problem
        return None

    def _keep_mail(self, mail: MailSettings, was_named: str) -> None:
        if was_named:
            self._core.change_settings_file(
                lambda file: file.update_mail(SourceName(was_named), mail)
            )
        else:
            self._core.change_settings_file(lambda file: file.add_mail(mail))

    def _keep_phone(self, phone: PhoneSettings, was_named: str) -> None:
        if was_named:
            self._core.change_settings_file(
                lambda file: file.update_phone(SourceName(was_named), phone)
            )
        else:
            self._core.change_settings_file(lambda file: file.add_phone(phone))

    def keep_options(
        self,
        options: AlertSettings
        | AnsweringSettings
        | LiftSettings
        | LookSettings
        | ReadingSettings
        | RitualSettings,
    ) -> Problem | None:
        try:
            if isinstance(options, AlertSettings):
                self._core.change_settings_file(lambda file: file.set_alerts(options))
            elif isinstance(options, LookSettings):
                self._core.change_settings_file(lambda file: file.set_look(options))
            elif isinstance(options, AnsweringSettings):
                self._core.change_settings_file(lambda file: file.set_answering(options))
            elif isinstance(options, LiftSettings):
                self._core.change_settings_file(lambda file: file.set_lift(options))
            elif isinstance(options, RitualSettings):
                self._core.change_settings_file(lambda file: file.set_ritual(options))
            else:
                self._core.change_settings_file(lambda file: file.set_reading(options))
        except SettingsError as error:
            return error.problem
        return None

    def keep_secret(self, name: str, secret: str, done: Answer) -> None:
        """Into the key store; where there is none, in memory for this run, and say so."""

        def keep() -> str:
            try:
                self._secrets.set(name, secret)
            except SecretsUnavailable as error:
                self._secrets.remember_for_now(name, secret)
                raise SecretsUnavailable(
                    f"The password is kept for this run only: {error.title}", error.advice
                ) from error
            return "The password is in the key store."

        self._in_thread(f"keep {name}", keep, done)

    # --- the log as a whole ----------------------------------------------------------------

    def export_log(self, folder: str, then: LogThen) -> None:
        self._core.data.log_keeper.export(Path(folder), then)

    def import_log(self, file: str, then: LogThen) -> None:
        self._core.data.log_keeper.import_file(Path(file), then)

    def measure_log(self, then: LogThen) -> None:
        week_starts = self._core.settings.reading.week_starts
        self._core.data.log_keeper.measure(first_weekday(week_starts), then)

    def delete_log(self, then: LogThen) -> None:
        self._core.data.log_keeper.delete(then)

    # --- calls and people as a whole ---------------------------------------------------------

    def export_calls(self, folder: str, done: Answer) -> None:
        desk_db, country = self._core.desk_db, self._core.settings.country

        def export() -> str:
            from supportdesk.adapters.numbers import normaliser
            from supportdesk.adapters.storage.call_files import export_calls
            from supportdesk.adapters.storage.desk_store import SqliteDeskStore
            from supportdesk.adapters.storage.exported_files import ExportFormat

            with closing(SqliteDeskStore(desk_db)) as store:
                return export_calls(
                    store,
                    Path(folder),
                    ExportFormat,
                    normalise=normaliser(country),
                    to_local=to_local,
                )

        self._in_thread("export of the calls", export, done)

    def look_for_person(self, who: str, then: ForgottenThen) -> None:
        self._core.data.forgetting.look(who, then)

    def forget_person(self, who: str, then: ForgottenThen) -> None:
        self._core.data.forgetting.forget(who, then)

    # --- trying a connection ---------------------------------------------------------------

    def check_mail(
        self, settings: MailSettings, secret: str, smtp_secret: str, done: Answer
    ) -> None:
        def check() -> str:
            from supportdesk.adapters.mail.connection_test import test_connection

            inbox_secret = secret or self._kept(settings.secret_name)
            words = test_connection(settings, inbox_secret)
            if settings.smtp is None:
                return words
            from supportdesk.adapters.mail.sending_secret import first_secret
            from supportdesk.adapters.mail.sending_test import test_sending

            # What was typed for the inbox is newer than what is kept for it.
            names = settings.sending_secret_names[: 1 if secret else 2]
            kept = smtp_secret or _unless_unavailable(lambda: first_secret(self._secrets, names))
            return f"{words}. {test_sending(settings, kept or inbox_secret)}"

        self._in_thread(f"test {settings.name}", check, done)

    def check_phone(self, settings: PhoneSettings, secret: str, done: Answer) -> None:
        if settings.is_softphone:
            self._in_thread(f"test {settings.name}", lambda: _softphone_words(settings), done)
            return
        if settings.kind is not PhoneKind.ASTERISK:
            done("Nothing to test: this phone hands its events over by itself.", None)
            return

        def fetch() -> str:
            return secret or self._kept(settings.secret_name)

        def fetched(found: str, problem: Problem | None) -> None:
            if problem is not None:
                done("", problem)
            else:
                self._test_phone(settings, found, done)

        self._in_thread(f"secret {settings.name}", fetch, fetched)

    def _test_phone(self, settings: PhoneSettings, secret: str, done: Answer) -> None:
        from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest

        test = AsteriskConnectionTest(settings, secret, self._core.clock)
        self._phone_tests.add(test)

        def succeeded(words: str, degraded: Problem | None) -> None:
            self._phone_tests.discard(test)
            caution = f" But: {degraded.title}. {degraded.advice}" if degraded else ""
            done(f"{words}.{caution}", None)

        def failed(problem: Problem) -> None:
            self._phone_tests.discard(test)
            done("", problem)

        test.succeeded.connect(succeeded)
        test.failed.connect(failed)
        test.start()

    def _kept(self, name: str) -> str:
        found = self._secrets.get(name)
        if found is None:
            raise SecretsUnavailable("No password is kept yet", "Type it, then test again.")
        return found

    # --- threads ---------------------------------------------------------------------------

    def _in_thread(self, name: str, work: Callable[[], str], done: Answer) -> None:
        def run() -> None:
            words, problem = "", None
            try:
                words = work()
            except SupportDeskError as error:
                problem = error.problem
            emit_if_heard(self._answered, done, words, problem)

        threading.Thread(target=run, name=name, daemon=True).start()

    @Slot(object, str, object)
    def _deliver(self, done: Answer, words: str, problem: Problem | None) -> None:
        done(words, problem)


def _sound_words(played: Played, sounds_by: str) -> str:
    """What came of the sound, and what it says of alerts."""
    if played.why_not:
        return played.why_not
    words = f"{played.player} has played it."
    if played.is_elsewhere:
        words = f"{played.player} has played it on the usual device, for the chosen one did not."
    if sounds_by:
        words += f" Alerts sound by {sounds_by}: their volume is set in the desktop."
    return words


def _unless_unavailable(secret: Callable[[], str | None]) -> str | None:
    """A key store that cannot be asked keeps nobody from trying what they typed."""
    try:
        return secret()
    except SecretsUnavailable:
        return None


def _softphone_words(settings: PhoneSettings) -> str:
    from supportdesk.adapters.phone.softphone_check import check_softphone

    return f"{check_softphone(settings)}."


def _open_file(path: str) -> bool:
    """Open a file or folder with what the desktop has for it; False when it has nothing."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))
