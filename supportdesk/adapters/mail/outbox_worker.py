"""The thread that sends for one mail account; there is none while nothing is to be sent.

It begins with the first thing to do and ends a minute after the last one, and with it its
connection to the mailbox, which is a second one beside that which reads. Each request ends in one
event. It touches no database: what was done is written down by whoever hears the events, and
before the last dot of a message the thread waits until that has been done.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.outbox_steps import NotYet, OutboxSteps
from supportdesk.adapters.mail.outgoing_files import OutgoingFiles
from supportdesk.adapters.mail.transport import StoppedError, Transport, Waker, Wakeup
from supportdesk.adapters.mail.writing_connection import WritingConnection
from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.errors import ConnectionLost, SupportDeskError
from supportdesk.domain.send_events import (
    SendAccepted,
    SendDoubtful,
    SendFailed,
    SendPoised,
    SendStep,
)
from supportdesk.domain.sending import Outgoing
from supportdesk.domain.settings import MailSettings
from supportdesk.services.ports import Clock, Publisher

_log = logging.getLogger(__name__)
REST_SECONDS = 60.0
_GO_AHEAD_SECONDS = 30.0


class _Act(Enum):
    """What is asked of the thread."""

    FREEZE = "freeze"
    MARK = "mark"
    UNMARK = "unmark"
    SEND = "send"
    LOOK_FOR = "look for"
    FILE = "file"
    FLAG = "flag"
    COPY_DRAFT = "copy the draft"
    REMOVE_COPY = "remove the copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One request; not to be begun before `due`, in monotonic seconds."""

    act: _Act
    draft_id: DraftId
    draft: Draft | None = None
    outgoing: Outgoing | None = None
    learnt: bool | None = None
    due: float = 0.0


class _Go(Enum):
    """What was said to a message that waits for its last dot."""

    WAITS = "waits"
    GOES = "goes"
    GIVEN_UP = "given up"


