"""What a search has found: rows newest first, with what was looked for marked."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from supportdesk.domain.search import SearchAnswer, SearchHit
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.presenter.date_groups import date_groups, short_date
from supportdesk.ui.presenter.inbox_list import dated
from supportdesk.ui.presenter.old_mail import old_chips
from supportdesk.ui.presenter.row_sections import Section, SectionedRows
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    ChipKind,
    ChipView,
    ConversationRow,
    NothingFound,
)

MOST_FOUND = 200
"""So many at first, and so many more each time that the founder asks for them."""
_MOST_LISTED = 5_000
_LONGEST_SAID = 80
_LONGEST_OFFER = 20
_CONDITION = re.compile(r'(?:^|(?<=\s))(?:-\S+|\w+:\s*(?:"[^"]*"?|\S+))')
_MORE = ActionButton(
    action=Action.FIND_MORE,
    label=f"Show {MOST_FOUND} more",
    hint=f"Show {MOST_FOUND} more of what was found",
)


def found_view(
    answer: SearchAnswer,
    *,
    now: datetime,
    as_of: datetime | None,
    unread: Mapping[str, bool],
    names_accounts: bool = False,
) -> rows.InboxView:
    """The list while something is looked for.

    Args:
        answer: Newest first.
        now: The moment for the dates.
        as_of: When the list was last known to be true; None while mail is heard.
        unread: Keys of messages that the inbox holds; whether the founder has yet to read them.
        names_accounts: Rows say to which account they belong.
    """
    maker = FoundRows(answer.hits, now, unread, names_accounts=names_accounts)
    times = [int(hit.message.arrived_at.timestamp()) for hit in answer.hits]
    sections = [
        Section(
            heading=rows.SectionRow(
                key=f"section/found/{group.key}",
                title=group.title,
                count=f"{group.stop - group.start:,}",
            ),
            maker=maker,
            start=group.start,
            stop=group.stop,
        )
        for group in date_groups(times, now)
    ]
    words = answer.words.strip()
    return rows.InboxView(
        caption=" · ".join([dated(_count(answer), as_of, now), *answer.notes]),
        rows=SectionedRows(sections),
        search=answer.words,
        nothing=None if sections else _way_on(words),
        more=_MORE if answer.has_more and len(answer.hits) < _MOST_LISTED else None,
    )


class FoundRows:
    """Makes the rows of what was found."""

    def __init__(
        self,
        hits: Sequence[SearchHit],
        now: datetime,
        unread: Mapping[str, bool],
        *,
        names_accounts: bool,
    ) -> None:
        self._hits = hits
        self._now = now
        self._unread = unread
        self._names_accounts = names_accounts
        self._places = {hit.message.key: at for at, hit in enumerate(hits)}

    def make(self, start: int, stop: int) -> list[ConversationRow]:
        return [self._row(hit) for hit in self._hits[start:stop]]

    def index_of(self, key: str) -> int:
        return self._places.get(key, -1)

    def _row(self, hit: SearchHit) -> ConversationRow:
        message = hit.message
        chips = old_chips(message, names_account=self._names_accounts)
        if hit.file:
            chips.insert(0, ChipView(label=hit.file, kind=ChipKind.FILE))
        who, marks = message.sender.label, hit.sender_marks
        if message.is_ours or message.is_sent_copy:
            who, marks = _to_whom(hit), ()
        return ConversationRow(
            key=message.key,
            who=who,
            subject=message.subject or "(no subject)",
            first_words=hit.snippet or message.preview,
            age_label=short_date(message.arrived_at, self._now),
            is_unread_by_me=self._unread.get(message.key, False),
            is_single=True,
            chips=tuple(chips),
            who_marks=marks,
            subject_marks=hit.subject_marks if message.subject else (),
            words_marks=hit.snippet_marks if hit.snippet else (),
        )


def _to_whom(hit: SearchHit) -> str:
    """Our own answers are known by who they went to."""
    recipients = hit.message.recipients
    return f"to {recipients[0].label}" if recipients else hit.message.sender.label


def _count(answer: SearchAnswer) -> str:
    number = len(answer.hits)
    if answer.has_more:
        return f"more than {number:,} found"
    return f"{number:,} found" if number else "Nothing found"


def _way_on(words: str) -> NothingFound:
    """Fewer conditions first; a single word has no other way than back."""
    sentence = f"Nothing found for “{fit(words, _LONGEST_SAID)}”."
    plain = _CONDITION.sub(" ", words).replace('"', " ").split()
    if plain and _CONDITION.search(words):
        return _instead(sentence, " ".join(plain))
    if len(plain) > 1:
        return _instead(sentence, max(plain, key=len))
    return NothingFound(sentence=sentence, offer="Back to the list")


def _instead(sentence: str, words: str) -> NothingFound:
    offer = f"Try “{fit(words, _LONGEST_OFFER)}”"
    return NothingFound(sentence=sentence, offer=offer, words=words)
