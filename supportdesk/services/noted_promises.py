"""What notes promise, and to whom: each note is looked through before it is kept.

Before, for a promise is a commit of its own, which a turn that has begun to write would undo.
"""

from datetime import datetime

from supportdesk.domain.people import CallNote
from supportdesk.domain.side_marks import MailNote
from supportdesk.services.inbox import Inbox
from supportdesk.services.people import People
from supportdesk.services.promises import Noted, Promises


class NotedPromises:
    """Knows whom a note is about. A note without words is one that goes."""

    def __init__(self, promises: Promises, people: People, inbox: Inbox) -> None:
        self._promises = promises
        self._people = people
        self._inbox = inbox

    def of_call(self, note: CallNote, at: datetime) -> None:
        """Raises StoreError."""
        noted = Noted(
            note=note.key,
            words=note.words,
            item=note.call,
            who=self._people.owner_name(note.number) or note.label,
            contact=note.number,
        )
        self._promises.noted(noted, at)

    def of_mail(self, note: MailNote, at: datetime) -> None:
        """Raises StoreError. What a colleague has noted is no promise of the founder's."""
        if note.by:
            return
        conversation = self._inbox.conversation(note.item)
        person = self._people.of_email(note.about)
        who = person.name if person is not None else ""
        if not who and conversation is not None:
            who = self._people.name_of(conversation.customer)
        noted = Noted(
            note=note.key,
            words=note.words,
            item=note.item,
            who=who or note.about,
            contact=note.about,
        )
        self._promises.noted(noted, at)