class OutboxWorker:
    """Port MailSender for one account. Requests and `stop` belong to one thread."""

    def __init__(
        self,
        settings: MailSettings,
        *,
        steps: OutboxSteps,
        files: OutgoingFiles,
        secret_of: Callable[[], str],
        sending_secret_of: Callable[[], str],
        publisher: Publisher,
        clock: Clock,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._settings = settings
        self._steps = steps
        self._files = files
        self._sending_secret_of = sending_secret_of
        self._publisher = publisher
        self._clock = clock
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()  # guards the next five
        self._tasks: deque[_Task] = deque()
        self._thread: threading.Thread | None = None
        self._waker: Waker | None = None
        self._poised: tuple[DraftId, _Go] | None = None
        self._given_up: set[DraftId] = set()
        self._stopping = threading.Event()
        self._mailbox = WritingConnection(settings, secret_of, clock, self._stopping.is_set)

    # The port, on the caller's thread

    def freeze(self, draft: Draft) -> None:
        self._ask(_Task(act=_Act.FREEZE, draft_id=draft.draft_id, draft=draft))

    def copy_draft(self, draft: Draft) -> None:
        self._ask(_Task(act=_Act.COPY_DRAFT, draft_id=draft.draft_id, draft=draft))

    def remove_copy(self, draft: Draft) -> None:
        self._ask(_Task(act=_Act.REMOVE_COPY, draft_id=draft.draft_id, draft=draft))

    def mark(self, outgoing: Outgoing) -> None:
        self._ask(_task(_Act.MARK, outgoing))

    def unmark(self, outgoing: Outgoing) -> None:
        self._ask(_task(_Act.UNMARK, outgoing))

    def send(self, outgoing: Outgoing) -> None:
        with self._lock:
            self._given_up.discard(outgoing.draft_id)
        self._ask(_task(_Act.SEND, outgoing))

    def look_for(self, outgoing: Outgoing) -> None:
        self._ask(_task(_Act.LOOK_FOR, outgoing))

    def file(self, outgoing: Outgoing, learnt: bool | None = None) -> None:
        """`learnt`: whether the server is known to file copies by itself."""
        self._ask(replace(_task(_Act.FILE, outgoing), learnt=learnt))

    def flag(self, outgoing: Outgoing) -> None:
        self._ask(_task(_Act.FLAG, outgoing))

    def go_on(self, draft_id: DraftId) -> None:
        self._say(draft_id, _Go.GOES)

    def give_up(self, draft_id: DraftId) -> None:
        with self._lock:
            self._given_up.add(draft_id)
        self._say(draft_id, _Go.GIVEN_UP)

    def stop(self, limit_seconds: float) -> None:
        """End the thread; what it had not done is said to have failed."""
        self._stopping.set()
        with self._lock:
            thread = self._thread
            if self._waker is not None:
                self._waker.wake()
        if thread is not None:
            thread.join(limit_seconds)
            if thread.is_alive():
                _log.warning("The thread that sends for %s did not end", self._settings.name)

    def _ask(self, task: _Task) -> None:
        with self._lock:
            self._tasks.append(task)
            if self._waker is None:
                self._waker = Waker()
                self._thread = threading.Thread(
                    target=self._run,
                    args=(self._waker,),
                    name=f"outbox {self._settings.name}",
                    daemon=True,
                )
                self._thread.start()
            else:
                self._waker.wake()

    def _say(self, draft_id: DraftId, word: _Go) -> None:
        """Too late is too late: only who waits for its dot right now is told."""
        with self._lock:
            if self._poised == (draft_id, _Go.WAITS):
                self._poised = (draft_id, word)
                if self._waker is not None:
                    self._waker.wake()

    # The thread

    def _run(self, waker: Waker) -> None:
        rests_at = self._clock.monotonic_seconds() + self._rest_seconds
        while (task := self._next(waker, rests_at)) is not None:
            self._do(task, waker)
            rests_at = self._clock.monotonic_seconds() + self._rest_seconds

    def _next(self, waker: Waker, rests_at: float) -> _Task | None:
        """Wait for what is due; None once there is nothing to be done any more."""
        while not self._ends(waker, rests_at):
            now = self._clock.monotonic_seconds()
            with self._lock:
                task = self._take_due(now)
                waits_until = min((one.due for one in self._tasks), default=rests_at)
            if task is not None:
                return task
            if now >= rests_at and self._steps.has_filed:
                self._count_copies(waker)
            else:
                waker.wait(waits_until - now)
        return None

    def _ends(self, waker: Waker, rests_at: float) -> bool:
        """Let go of everything when it is time to; whoever asks then begins another thread."""
        with self._lock:
            is_stopping = self._stopping.is_set()
            left = list(self._tasks) if is_stopping else []
            is_at_rest = self._clock.monotonic_seconds() >= rests_at and not self._tasks
            if not is_stopping and (not is_at_rest or self._steps.has_filed):
                return False
            self._tasks.clear()
            self._mailbox.drop()
            waker.close()
            self._thread = self._waker = None
        for task in left:
            self._fail(task, _ended())
        return True

    def _take_due(self, now: float) -> _Task | None:
        for task in self._tasks:
            if task.due <= now:
                self._tasks.remove(task)
                return task
        return None

    def _do(self, task: _Task, waker: Waker) -> None:
        try:
            step = self._step(task, waker)
        except NotYet as later:
            due = self._clock.monotonic_seconds() + later.seconds
            with self._lock:
                self._tasks.append(replace(task, due=due))
        except SupportDeskError as error:
            _log.info("%s: %s", self._settings.name, error)
            self._fail(task, error)
        except StoppedError:
            self._fail(task, _ended())
        except Exception as error:  # noqa: BLE001 - our mistake must not leave a message waiting
            _log.exception("Mistake while sending for %s", self._settings.name)
            self._mailbox.drop()
            self._fail(task, mail_problems.our_mistake(error))
        else:
            self._publisher.publish(step)

    def _step(self, task: _Task, waker: Waker) -> SendStep:
        if task.draft is not None:
            return self._step_of_draft(task.act, task.draft, waker)
        outgoing = task.outgoing
        if outgoing is None:
            raise ValueError(task.act)
        match task.act:
            case _Act.SEND:
                return self._send(outgoing, waker)
            case _Act.FILE:
                return self._mailbox.use(
                    waker, lambda link: self._steps.file(link, outgoing, learnt=task.learnt)
                )
            case _Act.MARK:
                return self._mailbox.use(waker, lambda link: self._steps.mark(link, outgoing))
            case _Act.UNMARK:
                return self._mailbox.use(waker, lambda link: self._steps.unmark(link, outgoing))
            case _Act.LOOK_FOR:
                return self._mailbox.use(waker, lambda link: self._steps.look_for(link, outgoing))
            case _Act.FLAG:
                return self._mailbox.use(waker, lambda link: self._steps.flag(link, outgoing))
            case _:
                raise ValueError(task.act)

    def _step_of_draft(self, act: _Act, draft: Draft, waker: Waker) -> SendStep:
        match act:
            case _Act.FREEZE:
                return self._steps.freeze(draft)
            case _Act.COPY_DRAFT:
                return self._mailbox.use(waker, lambda link: self._steps.copy_draft(link, draft))
            case _Act.REMOVE_COPY:
                return self._mailbox.use(waker, lambda link: self._steps.remove_copy(link, draft))
            case _:
                raise ValueError(act)

    def _fail(self, task: _Task, error: SupportDeskError) -> None:
        from supportdesk.adapters.mail.letter_problems import (
            LetterDelayed,
            LetterRefused,
            OutcomeUnknown,
        )

        account, draft_id = self._settings.name, task.draft_id
        if isinstance(error, OutcomeUnknown):
            step: SendStep = SendDoubtful(account=account, draft_id=draft_id, problem=error.problem)
        else:
            refused = error.refused if isinstance(error, LetterRefused | LetterDelayed) else ()
            step = SendFailed(
                account=account,
                draft_id=draft_id,
                problem=error.problem,
                is_final=isinstance(error, LetterRefused) or _is_unwritable(task, error),
                refused=refused,
            )
        self._publisher.publish(step)

    # Sending

    def _send(self, outgoing: Outgoing, waker: Waker) -> SendStep:
        from supportdesk.adapters.mail.smtp_login import log_in_to_send

        envelope = self._files.envelope(outgoing.draft_id)
        transport = Transport(waker, self._clock, self._stopping.is_set)
        link = log_in_to_send(transport, self._settings, self._sending_secret_of())
        try:
            link.offer(envelope.sender, envelope.recipients, self._files.wire(outgoing.draft_id))
            self._wait_for_go_ahead(outgoing.draft_id, link.wait)
            reply = link.finish()
            self._steps.accepted(outgoing)
        except BaseException:
            link.close()
            raise
        link.leave()
        return SendAccepted(account=outgoing.account, draft_id=outgoing.draft_id, words=reply.words)

    def _wait_for_go_ahead(self, draft_id: DraftId, wait: Callable[[float], Wakeup]) -> None:
        """Return when POISED is on the disk; what is raised means that no dot was sent."""
        until = self._clock.monotonic_seconds() + _GO_AHEAD_SECONDS
        with self._lock:
            if draft_id in self._given_up:
                raise _given_up()
            self._poised = (draft_id, _Go.WAITS)
        self._publisher.publish(SendPoised(account=self._settings.name, draft_id=draft_id))
        why: Wakeup | None = None
        while True:
            left = until - self._clock.monotonic_seconds()
            with self._lock:
                word = self._poised[1] if self._poised else _Go.GIVEN_UP
                if word is not _Go.WAITS or left <= 0 or why is Wakeup.DATA:
                    self._poised = None  # from here on a word is too late
                    break
            try:
                why = wait(left)
            except BaseException:
                with self._lock:
                    self._poised = None
                raise
        if word is _Go.GIVEN_UP:
            raise _given_up()
        if word is _Go.WAITS:
            raise _not_told(is_server=why is Wakeup.DATA)

    def _count_copies(self, waker: Waker) -> None:
        """Nothing more is to be done: learn what the server did of itself meanwhile."""
        try:
            for step in self._mailbox.use(waker, self._steps.count_copies):
                self._publisher.publish(step)
        except (StoppedError, SupportDeskError) as error:
            _log.info("%s: copies in Sent were not counted: %s", self._settings.name, error)


def _task(act: _Act, outgoing: Outgoing) -> _Task:
    return _Task(act=act, draft_id=outgoing.draft_id, outgoing=outgoing)


def _is_unwritable(task: _Task, error: SupportDeskError) -> bool:
    """No retry makes a message of it: somebody's address cannot be written."""
    return task.act is _Act.FREEZE and type(error) is SupportDeskError


def _ended() -> SupportDeskError:
    return ConnectionLost(
        "Sending was stopped before it was done", "It goes on when supportdesk runs again."
    )


def _given_up() -> SupportDeskError:
    return ConnectionLost("You have stopped this message", "Nothing was sent.")


def _not_told(*, is_server: bool) -> SupportDeskError:
    if is_server:
        return ConnectionLost(
            "The mail server stopped waiting for the end of the message",
            "Nothing was sent. supportdesk tries again by itself.",
        )
    return ConnectionLost(
        "supportdesk could not note in time that this message goes out",
        "Nothing was sent: the disk may be full or busy. supportdesk tries again by itself.",
    )
