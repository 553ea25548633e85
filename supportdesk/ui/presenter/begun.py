"""What is said of an answer that was begun and is not on show."""

from collections.abc import Sequence

from supportdesk.domain.answers import AnswerKind, Draft
from supportdesk.services.wording import fit
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Tone

_FIRST_WORDS = 80
_NAME = 40


def begun_notice(draft: Draft) -> Notice:
    """Beside the message that it answers or forwards."""
    is_forward = draft.kind is AnswerKind.FORWARD
    return Notice(
        title="You began to forward this" if is_forward else "You began an answer",
        text=fit(draft.body, _FIRST_WORDS),
        tone=Tone.NORMAL,
        buttons=(
            _go_on(draft),
            ActionButton(
                action=Action.GIVE_UP,
                label="Discard",
                target=draft.draft_id,
                icon="trash",
                rank=ButtonRank.GHOST,
            ),
        ),
    )


def begun_before_notice(drafts: Sequence[Draft]) -> Notice | None:
    """Above the list: what an earlier run left, the one written on last first."""
    if not drafts:
        return None
    newest = drafts[0]
    is_forward = newest.kind is AnswerKind.FORWARD
    to = next(iter(newest.recipients), None)
    who = f" to {fit(to.label, _NAME)}" if to is not None else ""
    more = f", and {len(drafts) - 1} more" if len(drafts) > 1 else ""
    return Notice(
        title=f"You began {'to forward a mail' if is_forward else 'an answer'}{who}{more}",
        text="It is kept as you left it.",
        tone=Tone.NORMAL,
        buttons=(_go_on(newest),),
    )


def _go_on(draft: Draft) -> ActionButton:
    return ActionButton(
        action=Action.EDIT_DRAFT, label="Go on writing", target=draft.draft_id, icon="reply"
    )
