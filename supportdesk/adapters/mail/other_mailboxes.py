"""The mailboxes beside the inbox: which there are, and what is not there any more.

A refusal may pass: what is known of a mailbox is forgotten only when the settings do not name it
any more, or when the server says that it does not exist.
"""

from collections.abc import Callable, Iterator

from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.mailbox_names import (
    decoded,
    list_command,
    quoted,
    refusal,
    sent_among,
)
from supportdesk.adapters.mail.source_health import SourceHealthReporter
from supportdesk.adapters.mail.watched_mailbox import WatchedMailbox
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.errors import Problem, SettingsError
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import (
    ListedMailbox,
    MailboxStatus,
    Response,
    TaggedStatus,
)

_UNREAL = {"\\nonexistent", "\\noselect"}
_Hear = Callable[[Response], None]


class OtherMailboxes:
    """Those of one connection, without the main one.

    Attributes:
        has_dropped: One of them is none of ours any more; whoever forgets it takes this back.
    """

    def __init__(
        self,
        *,
        link: ImapLink,
        settings: MailSettings,
        cache: MailCacheWriter,
        health: SourceHealthReporter,
        hear: _Hear,
    ) -> None:
        self._link = link
        self._settings = settings
        self._cache = cache
        self._health = health
        self._hear = hear
        self._others: list[WatchedMailbox] = []
        self._problems: dict[str, Problem] = {}
        self._is_sent_certain = True
        self.has_dropped = False

    def __iter__(self) -> Iterator[WatchedMailbox]:
        return iter(tuple(self._others))

    def __bool__(self) -> bool:
        return bool(self._others)

    def find(self) -> None:
        """Ask which there are, and whether those of the settings are among them."""
        self._others = [WatchedMailbox(name=name) for name in self._settings.beside_mailbox]
        self._add_sent(self._settings.sent or self._find_sent())
        for other in self:
            self.ask_status(other)
        self.has_dropped = True

    def named(self, name: str) -> WatchedMailbox | None:
        return next((one for one in self._others if one.name == name), None)

    def ask_for_sent_again(self) -> None:
        """The server may not have been able to say which it is."""
        if self._is_sent_certain:
            return
        sent = self._find_sent()
        if any(one.is_sent and one.name == sent for one in self):
            return
        for one in self:
            if one.is_sent:
                self._drop(one)
        self._add_sent(sent)

    def ask_status(self, watched: WatchedMailbox) -> MailboxStatus | None:
        """Return how it is, as far as the server says; one that is not there is dropped."""
        found: list[MailboxStatus] = []
        modseq = " HIGHESTMODSEQ" if "CONDSTORE" in self._link.capabilities else ""
        items = f"(MESSAGES UIDNEXT UIDVALIDITY{modseq})"

        def hear(response: Response) -> None:
            if isinstance(response, MailboxStatus):
                found.append(response)
            else:
                self._hear(response)

        ended = self._link.run(f"STATUS {quoted(watched.name)} {items}", hear)
        if ended.is_ok:
            watched.is_there = True
            self._note(watched.name, None)
        elif not watched.is_there:
            self._take_refusal(watched, ended)
        return found[-1] if found else None

    def _take_refusal(self, watched: WatchedMailbox, ended: TaggedStatus) -> None:
        """The inbox is heard all the same; the account's health says what is not."""
        error = refusal(watched.name, ended, self._settings)
        if isinstance(error, SettingsError) and self._is_gone(watched.name, ended):
            self._drop(watched)
        self._note(watched.name, error.problem)

    def _is_gone(self, name: str, ended: TaggedStatus) -> bool:
        """Words alone are no proof: the list of what there is has to say the same."""
        if ended.code.upper().startswith("NONEXISTENT"):
            return True
        listed, is_complete = self._list(f'LIST "" {quoted(name)}')
        return is_complete and not any(
            decoded(one.name) == name and not one.attributes & _UNREAL for one in listed
        )

    def _note(self, name: str, problem: Problem | None) -> None:
        if self._problems.get(name) == problem:
            return
        self._problems.pop(name, None)
        if problem is not None:
            self._problems[name] = problem
        self._health.listening(next(reversed(self._problems.values()), None))

    def _drop(self, watched: WatchedMailbox) -> None:
        self._others.remove(watched)
        self._note(watched.name, None)
        self.has_dropped = True

    def _add_sent(self, name: str) -> None:
        if name and name != self._settings.mailbox:
            self._others.append(WatchedMailbox(name=name, is_sent=True))

    def _find_sent(self) -> str:
        listed, self._is_sent_certain = self._list(list_command(self._link.capabilities))
        if not self._is_sent_certain:
            known = (self._settings.mailbox, *self._settings.beside_mailbox)
            return self._cache.last_sent(self._settings.name, known)
        return sent_among(listed)

    def _list(self, command: str) -> tuple[list[ListedMailbox], bool]:
        """Return what was listed, and whether that is all."""
        listed: list[ListedMailbox] = []

        def hear(response: Response) -> None:
            if isinstance(response, ListedMailbox):
                listed.append(response)
            else:
                self._hear(response)

        return listed, self._link.run(command, hear).is_ok
