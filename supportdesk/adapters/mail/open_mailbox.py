"""One mailbox that has been opened by EXAMINE: asks its questions, keeps and publishes the answers.

First committed to mail.db, then published: whatever dies in between, nothing is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import FlagsSeen, MailCacheWriter, Removed
from supportdesk.domain.events import MessageChanged, MessageGone, MessagesArrived
from supportdesk.domain.mail import MessageAddress, MessageSummary, MessageText
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_envelope import (
    SUMMARY_HEADERS,
    MailboxRole,
    facts_of_envelope,
    facts_of_header,
    summary_of,
)
from supportdesk.protocols.imap_responses import Fetch, Response, Search, TaggedStatus
from supportdesk.protocols.mailbox_sync import (
    FetchFlags,
    FetchFlagsFrom,
    FetchFlagsSince,
    FetchFrom,
    FetchMissing,
    FetchNewest,
    ListUids,
    MailboxSync,
    Question,
    uid_set,
)
from supportdesk.services.ports import Clock, Publisher

PREVIEW_BYTES = 256 * 1024
TEXT_BYTES = 4 * 1024 * 1024
_TEXTS_AT_ONCE = 10
_ENVELOPE_ITEMS = (
    f"(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS ({SUMMARY_HEADERS})])"
)
_HEADER_ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.65536>)"


class OpenMailbox:
    """Valid until another mailbox is opened on the same link."""

    def __init__(
        self,
        *,
        link: ImapLink,
        settings: MailSettings,
        role: MailboxRole,
        sync: MailboxSync,
        cache: MailCacheWriter,
        publisher: Publisher,
        clock: Clock,
        tried_texts: set[MessageAddress],
    ) -> None:
        self.sync = sync
        self.key = MailboxKey(
            account=role.account, mailbox=role.mailbox, uidvalidity=role.uidvalidity
        )
        self._link = link
        self._settings = settings
        self._role = role
        self._cache = cache
        self._publisher = publisher
        self._clock = clock
        self._tried_texts = tried_texts
        self._saved_modseq = 0
        self._may_be_stale = True

    def ask(self, question: Question) -> frozenset[int]:
        """Ask, keep and publish; return the uids that ListUids found to be gone."""
        self.sync.asked(question)
        match question:
            case FetchNewest(first_seq=seq):
                self._ask_for_new(f"FETCH {seq}:*")
            case FetchFrom(uid=uid):
                self._ask_for_new(f"UID FETCH {uid}:*")
            case FetchMissing(uids=uids):
                self._ask_for_envelopes(f"UID FETCH {uid_set(uids)}")
            case FetchFlags(seqs=seqs):
                self._ask_for_flags(f"FETCH {uid_set(seqs)} (UID FLAGS)")
            case FetchFlagsSince(modseq=modseq):
                self._ask_for_flags(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {modseq})")
            case FetchFlagsFrom(first_seq=seq):
                self._ask_for_flags(f"FETCH {seq}:* (UID FLAGS)")
            case ListUids():
                return self._ask_for_uids()
        return frozenset()

    def remove(self, uids: Iterable[int]) -> None:
        self._publish_removed(self._cache.remove(self.key, uids))

    def settle(self) -> None:
        """Nothing pressing is open: note how far we are."""
        modseq = self.sync.settled_modseq
        if modseq and modseq != self._saved_modseq:
            self._cache.save_modseq(self.key, modseq)
            self._saved_modseq = modseq
        if self._may_be_stale and self.sync.is_complete:
            # All is known under this uidvalidity: what only an earlier one had is gone.
            self._publish_removed(self._cache.remove_stale(self.key))
            self._may_be_stale = False

    def without_text(self, limit: int) -> list[MessageSummary]:
        """Return those of the newest messages whose text is not known and was not tried yet."""
        found = self._cache.without_text(self.key, limit)
        return [one for one in found if one.address not in self._tried_texts]

    def fetch_previews(self, wanted: Sequence[MessageSummary]) -> Sequence[MessageSummary]:
        """Read the text of the first few messages; return the rest."""
        batch = wanted[:_TEXTS_AT_ONCE]
        self._tried_texts.update(one.address for one in batch)
        by_uid = {one.address.uid: one for one in batch}
        for uid, body in self._bodies(list(by_uid), PREVIEW_BYTES).items():
            self._read(by_uid[uid], body, PREVIEW_BYTES)
        return wanted[_TEXTS_AT_ONCE:]

    def fetch_text(self, message: MessageSummary) -> MessageText | None:
        """Read the text of one message; None when the server does not have it any more."""
        uid = message.address.uid
        body = self._bodies([uid], TEXT_BYTES).get(uid)
        return None if body is None else self._read(message, body, TEXT_BYTES)

    def _read(self, message: MessageSummary, body: bytes, limit: int) -> MessageText:
        # Not by RFC822.SIZE: some servers only estimate it.
        is_whole = len(body) < limit
        content = read_message(body, message, is_whole=is_whole)
        if is_whole:
            self._cache.save_text(content.text)
        summary = replace(
            content.summary, has_attachments=any(not one.is_inline for one in content.text.parts)
        )
        changed = self._cache.save_reading(summary)
        if changed is not None:
            self._publish_changed([changed])
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

    def _ask_for_new(self, command: str) -> None:
        uids = self._ask_for_envelopes(command)
        self.sync.new_answered(uids)

    def _ask_for_envelopes(self, command: str) -> set[int]:
        fetched: dict[int, Fetch] = {}
        broken_before = self._link.broken_responses

        def hear(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, size=int()):
                    fetched[uid] = response
                case _:
                    self.sync.heard(response)

        self._check(self._link.run(f"{command} {_ENVELOPE_ITEMS}", hear), "list messages")
        if self._link.broken_responses > broken_before:
            self._ask_one_by_one(command, fetched)
        messages = [self._summary(fetch) for fetch in fetched.values()]
        self._keep(messages)
        return set(fetched)

    def _ask_one_by_one(self, command: str, fetched: dict[int, Fetch]) -> None:
        """Some answer was unreadable: find out which, and ask in the way that needs no parsing."""
        uids: set[int] = set()

        def hear_uid(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, flags=None):
                    uids.add(uid)
                case _:
                    self.sync.heard(response)

        def hear_header(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, size=int()):
                    fetched[uid] = response
                case _:
                    self.sync.heard(response)

        self._check(self._link.run(f"{command} (UID)", hear_uid), "list messages")
        for uid in sorted(uids - fetched.keys()):
            self._check(
                self._link.run(f"UID FETCH {uid} {_HEADER_ITEMS}", hear_header), "list messages"
            )
            # Not even that could be read: it is shown by its number rather than not at all.
            fetched.setdefault(uid, Fetch(seq=0, uid=uid))

    def _summary(self, fetch: Fetch) -> MessageSummary:
        if fetch.envelope is not None:
            facts = facts_of_envelope(fetch.envelope, fetch.header or b"")
            return summary_of(facts, fetch, self._role)
        header = fetch.header
        if header is None:
            uid = f"{self.key.uidvalidity}.{fetch.uid}"
            header = (
                f"Message-ID: <{uid}@unreadable.invalid>\n"
                "Subject: (the mail server could not describe this message)"
            ).encode()
        return summary_of(facts_of_header(header), fetch, self._role)

    def _keep(self, messages: Sequence[MessageSummary]) -> None:
        uids = [one.address.uid for one in messages]
        stored = self._cache.store(self.key, messages, uidnext=self.sync.uidnext_after(uids))
        self.sync.stored(stored.uids)
        if stored.arrived:
            self._publisher.publish(
                MessagesArrived(
                    account=self.key.account, messages=stored.arrived, at=self._clock.now()
                )
            )
        self._publish_changed(stored.changed)

    def _ask_for_flags(self, command: str) -> None:
        seen: dict[int, FlagsSeen] = {}

        def hear(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, flags=frozenset() as flags):
                    seen[uid] = FlagsSeen(
                        uid=uid, is_seen="\\seen" in flags, is_answered="\\answered" in flags
                    )
                case _:
                    self.sync.heard(response)

        self._check(self._link.run(command, hear), "tell what was answered")
        self._publish_changed(self._cache.save_flags(self.key, seen.values()))

    def _ask_for_uids(self) -> frozenset[int]:
        on_server: set[int] = set()

        def hear(response: Response) -> None:
            match response:
                case Search(ranges=ranges):
                    for low, high in ranges:
                        on_server.update(range(low, high + 1))
                case _:
                    self.sync.heard(response)

        returns = "RETURN (ALL) " if "ESEARCH" in self._link.capabilities else ""
        self._check(self._link.run(f"UID SEARCH {returns}ALL", hear), "list messages", strict=True)
        return self.sync.listed(on_server, self._cache.uids(self.key))

    def _check(self, status: TaggedStatus, what: str, *, strict: bool = False) -> None:
        # NO to a FETCH means that some of the messages are gone by now (RFC 5530, EXPUNGEISSUED):
        # what was answered counts, the rest is found by comparing.
        if status.is_ok or (status.status == "NO" and not strict):
            return
        raise mail_problems.refused_command(what, status.text, self._settings)

    def _publish_changed(self, messages: Iterable[MessageSummary]) -> None:
        for message in messages:
            self._publisher.publish(MessageChanged(message=message, at=self._clock.now()))

    def _publish_removed(self, removed: Removed) -> None:
        self._publish_changed(removed.changed)
        for message in removed.gone:
            self._publisher.publish(
                MessageGone(
                    account=message.account,
                    message_id=message.message_id,
                    address=message.address,
                    at=self._clock.now(),
                )
            )
