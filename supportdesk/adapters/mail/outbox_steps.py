"""What each step of sending does, on the worker's thread: one call, one event at its end.

The mailbox is written to at three points, each of which can be done again without harm: the mark
on the question (set and read back), the copy in Sent (looked for before it is put there), and the
flag on the question (set and read back).
"""

import random
from collections.abc import Callable, Sequence

from supportdesk.adapters.mail.answered_flag import flag_answered
from supportdesk.adapters.mail.outgoing_files import Envelope, OutgoingFiles
from supportdesk.adapters.mail.question_place import place_of
from supportdesk.adapters.mail.sending_mark import SeenMarks, SendingMark
from supportdesk.adapters.mail.sent_copy import SentCopies
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.mail import MessageAddress, MessageId
from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    DraftCopied,
    SendFrozen,
    SendMarked,
    SendStep,
    SendUnmarked,
    SentLookedFor,
)
from supportdesk.domain.sending import Outgoing
from supportdesk.domain.settings import KeepsSent, MailSettings
from supportdesk.services.ports import Clock

_FILES_ITSELF = ("smtp.gmail.com", "smtp.office365.com", "smtp-mail.outlook.com")
_ITS_COPY_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 5.0
# What another connection began before it broke, or a run before it was killed, may still arrive.
_BEGUN_SECONDS = 2.0


