"""The morning scroll in words: its pieces, and the sentence at its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.calls import Call
from supportdesk.domain.mail import SIGNATURE_BREAK, Conversation, MessageSummary, MessageText
from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.domain.promises import Promise
from supportdesk.services.morning_scroll import came_at
from supportdesk.services.wording import count, fit
from supportdesk.ui.presenter.inbox_list import conversation_chips
from supportdesk.ui.presenter.message import quoted_summary, shows_html
from supportdesk.ui.presenter.past_calls import past_entry
from supportdesk.ui.presenter.promises import due_words
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, ChipView, Notice
from supportdesk.ui.rows.morning import EndLine, EndList, EndView, PieceView
from supportdesk.ui.rows.voices import KeptWords

_SUBJECT = 120
_NAME = 40
_FILES = 3
_WEEK = timedelta(days=6)
_REPLY = ActionButton(
    action=Action.REPLY, label="Reply", icon="reply", shortcut="r", rank=ButtonRank.GHOST
)
_KEEP = ActionButton(
    action=Action.KEEP_QUOTE,
    label="Keep quote",
    icon="quote",
    shortcut="q",
    hint="Keep the selected words",
    rank=ButtonRank.GHOST,
)
_OPEN = ActionButton(
    action=Action.OPEN_PIECE,
    label="Open in the inbox",
    icon="inbox",
    shortcut="o",
    rank=ButtonRank.GHOST,
)
BACK = ActionButton(
    action=Action.SHOW_INBOX, label="Back to inbox", icon="inbox", rank=ButtonRank.PRIMARY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """What is known around a mail of the scroll.

    Attributes:
        problem: Why its text could not be had, in words.
        chips: What stands beside its conversation.
    """

    name: str
    conversation: Conversation | None
    text: MessageText | None = None
    problem: str = ""
    kept: tuple[KeptWords, ...] = ()
    chips: tuple[ChipView, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFacts:
    """What the sentence at the end is made of.

    Attributes:
        is_read: The clock says that there was time to read all of it.
        is_at_end: The founder has come to it; how it was read is not said before.
        call_back: A missed call of it that nobody has returned.
        kept: Quotes kept of it.
        promises: All that are open, also of earlier days; soonest first.
    """

    since: datetime
    people: int
    mails: int
    calls: int
    passed_over: int
    counted_seconds: float
    is_read: bool
    is_at_end: bool = True
    left_out: Sequence[MessageSummary] = ()
    call_back: Call | None = None
    kept: int = 0
    promises: Sequence[Promise] = ()
    is_strip_first: bool = False
    problem: Notice | None = None


def mail_piece(message: MessageSummary, facts: MailFacts, now: datetime) -> PieceView:
    """A mail with all that was newly written; what it quotes is folded."""
    text = facts.text
    whole = text.html or "" if text is not None and shows_html(text) else ""
    html, _, signature = whole.partition(SIGNATURE_BREAK)
    chips = conversation_chips(facts.conversation) if facts.conversation is not None else ()
    email = message.sender.email
    return PieceView(
        key=message.key,
        who=facts.name,
        about=_line(email if facts.name != email else "", fit(message.subject, _SUBJECT)),
        when=when_words(came_at(message), now),
        html=html,
        text=text.text if text is not None else message.preview,
        quoted_summary="Signature" if signature else "" if html else quoted_summary(text),
        quoted_text=text.quoted if text is not None and not html else "",
        quoted_html=signature,
        aside=_files(text),
        loading=_loading(message, facts),
        chips=(*facts.chips, *chips),
        kept=facts.kept,
        notices=(*facts.notices, *_notices(facts)),
        actions=(_REPLY, _KEEP, _OPEN),
    )


def call_piece(
    call: Call,
    notes: Sequence[str],
    actions: Sequence[ActionButton],
    now: datetime,
    chips: Sequence[ChipView] = (),
) -> PieceView:
    """A call: what became of it, and what was noted of it."""
    entry = past_entry(call, now)
    queue = f"queue {call.queue}" if call.queue else ""
    return PieceView(
        key=call.key,
        who=call.label,
        about=_line("Call", call.number if call.name else "", queue),
        when=when_words(call.started_at, now),
        text=f"{entry.why[:1].upper()}{entry.why[1:]}.",
        chips=(*chips, *entry.chips),
        notes=tuple(notes),
        actions=tuple(actions),
    )


def end_view(facts: EndFacts, now: datetime) -> EndView:
    """One true sentence, and a button for each figure of which the column holds no words."""
    back = ActionButton(
        action=BACK.action,
        label=BACK.label,
        icon=BACK.icon,
        rank=ButtonRank.SECONDARY if facts.is_strip_first else BACK.rank,
    )
    return EndView(
        head="That is all of it.",
        sentence=f"{_who_came(facts, now)} {_how_read(facts) if facts.is_at_end else ''}".strip(),
        buttons=(back, *_call_back(facts.call_back)),
        facts=tuple(_figures(facts)),
        lists=tuple(_lists(facts, now)),
        notice=facts.problem,
    )


def since_line(since: datetime, now: datetime) -> str:
    """Beside the name of the page."""
    return f"since {_moment(since, now)}"


def when_words(at: datetime, now: datetime) -> str:
    """06:52 today, 18:40 yesterday, 18:40 Thu; older ones with their date."""
    local, days = at.astimezone(), _days_ago(at, now)
    if days <= 1:
        return f"{local:%H:%M} {'yesterday' if days else 'today'}"
    return _moment(at, now)


def _moment(at: datetime, now: datetime) -> str:
    local, days = at.astimezone(), _days_ago(at, now)
    if days <= 0:
        return f"{local:%H:%M}"
    if days == 1:
        return f"yesterday {local:%H:%M}"
    if now - at < _WEEK:
        return f"{local:%a %H:%M}"
    return since_words(at, now)


def _days_ago(at: datetime, now: datetime) -> int:
    return (now.astimezone().date() - at.astimezone().date()).days


def counted_words(seconds: float) -> str:
    """As "4 min 36", "36 s"."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02}" if minutes else f"{rest} s"


