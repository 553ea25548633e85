"""One mailbox that has been opened by EXAMINE: asks its questions, keeps and publishes the answers.

First committed to mail.db, then published: whatever dies in between, nothing is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.envelope_answer import EnvelopeAnswer, EnvelopeReader
from supportdesk.adapters.mail.imap_link import Command, ImapLink
from supportdesk.adapters.mail.telling import Telling
from supportdesk.adapters.mail.uid_comparison import UidComparison
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.mail import MessageAddress, MessageSummary, MessageText
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_bulk import flag_bits
from supportdesk.protocols.imap_envelope import SUMMARY_HEADERS, MailboxRole
from supportdesk.protocols.imap_responses import Fetch, Response, TaggedStatus
from supportdesk.protocols.mailbox_sync import (
    CompareFlags,
    FetchFlags,
    FetchFlagsSince,
    FetchFrom,
    FetchMissing,
    FetchNewest,
    ListUids,
    MailboxSync,
    Question,
    uid_set,
)
from supportdesk.services.ports import Baseline, Clock, Publisher

if TYPE_CHECKING:
    from supportdesk.adapters.mail.lift_look import LiftLook
    from supportdesk.adapters.mail.message_reader import MessageContent

PREVIEW_BYTES = 256 * 1024
TEXT_BYTES = 4 * 1024 * 1024
_TEXTS_AT_ONCE = 10
_TEXT_BYTES_AT_ONCE = 2 * PREVIEW_BYTES
ENVELOPE_ITEMS = (
    f"(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS ({SUMMARY_HEADERS})])"
)
HEADER_ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.65536>)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Envelopes that are on their way."""

    command: Command
    what: str
    answer: EnvelopeAnswer
    broken_before: int


