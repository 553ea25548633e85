"""The copy of an answer in Sent: looked for, put there once, never taken away.

Servers do not notice that they have been given the same message twice, so we look before each
APPEND; and after a wire that broke in the middle of one, or a run that was killed there, we look
twice, since what was begun may arrive while we look.
"""

import re
from pathlib import Path

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.mailbox_names import list_command, sent_among
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.errors import ConnectionLost, SettingsError
from supportdesk.domain.mail import MessageAddress
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import ListedMailbox, Response, TaggedStatus

_FULL = re.compile(r"quota|full|space|LIMIT\b|storage", re.IGNORECASE)


class CopyRefused(ConnectionLost):
    """The answer has gone out; the server does not take its copy."""

    is_for_founder = True


class SentCopies:
    """The Sent mailbox of one connection."""

    def __init__(self, link: WritingLink, settings: MailSettings) -> None:
        self._link = link
        self._settings = settings
        self._mailbox = settings.sent

    @property
    def mailbox(self) -> str:
        """Its name. Raises SettingsError when there is none."""
        if not self._mailbox:
            listed: list[ListedMailbox] = []

            def hear(response: Response) -> None:
                if isinstance(response, ListedMailbox):
                    listed.append(response)

            self._link.run(list_command(self._link.capabilities), hear)
            self._mailbox = sent_among(listed)
        if not self._mailbox:
            raise SettingsError(
                f"{self._settings.host} has no mailbox for sent mail",
                "Make one in your mail program, or name one in Settings as “sent”; the copy of"
                " your answer is kept here until then.",
                key="sent",
            )
        return self._mailbox

    def places(self, message_id: str) -> list[MessageAddress]:
        """Where it lies in Sent, the oldest first.

        Opened anew each time: a mailbox that stays open does not show what others have appended.
        """
        opened = self._link.open(self.mailbox)
        return [
            MessageAddress(mailbox=opened.name, uidvalidity=opened.uidvalidity, uid=uid)
            for uid in self._link.uids_named(message_id)
        ]

    def append(self, content: Path, message_id: str) -> MessageAddress | None:
        """Put it there; None when the server took it and does not tell where it is.

        Raises what a refusal means: the mailbox is full, or not there.
        """
        # Courier takes nothing into the mailbox that is open for reading.
        self._link.open(self._settings.mailbox)
        ended, place = self._link.append(self.mailbox, content)
        if not ended.is_ok:
            raise _refused(self.mailbox, ended, self._settings)
        if place is None:
            place = next(iter(self.places(message_id)), None)
        return place


def _refused(mailbox: str, ended: TaggedStatus, settings: MailSettings) -> ConnectionLost:
    """The words of a refusal are for the founder: only room in the mailbox mends most of them."""
    said = mail_problems.readable(ended.text)[:120]
    if ended.code.upper().startswith("TRYCREATE"):
        return CopyRefused(
            f"There is no mailbox “{mailbox}” at {settings.host} for the copy of your answer",
            "Your answer has gone out. Make that mailbox in your mail program, or name another one"
            " as “sent” in Settings; supportdesk tries again by itself.",
        )
    if _FULL.search(f"{ended.code} {ended.text}"):
        return CopyRefused(
            f"The mailbox of {settings.user} at {settings.host} is full ({said})",
            "Your answer has gone out; only its copy in Sent is missing. Make room, and supportdesk"
            " files it by itself.",
        )
    return CopyRefused(
        f"{settings.host} does not take the copy of your answer ({said})",
        "Your answer has gone out; only its copy in Sent is missing. supportdesk tries again by"
        " itself.",
    )