# --- a piece ---------------------------------------------------------------------------


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _files(text: MessageText | None) -> str:
    """Named here; they are opened in the inbox."""
    names = [one.name for one in text.parts if not one.is_inline] if text is not None else []
    if not names:
        return ""
    more = len(names) - _FILES
    shown = ", ".join(fit(name, _NAME) for name in names[:_FILES])
    return f"With {shown} and {more} more" if more > 0 else f"With {shown}"


def _loading(message: MessageSummary, facts: MailFacts) -> str:
    if facts.text is not None or facts.problem:
        return ""
    return f"Fetching the text from {message.account}."


def _notices(facts: MailFacts) -> Sequence[Notice]:
    if facts.text is None and facts.problem:
        return (Notice(title="This message cannot be shown yet", text=facts.problem),)
    return ()


# --- the end ---------------------------------------------------------------------------


def _who_came(facts: EndFacts, now: datetime) -> str:
    since = _moment(facts.since, now)
    if not facts.people:
        return f"Nobody wrote or called since {since}."
    how = "wrote or called" if facts.mails and facts.calls else "wrote" if facts.mails else "called"
    return f"{count(facts.people, 'person', 'people')} {how} since {since}."


def _how_read(facts: EndFacts) -> str:
    if facts.passed_over:
        return f"{_pieces(facts)} you passed over."
    if not facts.mails:
        return ""
    return "You read every word." if facts.is_read else "Every word was before you."


def _pieces(facts: EndFacts) -> str:
    if not facts.calls:
        return count(facts.passed_over, "mail", "mails")
    if not facts.mails:
        return count(facts.passed_over, "call", "calls")
    return count(facts.passed_over, "mail or call", "mails or calls")


def _call_back(call: Call | None) -> tuple[ActionButton, ...]:
    if call is None or not can_be_dialled(call.number):
        return ()
    label = f"Call {fit(call.label, _NAME)} back"
    return (ActionButton(action=Action.CALL_BACK, label=label, target=call.key, icon="phone-out"),)


def _figures(facts: EndFacts) -> list[ActionButton]:
    figures = []
    if facts.mails:
        words = counted_words(facts.counted_seconds)
        figures.append(_figure(Action.SHOW_WEEK, f"{words} counted", "Open My week"))
    if facts.kept:
        words = count(facts.kept, "quote kept", "quotes kept")
        figures.append(_figure(Action.SHOW_VOICES, words, "Open Voices"))
    return figures


def _figure(action: Action, label: str, hint: str) -> ActionButton:
    return ActionButton(action=action, label=label, hint=f"{label}. {hint}", rank=ButtonRank.GHOST)


def _lists(facts: EndFacts, now: datetime) -> Iterable[EndList]:
    if facts.promises:
        yield EndList(
            words=count(len(facts.promises), "promise open", "promises open"),
            icon="promise",
            lines=tuple(_promise_line(one, now) for one in facts.promises),
        )
    if facts.left_out:
        number = len(facts.left_out)
        were = count(number, "mail sent by a machine was", "mails sent by machines were")
        yield EndList(
            words=f"{were} left out",
            icon="robot",
            lines=tuple(
                EndLine(key=one.key, who=one.sender.label, words=one.subject or "(no subject)")
                for one in facts.left_out
            ),
        )


def _promise_line(promise: Promise, now: datetime) -> EndLine:
    words = f"“{fit(promise.words, _SUBJECT)}”, {due_words(promise, now)}"
    return EndLine(key=promise.item, who=promise.who or promise.contact, words=words)
