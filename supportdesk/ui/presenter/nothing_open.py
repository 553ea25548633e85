"""What the reading pane says while no message is open and there is none to choose."""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.health import Hearing, SourceHealth, SourceKind
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, ActionButton

_FIRST_LOOK = rows.EmptyView(
    head="Looking into your inbox.",
    sentence="The newest messages are here in a moment, the others follow by themselves. "
    "Looking changes nothing in it.",
)
_WHY = ActionButton(action=Action.WHY_DEAF, label="Why?", icon="pulse")
_AGAIN = ActionButton(action=Action.TRY_AGAIN, label="Try again", icon="refresh")


def nothing_open(
    healths: Sequence[SourceHealth], *, has_mail: bool, now: datetime
) -> rows.EmptyView | None:
    """None where the list has something to say or to choose: silence must not look like deafness.

    Args:
        healths: Of all sources.
        has_mail: There are conversations to choose from.
        now: For the dates.
    """
    mail = [one for one in healths if one.kind is SourceKind.MAIL]
    if has_mail or not mail or any(one.hearing is Hearing.LISTENING for one in mail):
        return None
    deaf = [one for one in mail if one.hearing is Hearing.DEAF]
    if not deaf:
        return _FIRST_LOOK
    since = since_words(min(one.since for one in deaf), now)
    names = " and ".join(str(one.source) for one in deaf[:2])
    return rows.EmptyView(
        head=f"Not listening since {since}.",
        sentence=f"{names} cannot be heard, so nobody knows who waits there. What comes meanwhile "
        "stays in the mailbox and is shown once it is heard.",
        buttons=(_WHY, _AGAIN),
    )
