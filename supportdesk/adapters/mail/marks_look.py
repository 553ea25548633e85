"""Looks which claims colleagues have on the mail of the open mailbox; reading only.

The server names all keywords of a mailbox when it is opened, and again when one is added
(FLAGS, RFC 9051, 7.3.5). Where none of them is a claim nothing is asked; else one search finds
the few messages that carry any. Markers, which stand for keywords where none are kept, lie in a
mailbox of their own; only where that is there it is looked into, now and then.
"""

import re

from supportdesk.adapters.mail.imap_link import Hearer, ImapLink
from supportdesk.adapters.mail.mailbox_names import quoted
from supportdesk.adapters.mail.own_mailboxes import CLAIMS, NOTES, own_mailboxes
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.side_events import MarksSeen, NotesSeen, SharedNote
from supportdesk.domain.side_marks import claims_among
from supportdesk.protocols.imap_responses import Fetch, Response, Search
from supportdesk.protocols.mailbox_sync import opened_mailbox, uid_set
from supportdesk.services.ports import Publisher

_MOST = 500
_MOST_KEYWORDS = 60
_KEYWORD = re.compile(rb"\$SD-claim-[a-z0-9-]{1,60}(?=[ )])", re.IGNORECASE)
_ID = re.compile(rb"<[^<>\s]{1,900}>")


class MarksLook:
    """Belongs to one connection; tells only what has changed."""

    def __init__(self, link: ImapLink, account: SourceName, publisher: Publisher) -> None:
        self._link = link
        self._account = account
        self._publisher = publisher
        self._keywords: tuple[str, ...] = ()
        self._claims: frozenset[tuple[MessageId, str]] = frozenset()
        self._markers: frozenset[tuple[MessageId, str]] = frozenset()
        self._marker_mailbox = ""
        self._notes_mailbox = ""
        self._notes: dict[int, SharedNote] = {}
        self._notes_validity = 0
        self._told_notes: tuple[SharedNote, ...] = ()
        self._told: frozenset[tuple[MessageId, str]] | None = None
        link.on_flags = self._learn

    def look(self, hear: Hearer) -> None:
        """At the main mailbox, which is open; what is told besides is heard by `hear`."""
        self._claims = self._found(hear) if self._keywords else frozenset()
        self._tell()

    def find_markers(self, hear: Hearer) -> None:
        """Ask whether there is a mailbox of markers, or of notes; few teams have one."""
        self._marker_mailbox, self._notes_mailbox = own_mailboxes(self._link, (CLAIMS, NOTES), hear)
        if not self._marker_mailbox:
            self._markers = frozenset()

    def look_at_markers(self) -> bool:
        """True when another mailbox is open now than before."""
        if not self._marker_mailbox:
            return False
        # Where there is no such mailbox, and that is nearly everywhere, it is not needed.
        from supportdesk.adapters.mail.claim_markers import live_markers

        keywords = self._keywords
        if self._link.run(f"EXAMINE {quoted(self._marker_mailbox)}", _ignore).is_ok:
            self._markers = frozenset(live_markers(self._link))
        self._keywords = keywords
        self._tell()
        return True

    def look_at_notes(self) -> bool:
        """True when another mailbox is open now than before."""
        if not self._notes_mailbox:
            return False
        from supportdesk.adapters.mail.notes_mailbox import live_notes

        heard: list[Response] = []
        if self._link.run(f"EXAMINE {quoted(self._notes_mailbox)}", heard.append).is_ok:
            validity = opened_mailbox(heard).uidvalidity
            known = self._notes if validity == self._notes_validity else {}
            self._notes, self._notes_validity = live_notes(self._link, known), validity
            # Of one id the newest holds: the one before is just being taken back.
            newest = {note.note_id: note for _, note in sorted(self._notes.items())}
            notes = tuple(newest[one] for one in sorted(newest))
            if notes != self._told_notes:
                self._told_notes = notes
                self._publisher.publish(NotesSeen(account=self._account, notes=notes))
        return True

    # --- inside ------------------------------------------------------------------------

    def _tell(self) -> None:
        claims = self._claims | self._markers
        # The first time also none: what the last run saw may be gone.
        if claims != self._told:
            self._told = claims
            self._publisher.publish(MarksSeen(account=self._account, claims=claims))

    def _learn(self, line: bytes) -> None:
        """All keywords of the mailbox, as the server names them."""
        found = {one.decode("ascii").lower() for one in _KEYWORD.findall(line)}
        self._keywords = tuple(sorted(found))[:_MOST_KEYWORDS]

    def _found(self, hear_others: Hearer) -> frozenset[tuple[MessageId, str]]:
        uids: list[int] = []
        found: set[tuple[MessageId, str]] = set()

        def hear(response: Response) -> None:
            match response:
                case Search():
                    uids.extend(response.uids)
                    for first, last in response.ranges:
                        uids.extend(range(first, min(last, first + _MOST) + 1))
                case Fetch(flags=frozenset() as flags, header=bytes() as header):
                    message_id = _ID.search(header)
                    if message_id is not None:
                        name = MessageId(message_id[0].decode("utf-8", "replace"))
                        found.update((name, form) for form in claims_among(flags))
                case _:
                    hear_others(response)

        self._link.run(f"UID SEARCH {_any_of(self._keywords)}", hear)
        if uids:
            newest = uid_set(sorted(uids)[-_MOST:])
            self._link.run(
                f"UID FETCH {newest} (UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])", hear
            )
        return frozenset(found)


def _any_of(keywords: tuple[str, ...]) -> str:
    *some, last = keywords
    return "".join(f"OR KEYWORD {one} " for one in some) + f"KEYWORD {last}"


def _ignore(_response: Response) -> None:
    """Nothing of that mailbox is kept."""
