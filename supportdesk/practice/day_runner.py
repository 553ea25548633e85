"""Acts out the script on the practice servers: posts mail, lets callers ring."""

import asyncio
import email
import email.policy
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from typing import assert_never

from supportdesk.practice.company import Company
from supportdesk.practice.letters import Letter, Letters
from supportdesk.practice.mail_server import INBOX, PracticeMailServer
from supportdesk.practice.mail_sink import SentMail
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import IncomingCall
from supportdesk.practice.pbx_switch import Party
from supportdesk.practice.post_office import Posted, PostOffice
from supportdesk.practice.practice_clock import PracticeClock
from supportdesk.practice.script import (
    FOUNDER,
    DayScript,
    Due,
    Happening,
    MailIsPosted,
    MemberPauses,
    MemberUnpauses,
    PhoneLeaves,
    PhoneReturns,
    SomebodyCalls,
)

_SEEN = "\\Seen"
_ANSWERED = "\\Answered"

_log = logging.getLogger(__name__)


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


class DayRunner:
    """Follows the clock through the script; one coroutine, plus one a customer's answer."""

    def __init__(
        self,
        script: DayScript,
        company: Company,
        mailroom: Mailroom,
        model: PbxModel,
        clock: PracticeClock,
        *,
        settle: Callable[[], None],
    ) -> None:
        self._script = script
        self._company = company
        self._mailroom = mailroom
        self._model = model
        self._clock = clock
        self._settle = settle
        self._answers: set[asyncio.Task[None]] = set()

    def happened_before(self) -> None:
        """Puts the PBX into the state the script wants it in at second 0."""
        for due in self._script.before_start():
            self._model.advance(due.at)
            self._act_on_phones(due.happening)
        self._model.advance(0)
        self._model.take_events()

    async def run(self) -> None:
        for due in self._script.from_start():
            await self._clock.sleep_until(due.at)
            await self._act(due)

    def founder_wrote(self, mail: SentMail) -> None:
        seconds = self._mailroom.follow_up_seconds(mail)
        if seconds is not None:
            due = self._clock.elapsed_seconds() + seconds
            answer = asyncio.get_running_loop().create_task(self._answer_later(mail, due))
            self._answers.add(answer)
            answer.add_done_callback(self._answers.discard)

    async def _answer_later(self, mail: SentMail, due: float) -> None:
        await self._clock.sleep_until(due)
        await self._mailroom.post_follow_up(mail, at=self._clock.now())

    async def _act(self, due: Due) -> None:
        _log.debug("practice second %.0f: %s", due.at, due.happening)
        if isinstance(due.happening, MailIsPosted):
            await self._mailroom.post(due.happening.letter, at=self._clock.now(), lap=due.lap)
        else:
            self._settle()
            self._act_on_phones(due.happening)
            self._settle()

    def _act_on_phones(self, happening: Happening) -> None:
        model = self._model
        match happening:
            case SomebodyCalls():
                self._call(happening)
            case MemberPauses(who=who, reason=reason):
                model.pause(self._interface(who), reason)
            case MemberUnpauses(who=who):
                model.unpause(self._interface(who))
            case PhoneLeaves(who=who):
                model.set_registered(self._interface(who), registered=False)
            case PhoneReturns(who=who):
                model.set_registered(self._interface(who), registered=True)
            case MailIsPosted():
                raise ValueError("mail before the start belongs into mail_before.toml")
            case _:
                assert_never(happening)

    def _call(self, happening: SomebodyCalls) -> None:
        company = self._company
        customer = company.correspondents.get(happening.customer)
        answerer = company.team.get(happening.answered_by)
        call = IncomingCall(
            caller=customer.party if customer else Party(number=happening.number),
            patience_seconds=happening.patience_seconds,
            answer_seconds=happening.answer_seconds,
            answered_by=answerer.name if answerer else "",
            talk_seconds=happening.talk_seconds,
        )
        if not happening.to:
            self._model.call_queue(call)
        else:
            is_founder = happening.to == FOUNDER
            desk = company.founder if is_founder else company.team[happening.to].desk
            self._model.call_phone(desk.extension, call)

    def _interface(self, who: str) -> str:
        return self._company.team[who].desk.interface


def _plain_text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    content = part.get_content() if part is not None else ""
    return content if isinstance(content, str) else ""
