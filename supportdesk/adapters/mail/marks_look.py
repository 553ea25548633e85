"""Looks which claims, tags and lifts lie on the mail of the open mailbox; reading only.

The server names all keywords of a mailbox when it is opened, and again when one is added
(FLAGS, RFC 9051, 7.3.5). Where none of them is ours nothing is asked; else one search finds
the few messages that carry any. Markers, which stand for keywords where none are kept, lie in a
mailbox of their own; only where that is there it is looked into, now and then. Flags are looked
for only where the settings say that they lift.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from supportdesk.adapters.mail.imap_link import Hearer, ImapLink
from supportdesk.adapters.mail.mailbox_names import quoted
from supportdesk.adapters.mail.own_mailboxes import CLAIMS, NOTES, own_mailboxes
from supportdesk.domain.lift_events import LiftMarksSeen
from supportdesk.domain.lifts import LIFT_KEYWORD
from supportdesk.domain.mail import MessageId
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.side_events import MarksSeen, NotesSeen, SharedNote, TagsSeen
from supportdesk.domain.side_marks import claims_among
from supportdesk.domain.tag_keywords import tags_among
from supportdesk.protocols.imap_responses import Fetch, Response, Search
from supportdesk.protocols.mailbox_sync import opened_mailbox, uid_set
from supportdesk.services.ports import Publisher

_MOST = 500
_MOST_KEYWORDS = 60
_KEYWORD = re.compile(rb"\$SD-claim-[a-z0-9-]{1,60}(?=[ )])", re.IGNORECASE)
_TAG = re.compile(rb"\$SD-tag-[a-z0-9_-]{1,60}(?=[ )])", re.IGNORECASE)
_LIFT = re.compile(rb"\$SD-lift(?:-[a-z0-9-]{1,60})?(?=[ )])", re.IGNORECASE)
_ID = re.compile(rb"<[^<>\s]{1,900}>")


_Mark = tuple[MessageId, str]
_NONE: frozenset[_Mark] = frozenset()


class _Keywords(NamedTuple):
    """Those of a mailbox that are ours."""

    claims: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lifts: tuple[str, ...] = ()


class _Found(NamedTuple):
    """What messages carry of something; `is_whole`: those are all that carry any."""

    marks: frozenset[_Mark] = _NONE
    is_whole: bool = True
    is_answered: bool = True


class MarksLook:
    """Belongs to one connection; tells only what has changed."""

    def __init__(self, link: ImapLink, settings: MailSettings, publisher: Publisher) -> None:
        self._link = link
        self._account = settings.name
        self._mailbox = settings.mailbox
        self._counts_flags = settings.lift.flag
        self._publisher = publisher
        self._keywords = _Keywords()
        self._claims = _NONE
        self._markers = _NONE
        self._marker_mailbox = ""
        self._notes_mailbox = ""
        self._notes: dict[int, SharedNote] = {}
        self._notes_validity = 0
        self._told_notes: tuple[SharedNote, ...] = ()
        self._told: frozenset[_Mark] | None = None
        self._told_tags: TagsSeen | None = None
        self._told_lifts: LiftMarksSeen | None = None
        link.on_flags = self._learn

    def look(self, hear: Hearer) -> None:
        """At the main mailbox, which is open; what is told besides is heard by `hear`."""
        claims, tags = self._keywords.claims, self._keywords.tags
        self._claims = self._found(claims, claims_among, hear).marks
        self._tell()
        found = self._found(tags, tags_among, hear)
        self._tell_tags(found.marks, is_whole=found.is_whole and len(tags) < _MOST_KEYWORDS)
        self._look_at_lifts(hear)

    def find_markers(self, hear: Hearer) -> None:
        """Ask whether there is a mailbox of markers, or of notes; few teams have one."""
        self._marker_mailbox, self._notes_mailbox = own_mailboxes(self._link, (CLAIMS, NOTES), hear)
        if not self._marker_mailbox:
            self._markers = _NONE

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

    def _tell_tags(self, found: frozenset[_Mark], *, is_whole: bool) -> None:
        seen = TagsSeen(account=self._account, mailbox=self._mailbox, tags=found, is_whole=is_whole)
        if seen != self._told_tags:
            self._told_tags = seen
            self._publisher.publish(seen)

    def _look_at_lifts(self, hear: Hearer) -> None:
        words = self._keywords.lifts
        keywords = self._found(words, _lifts_among, hear)
        is_flags_whole = True
        flagged: frozenset[MessageId] | None = None
        if self._counts_flags:
            found = self._searched("FLAGGED", _flags_among, hear)
            is_flags_whole = found.is_whole
            # A server that refuses to say has not said that there are none.
            if found.is_answered:
                flagged = frozenset(message_id for message_id, _ in found.marks)
        seen = LiftMarksSeen(
            source=self._account,
            mailbox=self._mailbox,
            flagged=flagged,
            keywords=keywords.marks,
            is_whole=keywords.is_whole and len(words) < _MOST_KEYWORDS,
            is_flags_whole=is_flags_whole,
        )
        if seen != self._told_lifts:
            self._told_lifts = seen
            self._publisher.publish(seen)

    def _learn(self, line: bytes) -> None:
        """All keywords of the mailbox, as the server names them."""
        self._keywords = _Keywords(
            claims=_words(_KEYWORD, line), tags=_words(_TAG, line), lifts=_words(_LIFT, line)
        )

    def _found(
        self,
        keywords: tuple[str, ...],
        among: Callable[[Iterable[str]], frozenset[str]],
        hear_others: Hearer,
    ) -> _Found:
        return self._searched(_any_of(keywords), among, hear_others) if keywords else _Found()

    def _searched(
        self, what: str, among: Callable[[Iterable[str]], frozenset[str]], hear_others: Hearer
    ) -> _Found:
        uids: list[int] = []
        found: set[_Mark] = set()

        def hear(response: Response) -> None:
            match response:
                case Search():
                    uids.extend(response.uids)
                    for first, last in response.ranges:
                        uids.extend(range(max(first, last - _MOST), last + 1))
                case Fetch(flags=frozenset() as flags, header=bytes() as header):
                    message_id = _ID.search(header)
                    if message_id is not None:
                        name = MessageId(message_id[0].decode("utf-8", "replace"))
                        found.update((name, form) for form in among(flags))
                case _:
                    hear_others(response)

        is_answered = self._link.run(f"UID SEARCH {what}", hear).is_ok
        if uids:
            newest = uid_set(sorted(uids)[-_MOST:])
            fetched = self._link.run(
                f"UID FETCH {newest} (UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])", hear
            )
            is_answered = is_answered and fetched.is_ok
        return _Found(frozenset(found), is_answered and len(uids) <= _MOST, is_answered)


def _words(keyword: re.Pattern[bytes], line: bytes) -> tuple[str, ...]:
    found = {one.decode("ascii").lower() for one in keyword.findall(line)}
    return tuple(sorted(found))[:_MOST_KEYWORDS]


def _any_of(keywords: tuple[str, ...]) -> str:
    *some, last = keywords
    return "".join(f"OR KEYWORD {one} " for one in some) + f"KEYWORD {last}"


def _lifts_among(flags: Iterable[str]) -> frozenset[str]:
    """Who lifts, as the keywords say; "" where one names nobody."""
    begin = LIFT_KEYWORD.lower()
    low = (flag.lower() for flag in flags)
    return frozenset(one.removeprefix(begin).lstrip("-") for one in low if one.startswith(begin))


def _flags_among(flags: Iterable[str]) -> frozenset[str]:
    return frozenset({""} if "\\flagged" in {flag.lower() for flag in flags} else ())


def _ignore(_response: Response) -> None:
    """Nothing of that mailbox is kept."""
