"""A window on a real desk, with the outside of the window recorded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import DraftFile, DraftId
from supportdesk.domain.calls import Caller
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import PartHealth, SourceName, TrialStep
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import MessageId, MessagePart, MessageSummary, MessageText
from supportdesk.domain.search import OldMail, SearchAnswer
from supportdesk.domain.settings import (
    AlertSettings,
    AnsweringSettings,
    LiftSettings,
    LookSettings,
    MailSettings,
    PhoneSettings,
    ReadingSettings,
    RitualSettings,
    Settings,
)
from supportdesk.domain.side_marks import MailNote
from supportdesk.services.claims import ClaimWish
from supportdesk.services.desk_state import Turn
from supportdesk.services.forgetting import ForgottenDone
from supportdesk.services.lift_thanks import LiftThanks
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.services.log_union import LogDone
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from supportdesk.ui.controllers.acts import (
    Answer,
    AttachedThen,
    ForgottenThen,
    LogThen,
    Options,
    PictureDone,
    Source,
)
from supportdesk.ui.controllers.dirty_areas import DirtyAreas
from supportdesk.ui.controllers.window_controller import WindowController
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import (
    Action,
    InboxView,
    SourceRow,
)
from supportdesk.ui.theme import Theme
from tests.fakes.answering import FakeAnswering
from tests.fakes.file_acts import FakeFileActs
from tests.fakes.happenings import (
    DeskRig,
    a_caller,
    after,
    as_utc,
    joined,
    missed,
    settings_with,
)
from tests.fakes.ritual import FakeRitual
from tests.fakes.saved_replies import MemoryReplies
from tests.fakes.speller import FakeSpeller
from tests.fakes.stores import MemoryDeskStore
from tests.fakes.voice_store import MemoryVoiceStore


class FakeHealth:
    """A diagnosis whose test begins and gets no further by itself."""

    def __init__(self) -> None:
        self.found: tuple[PartHealth, ...] = ()
        self.steps: tuple[TrialStep, ...] = ()
        self.events: dict[SourceName, datetime] = {}
        self.begun = 0

    def parts(self) -> tuple[PartHealth, ...]:
        return self.found

    def report(self) -> str:
        return "report"

    def last_events(self) -> dict[SourceName, datetime]:
        return self.events

    def trial_steps(self) -> tuple[TrialStep, ...]:
        return self.steps

    def begin_trial(self) -> None:
        self.begun += 1


class FakeActs:
    """The outside of the window, recorded. Phones and link handlers can be switched off."""

    def __init__(self, rig: DeskRig, settings: Settings) -> None:
        self.rig = rig
        self.kept = settings
        self.is_slow = False
        self.answers: list[Callable[[], None]] = []
        """Of a server and a key store that are slow: what they will say."""
        self.links: list[str] = []
        self.copied: list[str] = []
        self.fetched: list[str] = []
        self.dialled: list[str] = []
        self.secrets: dict[str, str] = {}
        self.asked: list[str] = []
        self.histories = 0
        self.searched: list[str] = []
        self.search_limit = 0
        self.found: Callable[[SearchAnswer], None] = lambda _answer: None
        self.listed: Callable[[OldMail], None] = lambda _old: None
        self.cached: dict[int, MessageSummary] = {}
        self.takes_links = True
        self.takes_files = True
        self.parts_here: dict[str, str] = {}
        self.files = FakeFileActs()
        self.claims: list[ClaimWish] = []
        self.answering = FakeAnswering(lambda: rig.now, self.settings)
        self.saved_replies = MemoryReplies()
        self.ritual = FakeRitual(self)
        self.spellers: dict[str, FakeSpeller] = {}
        self.can_ring = True
        self.text: MessageText | None = None
        """Of every message that is not in `texts`."""
        self.texts: dict[str, MessageText] = {}
        self.problem: Problem | None = None
        self.log_size = "412 minutes of 9 weeks since 3 Nov 2025"
        self.person_kept = "This deletes 3 mails with their texts."
        self.on_turn: Callable[[Turn], None] = lambda _turn: None

    def now(self) -> datetime:
        return self.rig.now

    def claim(self, wish: ClaimWish) -> None:
        self.claims.append(wish)

    def share_tags(self) -> None:
        self.asked.append("share tags")

    def share_note(self, key: str) -> None:
        self.asked.append(f"share {key}")

    def take_back_note(self, note: MailNote) -> None:
        self.asked.append(f"take back {note.key}")

    def perform(self, act: Callable[[datetime], Turn]) -> None:
        turn = act(self.rig.now)
        self.rig.take(turn)
        self.on_turn(turn)

    def cached_text(self, message: MessageSummary) -> MessageText | None:
        return self.texts.get(message.key, self.text)

    def fetch_text(self, message: MessageSummary) -> None:
        self.fetched.append(message.key)

    def search(self, words: str, limit: int, done: Callable[[SearchAnswer], None]) -> None:
        self.searched.append(words)
        self.search_limit = limit
        self.found = done

    def list_history(self, done: Callable[[OldMail], None]) -> None:
        self.histories += 1
        self.listed = done

    def cached_messages(self, ids: Sequence[int]) -> list[MessageSummary | None]:
        return [self.cached.get(number) for number in ids]

    def cached_message(self, account: SourceName, message_id: MessageId) -> MessageSummary | None:
        asked = (account, message_id)
        kept = (one for one in self.cached.values() if (one.account, one.message_id) == asked)
        return next(kept, None)

    def cached_conversation(
        self, account: SourceName, message_id: MessageId
    ) -> tuple[MessageSummary, ...]:
        return ()

    def check_now(self) -> None:
        self.asked.append("check")

    def open_link(self, url: str) -> bool:
        self.links.append(url)
        return self.takes_links

    def hand_over(self, url: str, done: Callable[[bool], None]) -> None:
        self.links.append(url)
        self._answer(partial(done, self.takes_links))

    def load_remote_images(self, urls: Sequence[str], done_each: PictureDone) -> Callable[[], None]:
        self.asked.extend(f"image {url}" for url in urls if url)
        self.pictures_done = done_each
        return lambda: self.asked.append("images given up")

    def speller(self, language: str) -> FakeSpeller:
        return self.spellers.setdefault(language, FakeSpeller())

    def fetch_part(self, message: MessageSummary, part: MessagePart) -> bool:
        self.asked.append(f"fetch {part.section}")
        return self.takes_files

    def give_up_part(self, message: MessageSummary, part: MessagePart) -> None:
        self.asked.append(f"give up {part.section}")

    def fetched_part(self, message: MessageSummary, part: MessagePart) -> str:
        return self.parts_here.get(part.section, "")

    def read_picture(self, name: str, path: str, done: PictureDone) -> None:
        self.asked.append(f"picture {name} {path}")
        done(name, QImage(2, 2, QImage.Format.Format_ARGB32), "")

    def show_live_board(self) -> None:
        self.asked.append("live board")

    def attach(self, paths: Sequence[str], then_each: AttachedThen) -> None:
        self.asked.extend(f"attach {path}" for path in paths)
        for path in paths:
            self._answer(partial(self._attached, then_each, path))

    def attach_picture(self, image: QImage, then: AttachedThen) -> None:
        self.asked.append("attach picture")
        self._answer(partial(self._attached, then, "picture.png"))

    def _attached(self, then: AttachedThen, path: str) -> None:
        name = path.rpartition("/")[2]
        file = DraftFile(name=name, media_type="image/png", size_bytes=12, sha256=path)
        then(None if self.problem else file, self.problem)

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def take(self, caller: Caller) -> bool:
        self.dialled.append(f"take {caller.call_id}")
        return self.can_ring

    def call_back(self, phone: SourceName, number: str, name: str) -> bool:
        self.dialled.append(f"call back {number}")
        return self.can_ring

    def settings(self) -> Settings:
        return self.kept

    def keep_source(self, source: Source, was_named: str) -> Problem | None:
        if isinstance(source, MailSettings):
            self.kept = replace(self.kept, mail=(*self.kept.mail, source))
        elif isinstance(source, PhoneSettings):
            self.kept = replace(self.kept, phone=(*self.kept.phone, source))
        return self.problem

    def keep_options(self, options: Options) -> Problem | None:
        """As in the app, what cannot be written does not hold."""
        if self.problem is not None:
            return self.problem
        if isinstance(options, AlertSettings):
            self.kept = replace(self.kept, alerts=options)
        elif isinstance(options, LookSettings):
            self.kept = replace(self.kept, look=options)
        elif isinstance(options, AnsweringSettings):
            self.kept = replace(self.kept, answering=options)
        elif isinstance(options, LiftSettings):
            self.kept = replace(self.kept, lift=options)
        elif isinstance(options, RitualSettings):
            self.kept = replace(self.kept, ritual=options)
        elif isinstance(options, ReadingSettings):
            self.kept = replace(self.kept, reading=options)
        return None

    def export_log(self, folder: str, then: LogThen) -> None:
        self.asked.append(f"export log to {folder}")
        self._answer(partial(then, LogDone(words="2 rows of the log", problem=self.problem)))

    def import_log(self, file: str, then: LogThen) -> None:
        self.asked.append(f"import log from {file}")
        self._answer(partial(then, LogDone(words="2 new spans", problem=self.problem)))

    def measure_log(self, then: LogThen) -> None:
        self.asked.append("measure log")
        self._answer(partial(then, LogDone(words=self.log_size, problem=self.problem)))

    def delete_log(self, then: LogThen) -> None:
        self.asked.append("delete log")
        self._answer(partial(then, LogDone(words="2 rows deleted", problem=self.problem)))

    def export_calls(self, folder: str, done: Answer) -> None:
        self.asked.append(f"export calls to {folder}")
        self._answer(partial(done, "" if self.problem else "2 calls", self.problem))

    def look_for_person(self, who: str, then: ForgottenThen) -> None:
        self.asked.append(f"look for {who}")
        found = ForgottenDone(label=who, words=self.person_kept, problem=self.problem)
        self._answer(partial(then, found))

    def forget_person(self, who: str, then: ForgottenThen) -> None:
        self.asked.append(f"forget {who}")
        done = ForgottenDone(label=who, words=f"{who} is forgotten here.", problem=self.problem)
        self._answer(partial(then, done))

    def keep_secret(self, name: str, secret: str, done: Answer) -> None:
        self.secrets[name] = secret
        self._answer(partial(done, "kept", None))

    def check_mail(
        self, settings: MailSettings, secret: str, smtp_secret: str, done: Answer
    ) -> None:
        self.asked.append(f"check {settings.host} with {secret}")
        if settings.smtp is not None:
            self.asked.append(f"check {settings.smtp.host} with {smtp_secret or secret}")
        words = "" if self.problem else "12 messages in INBOX"
        self._answer(partial(done, words, self.problem))

    def check_phone(self, settings: PhoneSettings, secret: str, done: Answer) -> None:
        done("" if self.problem else "queue support", self.problem)

    def _answer(self, tell: Callable[[], None]) -> None:
        if self.is_slow:
            self.answers.append(tell)
        else:
            tell()

    def open_practice_desk(self) -> None:
        self.asked.append("practice")

    is_practice = False

    def leave_practice_desk(self) -> None:
        self.asked.append("leave practice")

    is_started_with_session = False

    def play_sound(self, done: Callable[[str], None]) -> None:
        self.asked.append("sound")
        done("paplay has played it.")

    def list_sound_devices(self, done: Callable[[Sequence[tuple[str, str]]], None]) -> None:
        done([("headset", "A headset")])

    def starts_with_session(self) -> bool:
        return self.is_started_with_session

    def start_with_session(self, *, wanted: bool) -> Problem | None:
        if self.problem is None:
            self.is_started_with_session = wanted
        return self.problem

    def quit(self) -> None:
        self.asked.append("quit")


class StillClock:
    """Shows the rig's time; seconds are those since its start."""

    def __init__(self, rig: DeskRig) -> None:
        self._rig = rig

    def now(self) -> datetime:
        return self._rig.now

    def monotonic_seconds(self) -> float:
        return (self._rig.now - after(0)).total_seconds()

    def boot_seconds(self) -> float:
        return self.monotonic_seconds()


