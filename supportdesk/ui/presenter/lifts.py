"""What the team lifts to the founder, in words: above its message, over the window, in the list."""

from datetime import datetime

from supportdesk.domain.calls import Call
from supportdesk.domain.lifts import Lift
from supportdesk.domain.mail import MessageSummary
from supportdesk.services.alert_text import lifted_mail_words
from supportdesk.services.wording import count, fit, sentence
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, ChipKind, ChipView, Tone

_ICON = "lift"
_WHO = 40
_WHY = 300


def lift_chip(lift: Lift) -> ChipView:
    by = fit(lift.by or lift.by_address, _WHO)
    return ChipView(label=f"lifted to you by {by}" if by else "lifted to you", kind=ChipKind.LIFTED)


def lift_words(lift: Lift) -> str:
    """On the row of who waits: who asks, and why."""
    label = lift_chip(lift).label
    return f"{label[0].upper()}{label[1:]}. {_quoted(lift.why)}".rstrip()


def lift_notice(lift: Lift, now: datetime) -> rows.Notice:
    """Above the message: who asks and why, and the way to thank them."""
    who = _operator(lift)
    title = f"{who} lifted this to you, {since_words(lift.at, now)}"
    if lift.thanked_at is not None:
        title = f"{title}. You thanked them, {since_words(lift.thanked_at, now)}"
    buttons = [] if lift.thanked_at is not None else [_thank(lift)]
    if lift.carrier and lift.carrier != lift.item:
        label = f"Open {fit(lift.who, _WHO)}'s mail"
        buttons.append(_button(Action.OPEN_LIFTED, label, lift.carrier))
    return rows.Notice(
        title=title,
        text=_quoted(lift.why),
        tone=Tone.AMBER if lift.thanked_at is None else Tone.NORMAL,
        icon=_ICON,
        buttons=tuple(buttons),
    )


def carrier_notice(lift: Lift) -> rows.Notice:
    """Above the operator's own mail: what it is about."""
    return rows.Notice(
        title=f"With this mail {_operator(lift)} lifted another one to you",
        tone=Tone.NORMAL,
        icon=_ICON,
        buttons=(_button(Action.OPEN_LIFTED, "Open what it is about", lift.item), _thank(lift)),
    )


def lift_card(
    lift: Lift, about: Call | MessageSummary, now: datetime, *, others: int, can_take: bool
) -> rows.Notice:
    """Across the window, until the founder has seen it; `others` wait behind it."""
    if isinstance(about, Call):
        title = f"{_operator(lift)} asks for you on a call"
        since = since_words(about.started_at, now)
        text = f"{fit(about.label, _WHO)}, on the line since {since}. {_said(lift)}".rstrip()
        first = _button(Action.TAKE_CALL, "Take call", lift.item, icon="phone")
        show = _button(Action.OPEN_LIFTED, "Show it", lift.item)
        buttons = [first] if can_take else [show]
    else:
        words = lifted_mail_words(lift.by or lift.by_address, lift.why, about)
        title, text = words.title, words.body
        buttons = [_button(Action.OPEN_LIFTED, "Read", lift.item)]
    if others:
        text = f"{sentence(text)} {count(others, 'other is', 'others are')} lifted to you, too."
    buttons.append(_button(Action.LIFT_NOT_NOW, "Not now", lift.item))
    return rows.Notice(title=title, text=text, tone=Tone.AMBER, icon=_ICON, buttons=tuple(buttons))


def thanks_card(lift: Lift, call: Call) -> rows.Notice:
    """Across the window, once the talk is over that somebody brought the founder."""
    who = _operator(lift)
    minutes = int(call.talk_seconds // 60)
    talked = f"You talked to {fit(call.label, _WHO)}" + (f" for {minutes} min" if minutes else "")
    return rows.Notice(
        title=f"{who} brought you that call",
        text=f"{talked}. Tell {who} what came of it?",
        tone=Tone.NORMAL,
        icon=_ICON,
        buttons=(_thank(lift), _button(Action.LIFT_NOT_NOW, "Not now", lift.item)),
    )


def _operator(lift: Lift) -> str:
    return fit(lift.by or lift.by_address, _WHO) or "The team"


def _quoted(why: str) -> str:
    return f"“{fit(why, _WHY)}”" if why.strip() else ""


def _said(lift: Lift) -> str:
    return f"{_operator(lift)}: {_quoted(lift.why)}" if lift.why.strip() else ""


def _thank(lift: Lift) -> ActionButton:
    return ActionButton(
        action=Action.THANK_LIFT,
        label="Thank you, here is what I learned",
        icon="reply",
        target=lift.key,
        rank=ButtonRank.SECONDARY,
    )


def _button(action: Action, label: str, target: str, icon: str = "") -> ActionButton:
    rank = ButtonRank.GHOST if action is Action.LIFT_NOT_NOW else ButtonRank.SECONDARY
    return ActionButton(action=action, label=label, target=target, rank=rank, icon=icon)
