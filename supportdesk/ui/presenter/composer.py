"""Drafts and messages on their way, in words: the composer, what holds it, the outbox."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import assert_never

from supportdesk.domain.answers import AnswerKind, Draft, DraftFile
from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.domain.reply_rules import Doubt, DoubtKind
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.domain.settings import Settings
from supportdesk.services.collisions import Answered, Gone, News
from supportdesk.services.file_danger import Risk, icon_kind, judge_name
from supportdesk.services.outbox_words import LATE_AFTER, Unsent
from supportdesk.services.wording import count, fit, listed
from supportdesk.ui.presenter.words import age, local_time, since_words, size_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Tone
from supportdesk.ui.rows.composer import (
    ComposerView,
    DraftFileView,
    HeldMessage,
    HeldView,
    OutboxRow,
)

NameOf = Callable[[Mailer], str]
TextOf = Callable[[MessageSummary], str]
_NAME = 60
_FIRST_WORDS = 160
_AT_ONCE = timedelta(seconds=15)
_NOT_SENT_SO = "Your text is kept."


def composer_view(
    draft: Draft,
    settings: Settings,
    *,
    outgoing: Outgoing | None,
    news: News,
    doubts: Sequence[Doubt],
    trouble: Problem | None,
    is_asking: bool,
    name_of: NameOf,
    now: datetime,
    text_of: TextOf = lambda message: message.preview,
) -> ComposerView:
    """A draft as it stands.

    Args:
        draft: What is typed of it is taken over by a composer that is made for it.
        settings: Whose addresses it can be from.
        outgoing: Once it was sent, or came back.
        news: What came to what it answers.
        doubts: What the founder is asked before it is sent.
        trouble: Why it is not kept.
        is_asking: The server has not said yet whom it goes to.
        name_of: How people are called here.
        now: For times of day.
        text_of: The words of a message that came, as far as they are known.
    """
    is_held = outgoing is not None and outgoing.state is SendState.HELD
    return ComposerView(
        draft_id=draft.draft_id,
        title=_title(draft, name_of),
        sender=draft.sender,
        senders=_senders(draft, settings),
        recipients=draft.recipients,
        subject=draft.subject,
        body=draft.body,
        cursor=draft.cursor,
        quote=draft.quote,
        quote_summary=_quote_summary(draft),
        is_formatted=draft.is_formatted,
        files=tuple(_file(file) for file in draft.files),
        notices=tuple(_notices(draft, outgoing, news, doubts, trouble, name_of, now)),
        held=_held(news, outgoing, name_of, text_of, now) if is_held else None,
        kept=_kept(draft, trouble, is_asking=is_asking),
        why_not=f"It is not sent while it cannot be kept: {trouble.title}." if trouble else "",
    )


def outbox_row(unsent: Unsent, now: datetime) -> OutboxRow:
    """One message in the list of what has not gone out."""
    waited = now - unsent.since
    tone = Tone.AMBER if waited >= LATE_AFTER else Tone.NORMAL
    return OutboxRow(
        draft_id=unsent.outgoing.draft_id,
        who=unsent.to,
        subject=unsent.subject or "(no subject)",
        age_label=age(unsent.since, now),
        state=_state_words(unsent, now),
        detail=_detail(unsent),
        tone=Tone.BRICK if unsent.needs_founder else tone,
        buttons=_buttons(unsent),
    )


def sending_notice(unsent: Unsent, now: datetime) -> Notice | None:
    """The same beside the message on show; the composer itself says what came back to it."""
    if unsent.state in (SendState.WRITING, SendState.HELD):
        return None
    is_calm = not unsent.needs_founder and unsent.problem is None
    if is_calm and now - unsent.since < _AT_ONCE:
        return Notice(title=f"Sending to {unsent.to}", tone=Tone.MUTED)
    return Notice(
        title=_state_words(unsent, now),
        text=" ".join(part for part in (f"To {unsent.to}.", _detail(unsent)) if part),
        tone=Tone.BRICK if unsent.needs_founder else Tone.AMBER,
        buttons=_buttons(unsent),
    )


# --- the composer ----------------------------------------------------------------------


def _title(draft: Draft, name_of: NameOf) -> str:
    names = [fit(name_of(one), _NAME) for one in draft.recipients.to]
    to = listed(names[:3], len(names)) if names else ""
    match draft.kind:
        case AnswerKind.REPLY | AnswerKind.REPLY_ALL:
            return f"Reply to {to}" if to else "Reply"
        case AnswerKind.FORWARD:
            return f"Forward to {to}" if to else "Forward"
        case AnswerKind.NEW:
            return f"Message to {to}" if to else "New message"
        case _:
            assert_never(draft.kind)


def _senders(draft: Draft, settings: Settings) -> tuple[Mailer, ...]:
    """The address it is from stands where it is among the others."""
    account = next((one for one in settings.mail if one.name == draft.account), None)
    known = account.own_addresses if account is not None else ()
    name = account.name_in_from if account is not None else ""
    senders = tuple(
        draft.sender if email == draft.sender.email else Mailer(name=name, email=email)
        for email in known
    )
    return senders if draft.sender in senders else (draft.sender, *senders)


def _quote_summary(draft: Draft) -> str:
    lines = sum(line.startswith(">") for line in draft.quote.splitlines())
    if draft.kind is AnswerKind.FORWARD:
        return "The forwarded message"
    return f"Quotes {count(lines, 'line', 'lines')}" if lines else "Quoted below"


def _file(file: DraftFile) -> DraftFileView:
    judgement = judge_name(file.name, file.media_type)
    is_risky = judgement.risk is Risk.DANGEROUS
    kind = icon_kind(file.name, file.media_type)
    return DraftFileView(
        key=file.sha256,
        name=file.name,
        size_label=size_words(file.size_bytes),
        icon=f"file-{kind}" if kind else "file",
        caution=f"{judgement.kind}: many servers refuse such mail." if is_risky else "",
    )


def _kept(draft: Draft, trouble: Problem | None, *, is_asking: bool) -> str:
    if trouble is not None:
        return "not kept"
    kept = f"kept {local_time(draft.changed_at)}"
    return f"{kept} · asking the server whom it goes to" if is_asking else kept


def _notices(
    draft: Draft,
    outgoing: Outgoing | None,
    news: News,
    doubts: Sequence[Doubt],
    trouble: Problem | None,
    name_of: NameOf,
    now: datetime,
) -> list[Notice]:
    notices: list[Notice] = []
    if trouble is not None:
        safe = "What is typed stays here as long as supportdesk runs."
        notices.append(Notice(title=f"{trouble.title}.", text=f"{safe} {trouble.advice}"))
    came_back = outgoing is not None and outgoing.state is SendState.WRITING
    if came_back and outgoing is not None and outgoing.problem is not None:
        problem = outgoing.problem
        notices.append(Notice(title=f"{problem.title}.", text=problem.advice, tone=Tone.AMBER))
    told = _news(draft, news, name_of, now)
    if told is not None:
        notices.append(told)
    notices.extend(_doubt(draft, doubt) for doubt in doubts)
    return notices


def _news(draft: Draft, news: News, name_of: NameOf, now: datetime) -> Notice | None:
    """What came while the founder writes."""
    show = ActionButton(action=Action.SHOW_NEWS, label="Show it", target=draft.draft_id)
    if isinstance(news, Gone):
        title = "This mail was moved or deleted by somebody."
        text, label = "Your text stays, and can be sent.", "I have seen it"
    elif isinstance(news, Answered):
        title, label = f"{_answered_words(news, now)} while you wrote.", "Show it"
        text = _words_of(news.messages) or _NOT_SENT_SO
    elif news:
        title, text, label = f"{_wrote_words(news, name_of, now)}.", _words_of(news), "Show it"
    else:
        return None
    seen = ActionButton(action=show.action, label=label, target=show.target)
    return Notice(title=title, text=text, tone=Tone.AMBER, buttons=(seen,))


def _doubt(draft: Draft, doubt: Doubt) -> Notice:
    attach = ActionButton(action=Action.ATTACH_FILE, label="Attach", icon="attach")
    send = ActionButton(action=Action.SEND_ANYWAY, label="Send anyway", target=draft.draft_id)
    buttons = (
        *((attach,) if doubt.kind is DoubtKind.NO_FILE else ()),
        *(() if doubt.is_final else (send,)),
    )
    return Notice(title=_ended(doubt.title), text=doubt.advice, tone=Tone.AMBER, buttons=buttons)


def _held(
    news: News, outgoing: Outgoing | None, name_of: NameOf, text_of: TextOf, now: datetime
) -> HeldView:
    text = "Your text is kept beside theirs. Nothing was sent."
    if isinstance(news, Gone):
        title = "Not sent: this mail was moved or deleted by somebody."
        return HeldView(title=title, text=_NOT_SENT_SO)
    messages = news.messages if isinstance(news, Answered) else news
    theirs = tuple(_held_message(one, name_of, text_of, now) for one in messages)
    if isinstance(news, Answered):
        return HeldView(title=f"Not sent: {_answered_words(news, now)}.", text=text, theirs=theirs)
    if news:
        return HeldView(
            title=f"Not sent: {_wrote_words(news, name_of, now)}.", text=text, theirs=theirs
        )
    problem = outgoing.problem if outgoing is not None else None
    return HeldView(
        title=_ended(problem.title) if problem is not None else "Not sent: something new came.",
        text=problem.advice if problem is not None else _NOT_SENT_SO,
    )


def _held_message(
    message: MessageSummary, name_of: NameOf, text_of: TextOf, now: datetime
) -> HeldMessage:
    return HeldMessage(
        key=message.key,
        who=fit(name_of(message.sender), _NAME),
        when=since_words(message.arrived_at, now),
        text=text_of(message) or message.preview,
    )


def _wrote_words(news: Sequence[MessageSummary], name_of: NameOf, now: datetime) -> str:
    names = list(dict.fromkeys(fit(name_of(one.sender), _NAME) for one in news))
    at = since_words(news[-1].arrived_at, now)
    if len(news) == 1:
        return f"{names[0]} wrote at {at}"
    return f"{len(news)} new messages of {listed(names[:3], len(names))}, the last at {at}"


def _answered_words(news: Answered, now: datetime) -> str:
    who = fit(news.by, _NAME) if news.by else "Somebody"
    if not news.by:
        return "Somebody marked it as answered"
    return f"{who} answered at {since_words(news.at, now)}" if news.at else f"{who} answered"


def _words_of(messages: Sequence[MessageSummary]) -> str:
    words = fit(messages[-1].preview, _FIRST_WORDS) if messages else ""
    return f"“{words}”" if words else ""


# --- the outbox ------------------------------------------------------------------------


def _state_words(unsent: Unsent, now: datetime) -> str:
    row, problem = unsent.outgoing, unsent.problem
    match unsent.state:
        case SendState.DOUBTFUL:
            at = since_words(row.poised_at or row.since, now)
            return f"It may have gone out at {at}; the server was lost before it said so."
        case SendState.HELD:
            return "Held: something new came, and you decide."
        case SendState.REFUSED | SendState.WRITING if problem is not None:
            return _ended(problem.title)
        case SendState.REFUSED:
            return "The server refused it."
        case SendState.CHECKING if problem is None:
            return "Looking whether somebody else has answered."
        case SendState.TRYING | SendState.POISED if problem is None:
            return "Being sent."
        case _ if problem is not None:
            return " ".join(part for part in (_ended(problem.title), _next_try(row, now)) if part)
        case _:
            return "Waits for its turn."


def _next_try(row: Outgoing, now: datetime) -> str:
    if row.next_at is None or row.next_at <= now:
        return ""
    minutes = round((row.next_at - now).total_seconds() / 60)
    return f"Next try in {minutes} min." if minutes else "Next try in a moment."


def _detail(unsent: Unsent) -> str:
    if unsent.outgoing.refused:
        return ". ".join(f"{email}: {words}" for email, words in unsent.outgoing.refused)
    if unsent.state is SendState.DOUBTFUL:
        if unsent.is_likely_unsent:
            return (
                "It is not in Sent, where this server puts a copy of all that it sends: most "
                "likely it has not gone out."
            )
        if unsent.has_looked:
            return "It is not in Sent, and no answer to it has come."
        return "It is being looked for in Sent."
    return unsent.problem.advice if unsent.problem is not None else ""


def _buttons(unsent: Unsent) -> tuple[ActionButton, ...]:
    draft_id = unsent.outgoing.draft_id

    def button(action: Action, label: str, rank: ButtonRank = ButtonRank.SECONDARY) -> ActionButton:
        hint = f"{label}: to {unsent.to}"
        return ActionButton(action=action, label=label, target=draft_id, hint=hint, rank=rank)

    edit = button(Action.EDIT_DRAFT, "Edit")
    give_up = button(Action.GIVE_UP, "Give up", ButtonRank.GHOST)
    match unsent.state:
        case SendState.WAITING | SendState.FREEZING:
            return (button(Action.SEND_AGAIN, "Try now"), edit, give_up)
        case SendState.REFUSED:
            others = button(Action.SEND_TO_OTHERS, "Remove them and send")
            return (edit, *((others,) if _has_others(unsent) else ()), give_up)
        case SendState.DOUBTFUL:
            return (
                button(Action.LOOK_AGAIN, "Look again"),
                button(Action.IT_HAS_GONE, "It has gone"),
                button(Action.SEND_AGAIN, "Send again"),
            )
        case SendState.WRITING:
            return (button(Action.EDIT_DRAFT, "Go on writing"), give_up)
        case _:
            return ()


def _has_others(unsent: Unsent) -> bool:
    """Somebody was refused, and somebody is left."""
    refused = len({email for email, _words in unsent.outgoing.refused})
    return 0 < refused < unsent.recipients


def _ended(title: str) -> str:
    return title if title.endswith((".", "?")) else f"{title}."
