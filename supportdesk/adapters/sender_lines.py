"""The senders of all accounts, a line each: commands go out by it, and what it tells comes back.

A line that ends is heard to its last word, at once; what comes after that, or comes again the
ordinary way, is nobody's word any more: it would be taken for that of the next one.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol, assert_never

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.events import Event
from supportdesk.domain.health import SourceName
from supportdesk.domain.send_events import SendPoised, SendStep
from supportdesk.domain.sending import Outgoing
from supportdesk.domain.settings import Settings
from supportdesk.services.ports import Publisher
from supportdesk.services.send_commands import (
    Discard,
    FileCopy,
    Flag,
    Freeze,
    GiveUp,
    GoOn,
    LookFor,
    Mark,
    Send,
    Unmark,
)

STOP_SECONDS = 1.0
Asked = Freeze | Mark | Unmark | Send | GoOn | GiveUp | LookFor | FileCopy | Flag | Discard


class Senders(Protocol):
    """Accounts as one sender (`answer_ports.MailSender`): it knows by the draft which is meant."""

    def follow(self, settings: Settings) -> None:
        """Accounts that are gone or changed are given up."""
        ...

    def stop(self, limit_seconds: float) -> None:
        """Give all up; what comes of the last steps is published before this returns, in time."""
        ...

    def discard(self, draft_id: DraftId) -> None:
        """The wire form is needed no more."""
        ...

    def freeze(self, draft: Draft) -> None: ...

    def mark(self, outgoing: Outgoing) -> None: ...

    def unmark(self, outgoing: Outgoing) -> None: ...

    def send(self, outgoing: Outgoing) -> None: ...

    def go_on(self, draft_id: DraftId) -> None: ...

    def give_up(self, draft_id: DraftId) -> None: ...

    def look_for(self, outgoing: Outgoing) -> None: ...

    def file(self, outgoing: Outgoing) -> None: ...

    def flag(self, outgoing: Outgoing) -> None: ...

    def copy_draft(self, draft: Draft) -> None: ...

    def remove_copy(self, draft: Draft) -> None: ...


class _Line:
    """The sender of one account, and the publisher that keeps its words until they are taken in."""

    def __init__(self, publisher: Publisher, make_senders: Callable[[Publisher], Senders]) -> None:
        self._publisher = publisher
        self._told: deque[Event] = deque()
        self._heard = threading.Event()
        self.senders = make_senders(self)

    def publish(self, event: Event) -> None:
        self._told.append(event)
        self._heard.set()
        self._publisher.publish(event)

    def take(self, event: Event) -> bool:
        """It came the ordinary way, in order; False when it is of another line, or was heard."""
        if not self._told or self._told[0] is not event:
            return False
        self._told.popleft()
        return True

    def wait(self, seconds: float) -> list[Event]:
        """What has not come the ordinary way, as soon as there is something."""
        self._heard.clear()
        if not self._told:
            self._heard.wait(seconds)
        return [self._told.popleft() for _ in range(len(self._told))]


class SenderLines:
    """Each is made with the first command for its account. Belongs to one thread."""

    def __init__(self, publisher: Publisher, make_senders: Callable[[Publisher], Senders]) -> None:
        self._publisher = publisher
        self._make_senders = make_senders
        self._settings = Settings()
        self._lines: dict[SourceName, _Line] = {}

    def use(self, settings: Settings) -> tuple[SourceName, ...]:
        """The settings hold from now on; returns the accounts whose line ends by them."""
        before, self._settings = self._settings, settings
        return tuple(
            account
            for account in self._lines
            if _as_line_needs(before, account) != _as_line_needs(settings, account)
        )

    @property
    def accounts(self) -> tuple[SourceName, ...]:
        return tuple(self._lines)

    def takes(self, event: SendStep) -> bool:
        """Is it a word that has not been heard, of a line that there is?"""
        line = self._lines.get(event.account)
        return line is not None and line.take(event)

    def last_words(self, account: SourceName, seconds: float) -> list[Event]:
        """What it has told, as soon as that is something.

        Nothing new is begun by it: a try that waits for its dot does not get it, and is given up.
        """
        told = self._lines[account].wait(seconds)
        return [event for event in told if not isinstance(event, SendPoised)]

    def end(self, account: SourceName) -> list[Event]:
        """Stop it, and hear it to the end."""
        self._lines[account].senders.stop(STOP_SECONDS)
        told = self.last_words(account, 0.0)
        del self._lines[account]
        return told

    def copy_draft(self, draft: Draft) -> None:
        """A copy into the Drafts mailbox, in place of the last one."""
        self._of(draft.account).copy_draft(draft)

    def remove_copy(self, draft: Draft) -> None:
        self._of(draft.account).remove_copy(draft)

    def ask(self, command: Asked) -> None:
        match command:
            case Freeze():
                self._of(command.draft.account).freeze(command.draft)
            case GoOn():
                self._of(command.account).go_on(command.draft_id)
            case GiveUp():
                self._of(command.account).give_up(command.draft_id)
            case Discard():
                self._of(command.account).discard(command.draft_id)
            case _:
                self._ask_about(command)

    def _ask_about(self, command: Mark | Unmark | Send | LookFor | FileCopy | Flag) -> None:
        senders = self._of(command.outgoing.account)
        match command:
            case Mark():
                senders.mark(command.outgoing)
            case Unmark():
                senders.unmark(command.outgoing)
            case Send():
                senders.send(command.outgoing)
            case LookFor():
                senders.look_for(command.outgoing)
            case FileCopy():
                senders.file(command.outgoing)
            case Flag():
                senders.flag(command.outgoing)
            case _:
                assert_never(command)

    def _of(self, account: SourceName) -> Senders:
        line = self._lines.get(account)
        if line is None:
            line = self._lines[account] = _Line(self._publisher, self._make_senders)
            line.senders.follow(_as_line_needs(self._settings, account))
        return line.senders


def _as_line_needs(settings: Settings, account: SourceName) -> Settings:
    """What the sender of one account has to know."""
    mine = tuple(one for one in settings.mail if one.name == account)
    return Settings(mail=mine, answering=settings.answering)
