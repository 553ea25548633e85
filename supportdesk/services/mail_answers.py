"""A mail answered is a person reached: what they called for before it is done (F21).

The other way round nothing is done: a talk on the phone answers no mail.
"""

from datetime import datetime

from supportdesk.domain.mail import Conversation
from supportdesk.domain.waiting import is_answer, moment
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.people import People


class MailAnswers:
    """Looks at the open missed calls of people whose addresses are known."""

    def __init__(self, people: People, calls: CallsBoard, inbox: Inbox) -> None:
        self._people = people
        self._calls = calls
        self._inbox = inbox

    def settle(self) -> bool:
        """Close what was answered by mail since; was there anything?"""
        closed = False
        for missed in self._calls.missed():
            if not missed.is_open:
                break  # The open ones come first.
            closed |= self._settle(missed.newest.number)
        return closed

    def answered(self, email: str, at: datetime) -> bool:
        """A mail from there was marked as answered; nobody has seen the answer itself."""
        person = self._people.of_email(email)
        numbers = person.numbers[:1] if person is not None else ()
        return any(self._calls.answered_by_mail(number, at) for number in numbers)

    def _settle(self, number: str) -> bool:
        person = self._people.of_number(number)
        emails = person.emails if person is not None else ()
        answers = [at for email in emails if (at := self._answered_at(email)) is not None]
        return bool(answers) and self._calls.answered_by_mail(number, max(answers))

    def _answered_at(self, email: str) -> datetime | None:
        found = [_last_answer(one) for one in self._inbox.conversations_with(email)]
        return max((one for one in found if one is not None), default=None)


def _last_answer(conversation: Conversation) -> datetime | None:
    answers = (moment(one) for one in reversed(conversation.messages) if is_answer(one))
    return next(answers, None)