class NotYet(Exception):
    """No error: to be done again in a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class OutboxSteps:
    """The steps of one account; belongs to the worker's thread."""

    def __init__(
        self,
        settings: MailSettings,
        *,
        files: OutgoingFiles,
        mark: str,
        clock: Clock,
        cached_place: Callable[[MessageId], MessageAddress | None],
    ) -> None:
        self._settings = settings
        self._files = files
        self._mark = mark
        self._clock = clock
        self._cached_place = cached_place
        self._seen_marks = SeenMarks()
        self._marked: dict[DraftId, tuple[str, str]] = {}
        self._looked_since: dict[DraftId, float] = {}
        self._untouched: set[DraftId] = set()
        self._filed: dict[DraftId, str] = {}

    def freeze(self, draft: Draft) -> SendStep:
        """Make the bytes that will be sent."""
        from supportdesk.adapters.mail.mail_head import envelope_addresses
        from supportdesk.adapters.mail.mail_writer import write_mail

        (sender,) = envelope_addresses([draft.sender])
        recipients = envelope_addresses(draft.recipients)
        self._files.save_envelope(draft.draft_id, Envelope(sender=sender, recipients=recipients))
        count = write_mail(
            draft,
            at=self._clock.now().astimezone(),  # in the founder's zone
            files=self._files.attached,
            target=self._files.wire(draft.draft_id),
        )
        return SendFrozen(account=draft.account, draft_id=draft.draft_id, wire_bytes=count)

    def mark(self, link: WritingLink, outgoing: Outgoing) -> SendStep:
        """Set our mark; whoever has set one already goes first."""
        place = self._question(link, outgoing)
        if place is None:
            return _marked(outgoing)  # nothing to set it on: who checks the thread is told why
        mark = self._sending_mark(link, self._mark)
        marking = mark.set_anyway(place) if outgoing.is_sent_anyway else mark.set(place)
        if not marking.is_set:
            return _marked(outgoing, others=marking.others)
        self._marked[outgoing.draft_id] = (outgoing.answers, self._mark)
        return _marked(outgoing, mark=self._mark)

    def unmark(self, link: WritingLink, outgoing: Outgoing) -> SendStep:
        """Take our mark back, unless another message of ours to the same question needs it."""
        mark = outgoing.mark or self._mark
        self._marked.pop(outgoing.draft_id, None)
        if (outgoing.answers, mark) not in self._marked.values():
            place = self._question(link, outgoing)
            if place is not None:
                self._sending_mark(link, mark).take_back(place)
        return SendUnmarked(account=outgoing.account, draft_id=outgoing.draft_id)

    def accepted(self, outgoing: Outgoing) -> None:
        """It has just gone out from here: nobody can have begun to file it."""
        self._untouched.add(outgoing.draft_id)

    def look_for(self, link: WritingLink, outgoing: Outgoing) -> SendStep:
        """Proof that it has gone out: in Sent, or come back as a copy."""
        places = self._copies(link, outgoing) or self._arrived(link, outgoing)
        return SentLookedFor(
            account=outgoing.account,
            draft_id=outgoing.draft_id,
            place=places[0] if places else None,
        )

    def file(self, link: WritingLink, outgoing: Outgoing, *, learnt: bool | None) -> SendStep:
        """Put the copy into Sent, unless it lies there. Raises NotYet while it may be coming."""
        copies = SentCopies(link, self._settings)
        places = copies.places(outgoing.message_id)
        if not places:
            self._wait_for_it(outgoing, learnt=learnt)
            place = self._append(copies, outgoing)
        else:
            place = places[0]
        self._looked_since.pop(outgoing.draft_id, None)
        return CopyFiled(account=outgoing.account, draft_id=outgoing.draft_id, place=place)

    def flag(self, link: WritingLink, outgoing: Outgoing) -> SendStep:
        """Mark the question as answered, wherever it lies by now."""
        place = self._question(link, outgoing)
        is_marked = place is not None and flag_answered(link, place)
        return AnswerFlagged(
            account=outgoing.account, draft_id=outgoing.draft_id, is_marked=is_marked
        )

    def copy_draft(self, link: WritingLink, draft: Draft) -> SendStep:
        """Put what is written so far into Drafts, in place of what lies there of it."""
        from supportdesk.adapters.mail.drafts_copy import DraftCopies, copy_of

        content = copy_of(draft, self._files, self._clock.now().astimezone())
        place = DraftCopies(link, self._settings).put(draft.draft_id, content)
        return DraftCopied(account=draft.account, draft_id=draft.draft_id, place=place)

    def remove_copy(self, link: WritingLink, draft: Draft) -> SendStep:
        """Take it out of Drafts."""
        from supportdesk.adapters.mail.drafts_copy import DraftCopies

        DraftCopies(link, self._settings).remove(draft.draft_id)
        return DraftCopied(account=draft.account, draft_id=draft.draft_id, place=None)

    @property
    def has_filed(self) -> bool:
        """There are copies of ours beside which the server may have put its own."""
        return bool(self._filed)

    def count_copies(self, link: WritingLink) -> Sequence[SendStep]:
        """Learn from what was filed a while ago whether the server files copies itself."""
        filed, self._filed = self._filed, {}
        copies = SentCopies(link, self._settings)
        learnt: list[SendStep] = []
        for draft_id, message_id in filed.items():
            places = copies.places(message_id)
            if len(places) > 1:
                learnt.append(
                    CopyFiled(
                        account=self._settings.name,
                        draft_id=draft_id,
                        place=places[0],
                        keeps_sent=True,
                    )
                )
        return learnt

    def _append(self, copies: SentCopies, outgoing: Outgoing) -> MessageAddress | None:
        draft_id = outgoing.draft_id
        self._untouched.discard(draft_id)
        try:
            place = copies.append(self._files.wire(draft_id), outgoing.message_id)
        except BaseException:
            self._looked_since[draft_id] = self._clock.monotonic_seconds()
            raise
        self._filed[draft_id] = outgoing.message_id
        return place

    def _wait_for_it(self, outgoing: Outgoing, *, learnt: bool | None) -> None:
        """Raise NotYet while a copy may come by itself."""
        seconds = self._clock.monotonic_seconds()
        waited = seconds - self._looked_since.setdefault(outgoing.draft_id, seconds)
        if self._expects_copy(learnt) and waited < _ITS_COPY_SECONDS:
            raise NotYet(_LOOK_AGAIN_SECONDS)
        if outgoing.draft_id not in self._untouched and waited < _BEGUN_SECONDS:
            raise NotYet(_BEGUN_SECONDS - waited)

    def _expects_copy(self, learnt: bool | None) -> bool:
        smtp = self._settings.smtp
        if smtp is None or smtp.keeps_sent is not KeepsSent.AUTO:
            return smtp is not None and smtp.keeps_sent is KeepsSent.YES
        return smtp.host.lower() in _FILES_ITSELF if learnt is None else learnt

    def _copies(self, link: WritingLink, outgoing: Outgoing) -> Sequence[MessageAddress]:
        try:
            return SentCopies(link, self._settings).places(outgoing.message_id)
        except SettingsError:
            return ()  # without a Sent mailbox there is no proof in it

    def _arrived(self, link: WritingLink, outgoing: Outgoing) -> Sequence[MessageAddress]:
        place = place_of(link, outgoing.message_id, None, self._inboxes)
        return () if place is None else (place,)

    def _question(self, link: WritingLink, outgoing: Outgoing) -> MessageAddress | None:
        message_id = outgoing.question_id
        if message_id is None:
            return None
        known = self._cached_place(message_id) or outgoing.question
        return place_of(link, message_id, known, self._inboxes)

    @property
    def _inboxes(self) -> tuple[str, ...]:
        return (self._settings.mailbox, *self._settings.beside_mailbox)

    def _sending_mark(self, link: WritingLink, keyword: str) -> SendingMark:
        return SendingMark(
            link,
            keyword,
            seen=self._seen_marks,
            seconds=self._clock.monotonic_seconds,
            chance=random.random,
        )


def _marked(outgoing: Outgoing, *, mark: str = "", others: tuple[str, ...] = ()) -> SendMarked:
    return SendMarked(
        account=outgoing.account, draft_id=outgoing.draft_id, mark=mark, others=others
    )
