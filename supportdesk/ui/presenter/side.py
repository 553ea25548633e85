"""In words: who has a conversation, until when it sleeps, its labels and notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.mail import Conversation
from supportdesk.domain.side_marks import MailNote
from supportdesk.services.side_marks import SideMarks
from supportdesk.services.wording import fit
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, ChipKind, ChipView
from supportdesk.ui.rows.side import NoteCard, SideFact, SideView

_NAME = 24
_MOST_TAG_CHIPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFacts:
    """What is known beside a conversation.

    Attributes:
        claimed_by: A name as it is claimed by; empty for nobody.
        is_mine: That is the founder.
        since: When that was first seen.
        asleep_until: It is put off until then.
        back_since: It was put off until then, and was not opened since.
        again: A reply has woken it, and it could be put off to this time again.
    """

    claimed_by: str = ""
    is_mine: bool = False
    since: datetime | None = None
    asleep_until: datetime | None = None
    back_since: datetime | None = None
    again: datetime | None = None
    tags: Sequence[str] = ()
    notes: Sequence[MailNote] = ()


def side_facts(conversation: Conversation, side: SideMarks, now: datetime) -> SideFacts:
    items = [one.key for one in conversation.messages]
    claim = side.claims.of(items, now)
    row = side.snooze.of(conversation.key) if conversation.has_come_back else None
    is_awake = conversation.put_off_until is None and conversation.waiting_since is not None
    return SideFacts(
        claimed_by=claim.who if claim is not None else "",
        is_mine=claim is not None and side.claims.is_mine(claim),
        since=claim.since if claim is not None else None,
        asleep_until=conversation.put_off_until,
        back_since=row.until if row is not None else None,
        again=side.snooze.same_time_again(items, now) if is_awake else None,
        tags=side.tags.of(items),
        notes=side.notes.of(items),
    )


def side_chips(conversation: Conversation, side: SideMarks, now: datetime) -> Iterable[ChipView]:
    """For a row of the list."""
    items = [one.key for one in conversation.messages]
    claim = side.claims.of(items, now)
    if claim is not None:
        whose = "mine" if side.claims.is_mine(claim) else f"{called(claim.who)} has it"
        yield ChipView(label=whose, kind=ChipKind.CLAIMED)
    if conversation.put_off_until is not None:
        until = moment_words(conversation.put_off_until, now)
        yield ChipView(label=f"until {until}", kind=ChipKind.SNOOZED)
    elif conversation.has_come_back:
        yield ChipView(label="it is time", kind=ChipKind.SNOOZED)
    count = side.notes.count(items)
    if count:
        yield ChipView(label="note" if count == 1 else f"{count} notes", kind=ChipKind.NOTE)
    tags = side.tags.of(items)
    for name in tags[:_MOST_TAG_CHIPS]:
        yield ChipView(label=name, kind=ChipKind.TAG)
    if len(tags) > _MOST_TAG_CHIPS:
        yield ChipView(label=f"+{len(tags) - _MOST_TAG_CHIPS}", kind=ChipKind.PLAIN)


def side_view(facts: SideFacts, now: datetime) -> SideView:
    """For the reader."""
    return SideView(
        facts=tuple(_facts(facts, now)),
        tags=tuple(
            ActionButton(
                action=Action.REMOVE_TAG,
                label=f"{name} ×",
                target=name,
                icon="tag",
                hint=f"Take the tag “{name}” off",
                rank=ButtonRank.GHOST,
            )
            for name in facts.tags
        ),
        add_tag=_ghost(Action.ADD_TAG, "Add a tag", "#") if facts.tags else None,
        notes=tuple(_note(one, now) for one in facts.notes),
    )


def called(name: str) -> str:
    """A name of a claim, as it is spoken of."""
    return fit(name[:1].upper() + name[1:], _NAME)


def moment_words(at: datetime, now: datetime) -> str:
    """When something will be: "13:15", "tomorrow 08:00", "Mon 30 Nov, 08:00"."""
    local, today = at.astimezone(), now.astimezone().date()
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M}"
    if days == 1:
        return f"tomorrow {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def _facts(facts: SideFacts, now: datetime) -> Iterable[SideFact]:
    if facts.claimed_by and facts.is_mine:
        yield SideFact(
            words="Mine: your team sees that you answer this",
            icon="claim",
            buttons=(_ghost(Action.LET_GO, "Let go", "m"),),
        )
    elif facts.claimed_by:
        when = f", {since_words(facts.since, now)}" if facts.since is not None else ""
        yield SideFact(
            words=f"{called(facts.claimed_by)} has it{when}",
            icon="claim",
            buttons=(_ghost(Action.CLAIM, "Take over…", "m"),),
        )
    if facts.asleep_until is not None:
        yield SideFact(
            words=f"Put off until {moment_words(facts.asleep_until, now)}",
            icon="snooze",
            buttons=(_ghost(Action.WAKE, "Wake it now"), _ghost(Action.SNOOZE, "Change…", "z")),
        )
    elif facts.again is not None:
        words = moment_words(facts.again, now)
        again = ActionButton(
            action=Action.SNOOZE_UNTIL,
            label="Same time again",
            target=facts.again.isoformat(),
            rank=ButtonRank.GHOST,
        )
        yield SideFact(
            words=f"They wrote again; this was put off until {words}",
            icon="snooze",
            buttons=(again,),
        )
    elif facts.back_since is not None:
        yield SideFact(
            words="You wanted to see this again now",
            icon="snooze",
            buttons=(_ghost(Action.SNOOZE, "Put off again…", "z"),),
        )


def _note(note: MailNote, now: datetime) -> NoteCard:
    who = called(note.by) if note.by else "you"
    seen = ", your team sees it" if note.is_shared and not note.by else ""
    own = (
        _ghost(Action.EDIT_NOTE, "Edit", target=note.key),
        _ghost(Action.REMOVE_NOTE, "Remove", target=note.key),
    )
    return NoteCard(
        words=note.words,
        by_line=f"Internal note, {who}, {since_words(note.at, now)}{seen}",
        buttons=() if note.by else own,
    )


def _ghost(action: Action, label: str, shortcut: str = "", *, target: str = "") -> ActionButton:
    return ActionButton(
        action=action, label=label, shortcut=shortcut, target=target, rank=ButtonRank.GHOST
    )
