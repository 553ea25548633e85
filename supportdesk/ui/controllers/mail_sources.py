"""Where a mail is that the desk does not hold: in mail.db, or anywhere on the server.

The server is asked only for mail of which words are kept: a link may be anybody's.
"""

from collections.abc import Callable, Iterator

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary, mail_key
from supportdesk.domain.search import FoundMail, is_searchable
from supportdesk.domain.text import clean_line
from supportdesk.services.desk import Desk
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts

_MAIL = "mail/"
_NAME = 60


class MailSources:
    """Looks for one mail at a time; the last one asked for is the one that opens.

    Args of the constructor:
        found: Called later with a mail that lies in no mailbox that is watched.
        say: Called with what the search is at, above the list.
    """

    def __init__(
        self,
        desk: Desk,
        acts: Acts,
        *,
        found: Callable[[FoundMail], None],
        say: Callable[[rows.Notice], None],
    ) -> None:
        self._desk = desk
        self._acts = acts
        self._found = found
        self._say = say
        self._wanted = ""

    def known(self, key: str) -> MessageSummary | None:
        """Of mail.db: under its account, or under any other, for accounts are renamed."""
        for account, message_id in self._ids(key):
            message = self._desk.inbox.message(mail_key(account, message_id))
            message = message or self._acts.cached_message(account, message_id)
            if message is not None:
                return message
        return None

    def account_of(self, key: str) -> SourceName | None:
        """Whose mail this key names, of those that are watched."""
        return next((one for one in self._accounts() if key.startswith(_begin(one))), None)

    def look_for(self, key: str) -> bool:
        """Ask the server; False when it is nothing to be asked for."""
        ids = [(account, one) for account, one in self._ids(key) if is_searchable(one)]
        if not ids or not self.has_kept_words(key):
            return False
        self._wanted = key
        self._say(
            rows.Notice(
                title="Looking for this mail",
                text="It lies in no mailbox that is listened to; the others are looked into.",
                tone=rows.Tone.MUTED,
            )
        )
        self._ask(key, ids)
        return True

    def has_kept_words(self, key: str) -> bool:
        """Something was kept or learned of this mail."""
        voices = self._desk.voices
        return bool(voices.of_item(key) or voices.lessons.of([key]))

    def lost_notice(self, key: str) -> rows.Notice:
        """Of a mail of which words are kept, and which cannot be opened."""
        ids = [message_id for _, message_id in self._ids(key)]
        is_unsearchable = bool(ids) and not any(map(is_searchable, ids))
        return unsearchable_notice() if is_unsearchable else gone_notice()

    def give_up(self) -> None:
        """The founder has turned to something else."""
        self._wanted = ""

    # --- inside ------------------------------------------------------------------------

    def _ask(
        self,
        key: str,
        ids: list[tuple[SourceName, MessageId]],
        before: rows.Notice | None = None,
    ) -> None:
        """One account after the other; `before` says which could not be asked."""
        (account, message_id), *more = ids

        def done(found: FoundMail | None, problem: Problem | None) -> None:
            if self._wanted != key:
                return
            if found is not None:
                self.give_up()
                self._found(found)
                return
            failed = before or (_problem_notice(problem) if problem else None)
            if more:
                self._ask(key, more, failed)
            else:
                self.give_up()
                self._say(failed or gone_notice())

        self._acts.ritual.find_mail(account, message_id, done)

    def _ids(self, key: str) -> Iterator[tuple[SourceName, MessageId]]:
        """What it may be called: by its account, or by every one where that is not watched."""
        account = self.account_of(key)
        if account is not None:
            yield account, MessageId(key.removeprefix(_begin(account)))
            return
        _, slash, rest = key.removeprefix(_MAIL).partition("/<")
        if key.startswith(_MAIL) and slash:
            for one in self._accounts():
                yield one, MessageId(f"<{rest}")

    def _accounts(self) -> list[SourceName]:
        return [mail.name for mail in self._acts.settings().mail]


def found_notice(message: MessageSummary) -> rows.Notice:
    """Of a mail that was filed away."""
    mailbox = fit(clean_line(message.address.mailbox), _NAME)
    return rows.Notice(
        title=f"This mail lies in “{mailbox}”",
        text="That mailbox is not listened to. You can read it and answer it all the same.",
        tone=rows.Tone.MUTED,
    )


def gone_notice() -> rows.Notice:
    """Of a mail of which words are kept."""
    return rows.Notice(
        title="This mail is in no mailbox any more",
        text="It was deleted, or moved where this account does not reach. What you kept of it "
        "stays, word for word.",
        tone=rows.Tone.AMBER,
    )


def unsearchable_notice() -> rows.Notice:
    """Of a mail of which words are kept, and for which no server can be asked."""
    return rows.Notice(
        title="This mail cannot be looked for",
        text="It came without a Message-ID, or with one that no mail server can be asked for, and "
        "it lies in no mailbox that is listened to. Your mail program may find it by its sender. "
        "What you kept of it stays, word for word.",
        tone=rows.Tone.AMBER,
    )


def _problem_notice(problem: Problem) -> rows.Notice:
    return rows.Notice(
        title="This mail could not be looked for",
        text=f"{problem.title}. {problem.advice}",
        tone=rows.Tone.AMBER,
    )


def _begin(account: SourceName) -> str:
    return mail_key(account, MessageId(""))