class OpenMailbox:
    """Valid until another mailbox is opened on the same link; `leave` it before that."""

    def __init__(
        self,
        *,
        link: ImapLink,
        settings: MailSettings,
        role: MailboxRole,
        sync: MailboxSync,
        cache: MailCacheWriter,
        baseline: Baseline | None,
        publisher: Publisher,
        clock: Clock,
        tried_texts: set[MessageAddress],
        saved_modseq: int,
        lifts: "LiftLook | None" = None,
    ) -> None:
        self.sync = sync
        self.key = MailboxKey(
            account=role.account, mailbox=role.mailbox, uidvalidity=role.uidvalidity
        )
        self._link = link
        self._settings = settings
        self._cache = cache
        self._baseline = baseline
        self._telling = Telling(publisher, clock)
        self._reader = EnvelopeReader(role)
        self._comparison = UidComparison(link, cache, self.key, sync.heard)
        self._tried_texts = tried_texts
        self._ahead: _Asked | None = None
        self._heard: _Asked | None = None
        self._has_read_history = False
        self._saved_modseq = saved_modseq
        self._lifts = lifts
        self._may_be_stale = True

    def ask(self, question: Question) -> Iterable[int]:
        """Ask, keep and publish; return the uids that turned out to be gone."""
        self.sync.asked(question)
        match question:
            case FetchNewest(first_seq=seq):
                self._ask_for_new(f"FETCH {seq}:*")
            case FetchFrom(uid=uid):
                self._ask_for_new(f"UID FETCH {uid}:*")
            case FetchMissing():
                asked = self._begin_missing(question)
                self._hear_out(asked)
                self._keep(asked)
                self.sync.missing_answered()
            case FetchFlags(seqs=seqs):
                self._ask_for_flags(f"FETCH {uid_set(seqs)} (UID FLAGS)")
            case FetchFlagsSince(modseq=modseq):
                self._ask_for_flags(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {modseq})")
            case CompareFlags(first_seq=seq):
                return self._compare_flags(seq)
            case ListUids():
                return self._list_uids()
        return ()

    def work_on_backlog(self) -> bool:
        """Fetch some older messages; the server gathers the next ones while these are kept.

        Not sooner: Dovecot tells of new mail only when no other command waits. False at the end.
        """
        if self._heard is None:
            asked = self._ahead or self._begin_backlog()
            if asked is None:
                return False
            self._ahead = None
            self._hear_out(asked)
            self._heard = asked
            if self.sync.has_new:
                return True  # new mail goes first
        self._ahead = self._begin_backlog()
        self._keep_heard()
        return True

    def leave(self) -> None:
        """Another mailbox will be opened: keep what is on its way."""
        self._keep_heard()
        self._heard, self._ahead = self._ahead, None
        if self._heard is not None:
            self._hear_out(self._heard)
            self._keep_heard()

    def _keep_heard(self) -> None:
        if self._heard is not None:
            self._keep(self._heard)
            self._heard = None
            self.sync.missing_answered()

    def take_notices(self) -> Iterable[int]:
        """Keep the flags that were told unasked; return the uids that are gone by that."""
        notices = self.sync.take_notices()
        if notices is None:
            return ()
        if notices.flags:
            self._keep_flags({uid: flag_bits(flags) for uid, flags in notices.flags.items()})
        departed = self._cache.uids_in(self.key, notices.vanished) if notices.vanished else []
        self.sync.left(len(departed))
        return departed

    def remove(self, uids: Iterable[int]) -> None:
        removed = self._cache.remove(self.key, uids, self._baseline)
        self._telling.removed(self.key, removed)

    def settle(self) -> None:
        """Nothing pressing is open: note how far we are."""
        modseq = self.sync.settled_modseq
        if modseq and modseq != self._saved_modseq:
            self._cache.save_modseq(self.key, modseq)
            self._saved_modseq = modseq

    def forget_stale(self) -> None:
        """Once all is known under this uidvalidity, what only an earlier one had is gone."""
        if self._may_be_stale and self.sync.is_complete:
            while (removed := self._cache.remove_stale(self.key, self._baseline)) is not None:
                self._telling.removed(self.key, removed)
            self._may_be_stale = False

    # Texts

    def without_text(self, limit: int) -> list[MessageSummary]:
        """Return those of the newest messages whose text is not known and was not tried yet."""
        found = self._cache.without_text(self.key, limit)
        return [one for one in found if one.address not in self._tried_texts]

    def fetch_previews(self, wanted: Sequence[MessageSummary]) -> Sequence[MessageSummary]:
        """Read the text of the first few messages; return the rest."""
        batch = _some(wanted)
        self._tried_texts.update(one.address for one in batch)
        by_uid = {one.address.uid: one for one in batch if not self._read_thin(one, PREVIEW_BYTES)}
        for uid, body in self._bodies(list(by_uid), PREVIEW_BYTES).items():
            self._read(by_uid[uid], body, PREVIEW_BYTES)
        if self._has_read_history:
            # Of many old texts the window hears once.
            self._has_read_history = False
            self._telling.history(self.key)
        return wanted[len(batch) :]

    def fetch_text(self, message: MessageSummary) -> MessageText | None:
        """Read the text of one message; None when the server does not have it any more."""
        thin = self._read_thin(message, TEXT_BYTES)
        if thin is not None:
            return thin
        uid = message.address.uid
        body = self._bodies([uid], TEXT_BYTES).get(uid)
        return None if body is None else self._read(message, body, TEXT_BYTES)

    def _read_thin(self, message: MessageSummary, limit: int) -> MessageText | None:
        """Read a large message without its attachments; None when it is small, or cannot be."""
        if message.size_bytes <= PREVIEW_BYTES:
            return None
        from supportdesk.adapters.mail.thin_message import fetch_thin

        thin = fetch_thin(self._link, message.address.uid, limit, self.sync.heard)
        if thin is None:
            return None
        content = _read_message(thin.raw, message, is_whole=thin.is_whole)
        parts = thin.with_true_sizes(content.text.parts)
        content = replace(content, text=replace(content.text, parts=parts))
        return self._keep_reading(content, is_whole=thin.is_whole)

    def _read(self, message: MessageSummary, body: bytes, limit: int) -> MessageText:
        # Not by RFC822.SIZE: some servers only estimate it.
        is_whole = len(body) < limit
        content = _read_message(body, message, is_whole=is_whole)
        return self._keep_reading(content, is_whole=is_whole)

    def _keep_reading(self, content: "MessageContent", *, is_whole: bool) -> MessageText:
        summary = replace(
            content.summary, has_attachments=any(not one.is_inline for one in content.text.parts)
        )
        reflagged = self._cache.save_reading(
            summary, content.text if is_whole else None, self._baseline
        )
        self._telling.changed(reflagged.changed)
        self._has_read_history = self._has_read_history or reflagged.has_history
        return content.text

    def _bodies(self, uids: Sequence[int], limit: int) -> dict[int, bytes]:
        if not uids:
            return {}
        bodies: dict[int, bytes] = {}

        def hear(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, body=bytes() as body) if uid in uids:
                    bodies[uid] = body
                case _:
                    self.sync.heard(response)

        command = f"UID FETCH {uid_set(uids)} (UID BODY.PEEK[]<0.{limit}>)"
        self._check(self._link.run(command, hear), "send a message")
        return bodies

    # Envelopes

    def _ask_for_new(self, what: str) -> None:
        asked = self._begin(what, EnvelopeAnswer(self._reader, self.sync.heard))
        self._hear_out(asked)
        self._keep(asked)
        self.sync.new_answered(asked.answer.rows)

    def _begin_backlog(self) -> _Asked | None:
        question = self.sync.next_backlog()
        if question is None:
            return None
        self.sync.asked(question)
        return self._begin_missing(question)

    def _begin_missing(self, question: FetchMissing) -> _Asked:
        answer = EnvelopeAnswer(self._reader, self.sync.heard, frozenset(question.uids))
        return self._begin(f"UID FETCH {uid_set(question.uids)}", answer)

    def _begin(self, what: str, answer: EnvelopeAnswer) -> _Asked:
        return _Asked(
            command=self._link.begin(f"{what} {ENVELOPE_ITEMS}", answer.hear, answer.take),
            what=what,
            answer=answer,
            broken_before=self._link.broken_responses,
        )

    def _hear_out(self, asked: _Asked) -> None:
        self._check(self._link.finish(asked.command), "list messages")
        if self._link.broken_responses > asked.broken_before:
            self._ask_one_by_one(asked)

    def _keep(self, asked: _Asked) -> None:
        rows = asked.answer.rows
        stored = self._cache.store_rows(
            self.key,
            rows.values(),
            uidnext=self.sync.uidnext_after(rows),
            baseline=self._baseline,
        )
        self.sync.stored(stored.uids)
        if self._lifts is not None:
            self._lifts.look_at(self.key, stored, rows, self._baseline, self.sync.heard)
        self._telling.stored(self.key, stored)

    def _ask_one_by_one(self, asked: _Asked) -> None:
        """Some answer was unreadable: find out which, and ask in the way that needs no parsing."""
        uids: set[int] = set()

        def hear_uid(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, flags=None):
                    uids.add(uid)
                case _:
                    self.sync.heard(response)

        self._check(self._link.run(f"{asked.what} (UID)", hear_uid), "list messages")
        for uid in sorted(uids - asked.answer.rows.keys()):
            ended = self._link.run(f"UID FETCH {uid} {HEADER_ITEMS}", asked.answer.hear)
            self._check(ended, "list messages")
            asked.answer.add_unreadable(uid)

    # Flags and uids

    def _ask_for_flags(self, command: str) -> None:
        bits: dict[int, int] = {}

        def hear(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, flags=frozenset() as flags):
                    bits[uid] = flag_bits(flags)
                case _:
                    self.sync.heard(response)

        self._check(self._link.run(command, hear), "tell what was answered")
        self._keep_flags(bits)

    def _compare_flags(self, first_seq: int) -> Iterable[int]:
        ended, found = self._comparison.of_flags(first_seq)
        self._check(ended, "tell what was answered", strict=True)
        self._keep_flags(found.flags)
        if first_seq > 1:
            return ()
        self.sync.listed(missing=found.missing, known_count=found.known_count)
        return found.departed

    def _list_uids(self) -> Iterable[int]:
        ended, found = self._comparison.of_uids()
        self._check(ended, "list messages", strict=True)
        self.sync.listed(missing=found.missing, known_count=found.known_count)
        return found.departed

    def _keep_flags(self, bits: dict[int, int]) -> None:
        reflagged = self._cache.save_flags(self.key, bits, self._baseline)
        self._telling.reflagged(self.key, reflagged)

    def _check(self, status: TaggedStatus, what: str, *, strict: bool = False) -> None:
        # What was answered of the messages that are there counts, the rest is found by comparing.
        if status.is_ok or (status.has_missing_messages and not strict):
            return
        raise mail_problems.refused_command(what, status.text, self._settings, code=status.code)


def _read_message(raw: bytes, message: MessageSummary, *, is_whole: bool) -> "MessageContent":
    # What reads mail is 2 MB: a mailbox in which nothing is new does without it.
    from supportdesk.adapters.mail.message_reader import read_message

    return read_message(raw, message, is_whole=is_whole)


def _some(wanted: Sequence[MessageSummary]) -> Sequence[MessageSummary]:
    """Take the first few, and fewer of large ones: nothing else is heard while they come."""
    total = 0
    for count, message in enumerate(wanted[:_TEXTS_AT_ONCE]):
        total += min(message.size_bytes, PREVIEW_BYTES)
        if total > _TEXT_BYTES_AT_ONCE:
            return wanted[: count or 1]
    return wanted[:_TEXTS_AT_ONCE]
