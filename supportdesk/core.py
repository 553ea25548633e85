"""Everything but a window: settings, databases, sources and the desk, wired and running.

Used by the tray app and by `watch`. Knows adapters and services; the ui is bootstrap's matter.
A part that cannot work says so as a problem and the rest goes on. Over 400 lines, for this is the
one place where all parts of a run meet; what can be said without the others is in a module of its
own.
"""

import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.answering import Answering
from supportdesk.adapters.claiming import Claiming
from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desk_runner import DeskRunner
from supportdesk.adapters.desktop.presenter_reports import ProvesItself
from supportdesk.adapters.garbage import GuiThreadGarbage
from supportdesk.adapters.network_changes import NetworkChanges
from supportdesk.adapters.numbers import normaliser
from supportdesk.adapters.phone.hook import HookPhone, all_phones, hook_phone
from supportdesk.adapters.phone.hook_door import HookDoor
from supportdesk.adapters.places import Places
from supportdesk.adapters.qt_publisher import QtPublisher
from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.settings_watch import SettingsWatch
from supportdesk.adapters.silence_tests import SilenceTests
from supportdesk.adapters.sources import Sources
from supportdesk.adapters.storage.cache_size import CacheSize
from supportdesk.adapters.storage.copied_open import copied_open_problem
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.kept_data import KeptData
from supportdesk.adapters.storage.kept_tables import has_rows
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.adapters.storage.mail_pruning import MEGABYTE, Pruning
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.storage.side_tables import SideTables
from supportdesk.adapters.week_locale import first_weekday, to_local
from supportdesk.domain.alerts import AlertRaised
from supportdesk.domain.calls import Call
from supportdesk.domain.errors import Problem, SettingsError, StoreError
from supportdesk.domain.events import (
    Event,
    HistoryStored,
    MessageChanged,
    MessageGone,
    MessagesArrived,
    MessageTextFetched,
    SyncProgressed,
)
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import Settings
from supportdesk.protocols.hook_calls import HookEvent
from supportdesk.protocols.hook_fields import SentEvent
from supportdesk.services.calls_board import REMEMBERED
from supportdesk.services.desk import Desk
from supportdesk.services.health_alerts import OUTBOX, part_alert
from supportdesk.services.ports import AlertPresenter, Clock, SecretStore
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from supportdesk.services.weekly_nudge import NudgeSources

if TYPE_CHECKING:
    from supportdesk.adapters.kept_thanks import KeptThanks
    from supportdesk.adapters.storage.lift_tables import LiftTables
    from supportdesk.adapters.storage.mail_library import MailLibrary
    from supportdesk.adapters.storage.voice_tables import VoiceTables
    from supportdesk.domain.answers import DraftId
    from supportdesk.services.forgetting import Forgotten

_log = logging.getLogger(__name__)

NEWEST_MESSAGES = 2_000
WRITE_AGAIN_MILLISECONDS = 5_000
STOP_SECONDS = 1.0
COPIED_DESK = "copied desk.db"
_DESK = "desk.db"
_DISK = "disk"
_HOOK = "hook"
_SELF = "supportdesk"
_READ_MARKS = "founder was here"
# After these mail.db has other messages or texts than before.
CACHE_CHANGES = (
    MessagesArrived,
    MessageChanged,
    MessageGone,
    MessageTextFetched,
    HistoryStored,
    SyncProgressed,
)