class CountingWindow(MainWindow):
    """Counts how often its list is shown anew."""

    lists_shown = 0

    def show_inbox(self, view: InboxView) -> None:
        self.lists_shown += 1
        super().show_inbox(view)


class Rig:
    """A window on a desk."""

    def __init__(
        self,
        theme: Theme,
        qtbot: QtBot,
        settings: Settings | None = None,
        to_local: ToLocal = as_utc,
        *,
        store: MemoryDeskStore | None = None,
        voices: MemoryVoiceStore | None = None,
    ) -> None:
        """`store` and `voices`: what an earlier run has left."""
        settings = settings or settings_with()
        self.desk = DeskRig(settings=settings, store=store, voices=voices)
        self.acts = FakeActs(self.desk, settings)
        self.health = FakeHealth()
        self.window = CountingWindow(theme, lambda: b"", lambda _: None)
        qtbot.addWidget(self.window)
        self.log = ReadingLog(store=self.desk.store, rules=ReadingRules(), to_local=to_local)
        self.controller = WindowController(
            self.window,
            theme=theme,
            desk=self.desk.desk,
            log=self.log,
            corrections=LogCorrections(self.log, self.desk.store, to_local),
            clock=StillClock(self.desk),
            to_local=to_local,
            acts=self.acts,
            health=self.health,
            settings_path="settings.toml",
        )
        self.acts.answering.moved = self._draft_moved
        self.dirty = DirtyAreas(self.window)
        self.dirty.settled.connect(self.controller.refresh)
        self.acts.on_turn = lambda turn: self.dirty.mark(turn.changed)
        self.window.show()
        self.controller.refresh_all()

    def _draft_moved(self, draft_id: DraftId) -> None:
        """Both who hear of it outside of these tests: what is behind the window, and the window."""
        answering = self.acts.answering
        outgoing, draft = answering.outgoing(draft_id), answering.draft(draft_id)
        if outgoing is not None and draft is not None:
            LiftThanks(self.desk.desk, self.acts.perform).moved(draft, outgoing)
        self.controller.draft_moved(draft_id)

    def ask(self, action: Action, target: str = "") -> None:
        self.window.choices.asked.emit(action, target)

    def refresh(self) -> None:
        self.controller.refresh_all()

    def miss(
        self,
        call_id: str = "1",
        *,
        number: str = "+420541220018",
        name: str = "Pavel Kiss",
        at: float = 0,
    ) -> str:
        """Somebody rings for nine seconds and gives up; returns the key of the call."""
        caller = a_caller(call_id, number=number, name=name, at=after(at))
        self.desk.apply(joined(caller))
        self.desk.apply(missed(call_id, number=number, name=name, waited=9, at=at + 9))
        self.refresh()
        return caller.key


def rows_of(rig: Rig) -> list[SourceRow]:
    source = rig.window._shown.inbox.rows
    return list(source.rows(0, source.count))
