"""Follows the clock through the script: mail to the mailroom, the rest to the phones."""

import asyncio
import logging
from collections.abc import Callable

from supportdesk.practice.mail_sink import SentMail
from supportdesk.practice.mailroom import Mailroom
from supportdesk.practice.phone_actor import PhoneActor
from supportdesk.practice.practice_clock import PracticeClock
from supportdesk.practice.script import DayScript, Due, MailIsPosted

_log = logging.getLogger(__name__)


class DayRunner:
    """Follows the clock through the script; one coroutine, plus one a customer's answer."""

    def __init__(
        self,
        script: DayScript,
        mailroom: Mailroom,
        phones: PhoneActor,
        clock: PracticeClock,
        *,
        settle: Callable[[], None],
    ) -> None:
        """`settle` brings the PBX up to the present moment and tells what happened."""
        self._script = script
        self._mailroom = mailroom
        self._phones = phones
        self._clock = clock
        self._settle = settle
        self._answers: set[asyncio.Task[None]] = set()

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
            self._phones.act(due.happening)
            self._settle()
