"""Looks which of the mail that comes lifts something: by the lift address, or by being moved.

Only what may be a lift is looked at, a few fields of its head; what a lift is says
`protocols.lift_mail`. It is told before the mail itself: no other alert comes first.
"""

from collections.abc import Collection, Iterable, Mapping

from supportdesk.adapters.mail.imap_link import Hearer, ImapLink
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import Stored
from supportdesk.domain.lift_events import MailLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_bulk import PlaceRow
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.protocols.lift_mail import (
    LIFT_HEADERS,
    lift_in,
    may_lift,
    was_moved,
    was_sent_to_detail,
)
from supportdesk.protocols.mailbox_sync import uid_set
from supportdesk.services.ports import Baseline, Clock, Publisher

_MOST = 50


class LiftLook:
    """Belongs to one connection; asks of the mailbox that is open."""

    def __init__(
        self, link: ImapLink, settings: MailSettings, publisher: Publisher, clock: Clock
    ) -> None:
        self._link = link
        self._account = settings.name
        self._own = settings.own_addresses
        self._settings = settings.lift
        self._up = settings.lift.takes_mail_to(settings.own_addresses)
        self._publisher = publisher
        self._clock = clock

    def look_at(
        self,
        key: MailboxKey,
        stored: Stored,
        rows: Mapping[int, PlaceRow],
        baseline: Baseline | None,
        hear: Hearer,
    ) -> None:
        """At a batch that was kept, and of which nothing has been told yet."""
        if baseline is None:
            return
        if key.mailbox == self._settings.mailbox:
            self._look_at_moved(key, stored, rows, baseline, hear)
        self.look_at_sent_up(stored.arrived, key, hear)

    def look_at_sent_up(
        self, messages: Iterable[MessageSummary], key: MailboxKey, hear: Hearer
    ) -> None:
        """Those of the open mailbox that may be an operator's to the lift address."""
        people = self._settings.people
        candidates = {
            one.address.uid: one
            for one in messages
            if one.address.mailbox == key.mailbox
            and one.address.uidvalidity == key.uidvalidity
            and self._up
            and may_lift(one, self._up, people)
        }
        for uid, header in self._heads(list(candidates), hear).items():
            lift = lift_in(header, self._settings, self._up)
            if lift is not None:
                self._tell(
                    MailLifted(
                        source=self._account,
                        message_id=candidates[uid].message_id,
                        about=lift.about,
                        by=lift.by.label,
                        by_address=lift.by.email,
                        way=LiftWay.ADDRESS,
                        at=self._clock.now(),
                    )
                )

    def _look_at_moved(
        self,
        key: MailboxKey,
        stored: Stored,
        rows: Mapping[int, PlaceRow],
        baseline: Baseline,
        hear: Hearer,
    ) -> None:
        """Who moved it, no server tells; that nobody sent it there, the head of each shows."""
        new = {uid: rows[uid] for uid in stored.uids - stored.renumbered if uid in rows}
        if key.uidvalidity == baseline.uidvalidity:
            new = {uid: row for uid, row in new.items() if uid >= baseline.uidnext}
        names = {one.address.uid: one.message_id for one in stored.arrived}
        for uid, header in self._heads(new, hear).items():
            if self._is_moved(header, is_first_seen=uid in stored.first_seen):
                self._tell(
                    MailLifted(
                        source=self._account,
                        message_id=names.get(uid, MessageId(new[uid][4])),
                        way=LiftWay.MAILBOX,
                        at=self._clock.now(),
                    )
                )

    def _is_moved(self, header: bytes, *, is_first_seen: bool) -> bool:
        if is_first_seen:
            return was_moved(header, self._own)
        return not was_sent_to_detail(header, self._own)

    def _tell(self, lifted: MailLifted) -> None:
        self._publisher.publish(lifted)

    def _heads(self, uids: Collection[int], hear: Hearer) -> dict[int, bytes]:
        """Of the newest few: nobody lifts a hundred at once."""
        heads: dict[int, bytes] = {}
        wanted = sorted(uids)[-_MOST:]

        def take(response: Response) -> None:
            match response:
                case Fetch(uid=int() as uid, header=bytes() as header) if uid in wanted:
                    heads[uid] = header
                case _:
                    hear(response)

        if wanted:
            self._link.run(
                f"UID FETCH {uid_set(wanted)} (UID BODY.PEEK[HEADER.FIELDS ({LIFT_HEADERS})])", take
            )
        return heads
