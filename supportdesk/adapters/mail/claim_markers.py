"""Claims where a mailbox keeps no keywords: small messages in a mailbox of our own (F46).

No two messages of a mailbox have the same uid, and they only grow: of the markers for one
question that are there the one with the least uid holds, on every server and for everybody who
looks. Whoever finds theirs behind another takes it back: marked as deleted, never expunged.
"""

from email.utils import format_datetime

from supportdesk.adapters.mail.claim_flags import Settled
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.own_mailboxes import (
    CLAIMS,
    left_in,
    made_mailbox,
    own_mailbox,
    put_in,
    take_out,
)
from supportdesk.adapters.mail.writing_link import OWN_HEADER, WritingLink
from supportdesk.domain.mail import MessageId
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.side_marks import claim_name, claimer_of, marker_form, marker_uid
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.protocols.mailbox_sync import uid_set
from supportdesk.services.claims import ClaimAct, ClaimWish
from supportdesk.services.ports import Clock

_BY = "X-Supportdesk-By"
_ITEMS = f"(UID BODY.PEEK[HEADER.FIELDS (IN-REPLY-TO {_BY.upper()})])"

Marker = tuple[MessageId, str]


class ClaimMarkers:
    """Carries out wishes on one connection."""

    def __init__(self, link: WritingLink, settings: MailSettings, clock: Clock) -> None:
        self._link = link
        self._settings = settings
        self._clock = clock

    def settle(self, message_id: MessageId, wish: ClaimWish) -> Settled:
        if wish.act is ClaimAct.LET_GO:
            mailbox = own_mailbox(self._link, CLAIMS)
            if not mailbox:
                return Settled()
            self._discard(mailbox, wish.own)
        else:
            mailbox = made_mailbox(self._link, CLAIMS, self._settings)
            self._claim(mailbox, message_id, wish)
        return Settled(forms=self._of(mailbox, message_id))

    def _claim(self, mailbox: str, message_id: MessageId, wish: ClaimWish) -> None:
        me = claimer_of(wish.form)
        before = self._of(mailbox, message_id)
        if any(claimer_of(one) != me and one not in wish.over for one in before):
            return  # somebody was quicker
        put_in(self._link, mailbox, self._marker(message_id, me), self._settings)
        self._discard(mailbox, (*wish.over, *wish.own))
        after = self._of(mailbox, message_id)
        if after and claimer_of(after[0]) != me:
            self._discard(mailbox, tuple(one for one in after if claimer_of(one) == me))

    def _of(self, mailbox: str, message_id: MessageId) -> tuple[str, ...]:
        """The first one holds. Opened anew: only then is seen what others have put there."""
        self._link.open(mailbox)
        return tuple(form for of, form in live_markers(self._link) if of == message_id)

    def _discard(self, mailbox: str, forms: tuple[str, ...]) -> None:
        take_out(self._link, mailbox, [uid for one in forms if (uid := marker_uid(one))])

    def _marker(self, message_id: MessageId, name: str) -> bytes:
        address = self._settings.address
        lines = (
            f"From: {address}",
            f"Date: {format_datetime(self._clock.now())}",
            f"Subject: {name} has this",
            f"In-Reply-To: {message_id}",
            f"{OWN_HEADER}: claim",
            f"{_BY}: {name}",
            "",
            f"{name} answers the message that this one names. supportdesk takes it out again.",
            "",
        )
        return "\r\n".join(lines).encode("ascii", "replace")


def live_markers(link: ImapLink) -> list[Marker]:
    """All markers of the open mailbox that were not taken back, the earliest first."""
    markers: dict[int, Marker] = {}

    def hear(response: Response) -> None:
        if isinstance(response, Fetch) and response.uid is not None and response.header is not None:
            markers[response.uid] = _read(response.uid, response.header)

    left = left_in(link, hear)
    if left:
        link.run(f"UID FETCH {uid_set(left)} {_ITEMS}", hear)
    return [markers[uid] for uid in sorted(markers) if claimer_of(markers[uid][1])]


def _read(uid: int, header: bytes) -> Marker:
    fields = {}
    for line in header.decode("utf-8", "replace").replace("\r\n ", " ").splitlines():
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    name = claim_name(fields.get(_BY.lower(), ""))
    return MessageId(fields.get("in-reply-to", "")), marker_form(name, uid)
