"""The threads that carry claims, tags and shared notes to the mail servers; none while nobody does.

One begins with the first wish for an account and ends a few seconds after the last, and with it
its connection. Each wish ends in one `ClaimSettled` or `TagSettled`: what is on the message now,
or why not.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.claim_flags import ClaimFlags, Settled
from supportdesk.adapters.mail.claim_markers import ClaimMarkers
from supportdesk.adapters.mail.question_place import place_of
from supportdesk.adapters.mail.transport import StoppedError, Waker
from supportdesk.adapters.mail.writing_connection import WritingConnection
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.errors import Problem, SecretsUnavailable, SupportDeskError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.settings import MailSettings, Settings
from supportdesk.domain.side_events import ClaimSettled, NoteNotShared, TagSettled
from supportdesk.domain.side_marks import MailNote
from supportdesk.services.claims import ClaimAct, ClaimWish
from supportdesk.services.ports import Clock, Publisher, SecretStore

_log = logging.getLogger(__name__)
_REST_SECONDS = 5.0
_GONE = Problem(
    title="This mail has left the mailbox",
    advice="A colleague moved or deleted it. Nothing was done.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    message: MessageSummary
    wish: ClaimWish


@dataclass(frozen=True, slots=True, kw_only=True)
class _NoteTask:
    """A note to be shared, or to be taken back."""

    note: MailNote
    question: MessageId
    by: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _TagTask:
    """A tag to be set, or to be taken off."""

    message: MessageSummary
    name: str
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadTask:
    """A message to be marked as read by the founder."""

    message: MessageSummary


_AnyTask = _Task | _NoteTask | _TagTask | _ReadTask


class ClaimWorker:
    """One account. `ask`, `tag`, `share` and `stop` belong to one thread."""

    def __init__(
        self,
        settings: MailSettings,
        *,
        secret_of: Callable[[], str],
        publisher: Publisher,
        clock: Clock,
        rest_seconds: float = _REST_SECONDS,
    ) -> None:
        self._settings = settings
        self._publisher = publisher
        self._clock = clock
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()  # guards the next two
        self._tasks: deque[_AnyTask] = deque()
        self._waker: Waker | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._mailbox = WritingConnection(settings, secret_of, clock, self._stopping.is_set)

    def ask(self, message: MessageSummary, wish: ClaimWish) -> None:
        self._take(_Task(message=message, wish=wish))

    def share(self, note: MailNote, question: MessageId, by: str, *, is_gone: bool = False) -> None:
        """Put a note into the mailbox of notes; with `is_gone` it shall lie there no more."""
        self._take(_NoteTask(note=note, question=question, by=by, is_gone=is_gone))

    def tag(self, message: MessageSummary, name: str, *, is_gone: bool) -> None:
        """Set a tag; with `is_gone` take it off."""
        self._take(_TagTask(message=message, name=name, is_gone=is_gone))

    def mark_read(self, message: MessageSummary) -> None:
        """The founder has really read it."""
        self._take(_ReadTask(message=message))

    def _take(self, task: _AnyTask) -> None:
        with self._lock:
            self._tasks.append(task)
            if self._waker is not None:
                self._waker.wake()
                return
            self._waker = Waker()
            name = f"claims {self._settings.name}"
            self._thread = threading.Thread(
                target=self._run, args=(self._waker,), name=name, daemon=True
            )
            self._thread.start()

    def stop(self, limit_seconds: float) -> None:
        """End the thread; wishes that were not carried out are dropped."""
        self._stopping.set()
        with self._lock:
            if self._waker is not None:
                self._waker.wake()
        if self._thread is not None:
            self._thread.join(limit_seconds)

    # The thread

    def _run(self, waker: Waker) -> None:
        rests_at = self._clock.monotonic_seconds() + self._rest_seconds
        while not self._ends(waker, rests_at):
            with self._lock:
                task = self._tasks.popleft() if self._tasks else None
            if task is None:
                waker.wait(rests_at - self._clock.monotonic_seconds())
            else:
                self._do(task, waker)
                rests_at = self._clock.monotonic_seconds() + self._rest_seconds

    def _ends(self, waker: Waker, rests_at: float) -> bool:
        with self._lock:
            is_at_rest = not self._tasks and self._clock.monotonic_seconds() >= rests_at
            if not is_at_rest and not self._stopping.is_set():
                return False
            self._tasks.clear()
            self._mailbox.drop()
            waker.close()
            self._waker = None
            return True

    def _do(self, task: _AnyTask, waker: Waker) -> None:
        try:
            self._mailbox.use(waker, lambda link: self._carry_out(link, task))
        except StoppedError:
            return
        except SupportDeskError as error:
            _log.info("%s: %s", self._settings.name, error)
            self._failed(task, error.problem)
        except Exception as error:  # noqa: BLE001 - our mistake must not leave a wish waiting
            _log.exception("Mistake while claiming for %s", self._settings.name)
            self._mailbox.drop()
            self._failed(task, mail_problems.our_mistake(error).problem)

    def _carry_out(self, link: WritingLink, task: _AnyTask) -> None:
        if isinstance(task, _Task):
            settled = self._settle(link, task)
            self._tell(task, settled, _GONE if settled.is_gone else None)
            return
        # Few teams share more: who only claims does without it.
        if isinstance(task, _ReadTask):
            from supportdesk.adapters.mail.read_mark import settle_read_mark

            self._publisher.publish(settle_read_mark(link, self._settings, task.message))
            return
        if isinstance(task, _TagTask):
            from supportdesk.adapters.mail.tag_flags import settle_tag

            of, name = task.message, task.name
            done = settle_tag(link, self._settings, of, name, is_gone=task.is_gone)
            self._publisher.publish(done)
            return
        from supportdesk.adapters.mail.notes_mailbox import NotesMailbox

        notes = NotesMailbox(link, self._settings)
        if task.is_gone:
            notes.take_back(task.note, task.by)
        else:
            notes.share(task.note, task.question, task.by)

    def _failed(self, task: _AnyTask, problem: Problem) -> None:
        if isinstance(task, _Task):
            self._tell(task, Settled(), problem)
        elif isinstance(task, _ReadTask):
            # A server that is away is told of by those who read from it.
            _log.info("%s: not marked as read: %s", self._settings.name, problem.title)
        elif isinstance(task, _TagTask):
            self._publisher.publish(
                TagSettled(
                    account=self._settings.name,
                    message_id=task.message.message_id,
                    name=task.name,
                    problem=problem,
                    is_final=False,
                )
            )
        else:
            self._publisher.publish(NoteNotShared(account=self._settings.name, problem=problem))

    def _settle(self, link: WritingLink, task: _Task) -> Settled:
        message = task.message
        mailboxes = (self._settings.mailbox, *self._settings.beside_mailbox)
        place = place_of(link, message.message_id, message.address, mailboxes)
        if place is None:
            return Settled(is_gone=True)
        settled = ClaimFlags(link).settle(place, task.wish)
        if settled.is_kept:
            return settled
        markers = ClaimMarkers(link, self._settings, self._clock)
        return markers.settle(message.message_id, task.wish)

    def _tell(self, task: _Task, settled: Settled, problem: Problem | None) -> None:
        self._publisher.publish(
            ClaimSettled(
                account=self._settings.name,
                message_id=task.message.message_id,
                forms=settled.forms,
                was_wished=task.wish.act is not ClaimAct.LET_GO,
                problem=problem,
            )
        )


class ClaimWorkers:
    """All accounts; one thread calls it, the events come from the workers' threads."""

    def __init__(self, *, secrets: SecretStore, publisher: Publisher, clock: Clock) -> None:
        self._secrets = secrets
        self._publisher = publisher
        self._clock = clock
        self._settings: dict[SourceName, MailSettings] = {}
        self._workers: dict[SourceName, ClaimWorker] = {}

    def follow(self, settings: Settings) -> None:
        wanted = {one.name: one for one in settings.mail}
        for name in [one for one in self._workers if wanted.get(one) != self._settings.get(one)]:
            self._workers.pop(name).stop(0.0)
        self._settings = wanted

    def ask(self, message: MessageSummary, wish: ClaimWish) -> None:
        """What comes of it is told by a `ClaimSettled`; nothing for an account that is gone."""
        if worker := self._worker(message.account):
            worker.ask(message, wish)

    def tag(self, message: MessageSummary, name: str, *, is_gone: bool) -> None:
        """What comes of it is told by a `TagSettled`."""
        if worker := self._worker(message.account):
            worker.tag(message, name, is_gone=is_gone)

    def mark_read(self, message: MessageSummary) -> None:
        """What comes of it is told by a `ReadMarkSettled`."""
        if worker := self._worker(message.account):
            worker.mark_read(message)

    def share(
        self,
        account: SourceName,
        note: MailNote,
        question: MessageId,
        by: str,
        *,
        is_gone: bool = False,
    ) -> None:
        """A `NoteNotShared` tells when it did not go."""
        if worker := self._worker(account):
            worker.share(note, question, by, is_gone=is_gone)

    def _worker(self, account: SourceName) -> ClaimWorker | None:
        settings = self._settings.get(account)
        if settings is None:
            return None
        if account not in self._workers:
            self._workers[account] = ClaimWorker(
                settings,
                secret_of=lambda: self._secret(settings),
                publisher=self._publisher,
                clock=self._clock,
            )
        return self._workers[account]

    def stop(self, limit_seconds: float) -> None:
        for worker in self._workers.values():
            worker.stop(limit_seconds)
        self._workers.clear()

    def _secret(self, settings: MailSettings) -> str:
        found = self._secrets.get(settings.secret_name)
        if found is None:
            raise SecretsUnavailable(
                f"No password is kept for {settings.name}",
                f"Type it in Settings, or run: supportdesk secret set {settings.secret_name}",
            )
        return found
