"""Posts the letters of the practice into its mailbox, and the customers' answers to the founder."""

import email
import email.policy
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses

from supportdesk.practice.company import Company
from supportdesk.practice.letters import Letter, Letters
from supportdesk.practice.mail_server import INBOX, PracticeMailServer
from supportdesk.practice.mail_sink import SentMail
from supportdesk.practice.post_office import Posted, PostOffice

_SEEN = "\\Seen"
_ANSWERED = "\\Answered"


class Mailroom:
    """Posts letters into the practice mailbox and remembers where they lie."""

    def __init__(
        self, company: Company, letters: Letters, server: PracticeMailServer, *, token: str
    ) -> None:
        self._company = company
        self._letters = letters
        self._server = server
        self._office = PostOffice(company, token=token)
        self._uids: dict[str, int] = {}
        self._answered: set[str] = set()

    async def fill(self, now: datetime) -> None:
        """What lies there before the day begins."""
        for letter in self._letters.before:
            at = now - timedelta(minutes=letter.minutes_ago)
            posted = self._office.post(letter, at=at)
            flags = {_SEEN} if letter.seen or letter.sender in self._company.team else set()
            if letter.answered:
                flags |= {_SEEN, _ANSWERED}
            await self._deliver(posted, flags)

    async def post(self, key: str, *, at: datetime, lap: int) -> None:
        """A letter of the day; a colleague's answer also marks what it answers."""
        letter = self._letters.live[key]
        posted = self._office.post(letter, at=at, lap=lap)
        is_ours = letter.sender in self._company.team
        await self._deliver(posted, {_SEEN} if is_ours else set())
        parent = self._office.find(letter.replies_to, lap)
        if is_ours and parent is not None and parent.message_id in self._uids:
            uid = self._uids[parent.message_id]
            await self._server.add_flag(INBOX, uid, _ANSWERED)

    def follow_up_seconds(self, mail: SentMail) -> float | None:
        """When the customer will write back to the founder; None if they will not."""
        customer = self._addressee(mail)
        reply = self._letters.follow_up_of(customer) if customer else None
        return None if reply is None or customer in self._answered else reply.after_seconds

    async def post_follow_up(self, mail: SentMail, *, at: datetime) -> None:
        """The customer answers the founder, once."""
        customer = self._addressee(mail)
        reply = self._letters.follow_up_of(customer) if customer else None
        if reply is None or customer in self._answered:
            return
        self._answered.add(customer)
        founders = email.message_from_bytes(mail.message, policy=email.policy.default)
        subject = str(founders["Subject"] or "")
        letter = Letter(
            key=f"{customer}-answers-founder",
            sender=customer,
            subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
            text=reply.text.strip(),
            quotes=True,
        )
        parent = Posted(
            message_id=str(founders["Message-ID"] or ""),
            references=tuple(str(founders["References"] or "").split()),
            writer=self._company.name,
            text=_plain_text(founders),
            sent_at=at,
            mailbox=INBOX,
            raw=b"",
        )
        await self._deliver(self._office.answer_to(letter, parent, at=at), set())

    async def _deliver(self, posted: Posted, flags: set[str]) -> None:
        uid = await self._server.deliver(
            posted.mailbox, posted.raw, arrived=posted.sent_at, flags=flags
        )
        if posted.mailbox == INBOX:
            self._uids[posted.message_id] = uid

    def _addressee(self, mail: SentMail) -> str:
        for _, address in getaddresses(list(mail.recipients)):
            person = self._company.by_address(address)
            if person is not None:
                return person.key
        return ""


def _plain_text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    content = part.get_content() if part is not None else ""
    return content if isinstance(content, str) else ""