class Core(QObject):
    """One running desk. Make it on the GUI thread, `start` it, `stop` it before the loop ends.

    Signals:
        settings_changed: The `Settings` that hold from now on.
        problems_changed: A part of this computer began or ceased to have a problem.
    """

    settings_changed = Signal(object)
    problems_changed = Signal()
    kept_thanks: "KeptThanks | None" = None

    def __init__(
        self,
        places: Places,
        *,
        presenter: AlertPresenter | None = None,
        secrets: SecretStore | None = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        places.create_folders()
        self.places = places
        self.clock = clock or SystemClock()
        self.problems: dict[str, Problem] = {}
        self._presenter = presenter
        self._is_hook_used = False
        self._is_stopped = False
        self._garbage: GuiThreadGarbage | None = None
        self.settings_file = SettingsFile(places.settings_path)
        self.settings_warnings: tuple[str, ...] = ()
        self.settings = Settings()
        self._problems_at_start: dict[str, Problem] = {}
        self._read_settings(self._problems_at_start)
        self.desk_db = places.desk_db
        kept_in = self.kept_in = self._open_store(places.desk_db)
        self.store = PatientDeskStore(kept_in, self._writing_failed)
        self._write_again = QTimer(self)
        self._write_again.setInterval(WRITE_AGAIN_MILLISECONDS)
        self._write_again.timeout.connect(self._write_waiting)
        self.cache = MailCacheReader(places.mail_db)
        self._library: MailLibrary | None = None
        self._cache_size = CacheSize(places.mail_db)
        self.secrets: SecretStore = KeyringSecrets() if secrets is None else secrets
        self.publisher = QtPublisher(self._receive, self)
        going_on = self._calls_going_on()
        self.hook = self._new_hook(going_on)
        self.desk = Desk(
            settings=self._with_hook(self.settings),
            store=self.store,
            normalise=self._normalise,
            to_local=to_local,
            nudge=NudgeSources(
                week=lambda now: self.log.week(self.log.week_at(now)), words=self.cache.words
            ),
            side=SideTables(kept_in.connection, kept_in.path),
            promises=PromiseTables(kept_in.connection, kept_in.path),
            voices=lambda: _voice_tables(kept_in),
            lifts=lambda: _lift_tables(kept_in),
            has_lifts=has_rows(kept_in.connection, kept_in.path, "lift"),
        )
        self.runner = DeskRunner(
            desk=self.desk,
            clock=self.clock,
            one_transaction=self.store.turn,
            presenter=presenter,
            parent=self,
        )
        self.log = ReadingLog(store=self.store, rules=self._rules(), to_local=to_local)
        self.log.resume(going_on)
        self.data = KeptData(
            places,
            self.desk_db,
            self.store,
            settings=lambda: self.settings,
            stand_in=lambda: self.stand_in_problem,
            let_go=self._let_go_of,
            log_anew=self.log.forget_weeks,
            clock=self.clock,
            parent=self,
        )
        self.data.log_changed.connect(lambda: self.runner.perform(self.desk.words_came))
        self.right_of_way = RightOfWay(self.clock)
        self.sources = Sources(
            secrets=self.secrets,
            cache_path=places.mail_db,
            publisher=self.publisher,
            clock=self.clock,
            records=self.store,
            right_of_way=self.right_of_way,
            parent=self,
        )
        self.answering = Answering(
            kept_in,
            self.desk.inbox,
            places=places,
            sources=self.sources,
            secrets=self.secrets,
            publisher=self.publisher,
            clock=self.clock,
            say=self._say_of_outbox,
            parent=self,
        )
        self.runner.event_seen.connect(self.answering.receive)
        self.claiming = Claiming(
            self.desk,
            secrets=self.secrets,
            publisher=self.publisher,
            clock=self.clock,
            answered=self._answered_by,
            parent=self,
        )
        self.runner.event_seen.connect(self.claiming.event_seen)
        self.runner.changed.connect(self.claiming.desk_changed)
        self.claiming.read_marked.connect(lambda problem: self._say_of(_READ_MARKS, problem))
        self.silence_tests = self._new_silence_tests()
        self.hook_door = HookDoor(
            secrets=self.secrets, clock=self.clock, take=self._take_sent, parent=self
        )
        self.hook_door.failed.connect(lambda problem: self.say_problem(_HOOK, problem))
        self.hook_door.settled.connect(lambda: self.problem_is_over(_HOOK))
        self._network = NetworkChanges(self)
        self._network.changed.connect(self.sources.check_now)
        self._network.changed.connect(self.answering.hurry)
        self._settings_watch = SettingsWatch(places.settings_path, self)
        self._settings_watch.changed.connect(self.reload_settings)

    # --- life ------------------------------------------------------------------------------

    def start(self) -> None:
        """Tell what came while nothing ran, then listen."""
        self._garbage = GuiThreadGarbage()
        self.runner.event_seen.connect(self._garbage.tend)
        self.problems |= self._problems_at_start
        self.runner.perform(
            lambda now: self.desk.restore(self._newest_messages(), now, self._problems_at_start)
        )
        self.problems_changed.emit()
        self.spare_garbage()
        self.sources.follow(self.settings)
        self.answering.changed.connect(self._thanks_moved)
        self.answering.start(self.settings, self.stand_in_problem)
        self.claiming.follow(self.settings)
        self.silence_tests.follow(self.settings)
        self.hook_door.follow(self.settings.hook)
        self._network.start()

    def stop(self) -> None:
        """Stop listening and let go of everything; a second call does nothing."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._settings_watch.changed.disconnect(self.reload_settings)
        self.hook_door.stop()
        if self.kept_thanks is not None:
            self.kept_thanks.stop()
        self.answering.stop()
        self.claiming.stop(STOP_SECONDS)
        self.silence_tests.stop()
        self.runner.stop()
        self._write_again.stop()
        self.data.stop()
        self._network.stop()
        self.sources.stop()
        self.publisher.close()
        if self._library is not None:
            self._library.stop(STOP_SECONDS)
        self.desk.leave(self.clock.now())
        self.cache.close()
        self.store.close()
        if self._garbage is not None:
            self._garbage.close()

    def spare_garbage(self) -> None:
        """Much was made that stays: it is not searched for garbage again and again."""
        if self._garbage is not None:
            self._garbage.spare_what_is_there()

    def check_now(self) -> None:
        """Try again what is not heard, whatever its backoff says; passwords may be new."""
        self.sources.check_now()
        self.answering.check_now()
        self.hook_door.check_now()

    def take_hook_event(self, event: HookEvent, event_id: str = "") -> bool:
        """Take an event in, by whichever way it comes; one whose id came before changes nothing.

        Returns:
            True when it is on disk.
        """
        from uuid import uuid4  # as in domain/reading

        key = f"hook/{event_id or uuid4()}"
        if not self.store.told([key]):
            self._fold_hook_event(event)
            self.store.tell([key], self.clock.now())
        return not self.store.waiting and not self.problems.keys() & {_DESK, _DISK}

    def _take_sent(self, sent: SentEvent) -> bool:
        return self.take_hook_event(sent.event, sent.event_id)

    def _fold_hook_event(self, event: HookEvent) -> None:
        if not self._is_hook_used:
            self._is_hook_used = True
            settings = self._with_hook(self.settings)
            self.runner.perform(lambda now: self.desk.change_settings(settings, now))
        self.hook.receive(event)

    # --- problems of this computer -----------------------------------------------------------

    def say_problem(self, part: str, problem: Problem) -> None:
        """Alert the founder to a broken part, once until it changes."""
        if self.problems.get(part) == problem:
            return
        self.problems[part] = problem
        try:
            self.runner.perform(lambda now: self.desk.part_failed(part, problem, now))
        finally:
            self.problems_changed.emit()

    def say_fault(self, words: str) -> None:
        """An exception that nobody handled: our bug, in the log whole."""
        title = f"supportdesk has made a mistake ({words[:80]})"
        advice = f"It goes on. Please report it with the log in {self.places.log_dir}."
        problem = Problem(title=title, advice=advice)
        try:
            self.say_problem(_SELF, problem)
        except Exception:  # noqa: BLE001 - whatever it is, this still has to be said
            # The desk itself is what is broken: what says so must not depend on it.
            _log.exception("The desk could not tell of a mistake")
            self.runner.tell((AlertRaised(alert=part_alert(_SELF, problem, self.clock.now())),))

    def problem_is_over(self, part: str) -> None:
        if self.problems.pop(part, None) is None:
            return
        self.runner.perform(lambda now: self.desk.part_works(part, now))
        self.problems_changed.emit()

    # --- what is kept as a whole -------------------------------------------------------------

    @property
    def stand_in_problem(self) -> Problem | None:
        """Why what is kept in this run ends with it; None where desk.db is the founder's own."""
        return self.problems.get(_DESK) or self._problems_at_start.get(_DESK)

    def _answered_by(self, draft_id: "DraftId") -> str:
        outgoing = self.answering.outgoing(draft_id)
        return outgoing.answers if outgoing is not None else ""

    def _thanks_moved(self, draft_id: "DraftId") -> None:
        if self.kept_thanks is None:
            if self.desk.known_lifts is None:
                return
            from supportdesk.adapters.kept_thanks import KeptThanks  # few teams lift anything

            perform, say = self.runner.perform, self._say_of
            self.kept_thanks = KeptThanks(self.desk, self.answering, perform, say, self)
        self.kept_thanks.moved(draft_id)

    def _let_go_of(self, who: "Forgotten") -> None:
        self.runner.perform(lambda now: self.desk.forget(who, now))
        self.answering.forget()
        if self._library is not None:
            self._library.wake()

    # --- settings ----------------------------------------------------------------------------

    def reload_settings(self) -> None:
        """Follow the file; a broken one changes nothing but says so."""
        before = self.settings
        problems: dict[str, Problem] = {}
        # Before it is read, and also a broken one: the next change may be written into this file.
        self._settings_watch.hold_on()
        self._read_settings(problems)
        if "settings" in problems:
            self.say_problem("settings", problems["settings"])
            return
        self.problem_is_over("settings")
        # Saving the file, changed or not, asks to try again what is not heard.
        self.check_now()
        if self.settings == before:
            return
        self._normaliser = normaliser(self.settings.country)
        if hook_phone(self.settings).name != self.hook.name:
            self.hook = self._new_hook(self._calls_going_on())
        self.log.use(self._rules())
        if self._library is not None:
            self._library.limit(self._limit_bytes)
        settings = self._with_hook(self.settings)
        self.runner.perform(lambda now: self.desk.change_settings(settings, now))
        self.sources.follow(self.settings)
        self.answering.follow(self.settings)
        self.claiming.follow(self.settings)
        if not self.settings.ritual.founder_was_here:
            self.problem_is_over(_READ_MARKS)
        self.silence_tests.follow(self.settings)
        self.hook_door.follow(self.settings.hook)
        self.settings_changed.emit(self.settings)

    def use_for_now(self, settings: Settings) -> None:
        """What the founder wants and the file cannot be told: it holds until that is read again."""
        self.settings = settings
        with_hook = self._with_hook(settings)
        self.runner.perform(lambda now: self.desk.change_settings(with_hook, now))
        self.settings_changed.emit(settings)

    def change_settings_file(self, change: Callable[[SettingsFile], None]) -> None:
        """Change the file and follow it at once. Raises SettingsError."""
        change(self.settings_file)
        self.reload_settings()

    def _read_settings(self, problems: dict[str, Problem]) -> None:
        if self.settings != Settings() and not self.places.settings_path.exists():
            problems["settings"] = _settings_gone(self.places.settings_path)
            return
        try:
            loaded = self.settings_file.load()
        except SettingsError as error:
            problems["settings"] = error.problem
            return
        self.settings = loaded.settings
        self.settings_warnings = tuple(str(warning) for warning in loaded.warnings)
        for warning in self.settings_warnings:
            _log.info("settings.toml: %s", warning)

    def _new_hook(self, going_on: Iterable[Call]) -> HookPhone:
        """A hook that knows those of its calls that go on; with one, it was used."""
        hook = HookPhone(hook_phone(self.settings).name, _AtOnce(self._receive))
        calls = [call for call in going_on if call.phone == hook.name]
        hook.resume(calls, self.clock.now())
        self._is_hook_used = self._is_hook_used or bool(calls)
        return hook

    def _calls_going_on(self) -> list[Call]:
        since = self.clock.now() - REMEMBERED
        return [call for call in self.store.calls_since(since) if call.is_going_on]

    def _with_hook(self, settings: Settings) -> Settings:
        """Everybody has a hook phone, but it counts as a phone only once it was used."""
        hook = hook_phone(settings)
        if hook in settings.phone or not self._is_hook_used:
            return settings
        return replace(settings, phone=(*settings.phone, hook))

    # --- inside ------------------------------------------------------------------------------

    def _receive(self, event: Event) -> None:
        self.log.apply(event)
        self.runner.receive(event)
        if self._library is None:
            if self._cache_size.is_over(event, self._limit_bytes, self.clock.now()):
                self.library.keep_within_limit()
        elif isinstance(event, CACHE_CHANGES):
            self._library.wake()

    def _normalise(self, number: str) -> str:
        return self._normaliser(number)

    def _rules(self) -> ReadingRules:
        return ReadingRules(
            reading=self.settings.reading,
            phones=all_phones(self.settings),
            first_weekday=first_weekday(self.settings.reading.week_starts),
        )

    def prepare_library(self) -> None:
        """Make `library` ready for its first question."""
        _ = self.library

    @property
    def library(self) -> "MailLibrary":
        """Search and old mail, from the first question on."""
        if self._library is None:
            # 2 MB and a twentieth of the start: a quiet tray does without it.
            from supportdesk.adapters.storage.mail_library import MailLibrary

            paths = SearchPaths.beside(self.places.mail_db)
            self._library = MailLibrary(paths, self._pruning, self.right_of_way, self)
            self._library.limit(self._limit_bytes)
        return self._library

    @property
    def _limit_bytes(self) -> int:
        return int(self.settings.cache.max_megabytes * MEGABYTE)

    def _pruning(self) -> Pruning:
        """What the caches may take, and whose texts go last."""
        waiting = self.desk.inbox.waiting()
        return Pruning(
            limit_bytes=self._limit_bytes,
            waiting={(one.account, one.message_id) for each in waiting for one in each.messages},
            now=self.clock.now(),
        )

    def _open_store(self, path: Path) -> SqliteDeskStore:
        self._normaliser = normaliser(self.settings.country)
        try:
            store = SqliteDeskStore(path, is_looked_through=True)
        except StoreError as error:
            # The founder's own file stays untouched; this run works, but remembers nothing.
            advice = f"{error.advice} Until then nothing of this run is remembered."
            problem = replace(error.problem, advice=advice)
            self._problems_at_start[_DESK] = problem
            self._stand_in = tempfile.TemporaryDirectory(prefix="supportdesk-")
            self.desk_db = Path(self._stand_in.name) / "desk.db"
            return SqliteDeskStore(self.desk_db)
        if store.is_copied_open:
            self._problems_at_start[COPIED_DESK] = copied_open_problem(path)
            store.copied_open_was_said()
        return store

    def _writing_failed(self, error: StoreError) -> None:
        """Later, since this comes in the middle of a turn of the desk."""
        self._write_again.start()
        QTimer.singleShot(0, self, lambda: self.say_problem(_DISK, error.problem))

    def _say_of_outbox(self, problem: Problem | None) -> None:
        if problem is None:
            self.problem_is_over(OUTBOX)
        else:
            self.say_problem(OUTBOX, problem)

    def _new_silence_tests(self) -> SilenceTests:
        tests = SilenceTests(
            self.desk,
            store=self.store,
            sources=self.sources,
            secrets=self.secrets,
            places=self.places,
            clock=self.clock,
            to_local=to_local,
            prove_alerts=self._prove_alerts,
            parent=self,
        )
        self.runner.event_seen.connect(tests.event_seen)
        tests.told.connect(self._say_of)
        tests.proven.connect(self._say_that_customers_are_quiet)
        return tests

    def _say_that_customers_are_quiet(self, words: str) -> None:
        from supportdesk.services.hints import customers_are_quiet  # somebody asked

        self.runner.tell(customers_are_quiet(words, self.clock.now()))

    def _prove_alerts(self) -> None:
        presenter: object = self._presenter
        if isinstance(presenter, ProvesItself):
            presenter.prove()

    def _say_of(self, part: str, problem: Problem | None) -> None:
        if problem is None:
            self.problem_is_over(part)
        else:
            self.say_problem(part, problem)

    def _write_waiting(self) -> None:
        if self.store.write_waiting():
            self._write_again.stop()
            self.problem_is_over(_DISK)

    def _newest_messages(self) -> Iterable[MessageSummary]:
        for account in self.settings.mail:
            newest = self.cache.newest(account.name, NEWEST_MESSAGES)
            yield from self.silence_tests.look_through(newest)

    def local_now(self) -> datetime:
        return to_local(self.clock.now())


def _voice_tables(kept_in: SqliteDeskStore) -> "VoiceTables":
    from supportdesk.adapters.storage.voice_tables import VoiceTables  # a quiet tray asks for none

    return VoiceTables(kept_in.connection, kept_in.path)


def _lift_tables(kept_in: SqliteDeskStore) -> "LiftTables":
    from supportdesk.adapters.storage.lift_tables import LiftTables  # with the first lift

    return LiftTables(kept_in.connection, kept_in.path)


class _AtOnce:
    """A Publisher for what comes on the GUI thread: when it returns, nothing can be lost."""

    def __init__(self, receive: Callable[[Event], None]) -> None:
        self._receive = receive

    def publish(self, event: Event) -> None:
        self._receive(event)


def _settings_gone(path: Path) -> Problem:
    return Problem(
        title=f"{path.name} is gone",
        advice=f"Put it back at {path}. Until then the settings hold that were there before.",
        is_for_founder=True,
    )
