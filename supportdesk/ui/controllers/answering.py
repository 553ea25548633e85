"""What the window asks of answering: drafts that are kept, and messages on their way out."""

from collections.abc import Sequence
from typing import Protocol

from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.sending import Outgoing
from supportdesk.services.collisions import News
from supportdesk.services.outbox_words import Unsent


class Answering(Protocol):
    """All of it on the GUI thread, and each returns at once; what comes of it is told later.

    Whoever has one tells the window of each draft whose state or news changed, and of the outbox
    as a whole.
    """

    def why_not(self, account: SourceName) -> Problem | None:
        """Why nothing can be answered from this account here; None when it can."""
        ...

    # --- what is being written ---------------------------------------------------------

    def begin(self, draft: Draft) -> None:
        """Keep a new draft. Raises StoreError."""
        ...

    def typed(self, draft: Draft) -> None:
        """Keep it as it is now, within a second; `trouble` says when that does not go."""
        ...

    def close(self, draft_id: DraftId) -> None:
        """It was put away: keep it now."""
        ...

    def drop(self, draft_id: DraftId) -> None:
        """The founder wants none of it any more."""
        ...

    def trouble(self, draft_id: DraftId) -> Problem | None:
        """Why it is not kept."""
        ...

    def draft(self, draft_id: DraftId) -> Draft | None: ...

    def drafts(self) -> Sequence[Draft]:
        """All that is being written, put away or taken back; the one changed last first."""
        ...

    def versions(self, draft_id: DraftId) -> Sequence[DraftVersion]: ...

    def what_is_new(self, draft_id: DraftId) -> News:
        """What came since it was begun, or since the founder was shown it."""
        ...

    def fetch_head(self, message: MessageSummary) -> bool:
        """Leads to HeadFetched; False when its account is not watched."""
        ...

    def attend(self, message: MessageSummary | None) -> None:
        """While this one is being answered, look often for what colleagues sent."""
        ...

    # --- what is on its way ------------------------------------------------------------

    def outgoing(self, draft_id: DraftId) -> Outgoing | None: ...

    def unsent(self) -> Sequence[Unsent]:
        """What the founder sent and customers may not have, the oldest first."""
        ...

    def counting(self) -> Sequence[DraftId]:
        """Those that an undo would still stop."""
        ...

    def seconds_left(self, draft_id: DraftId) -> float:
        """For an undo."""
        ...

    def send(self, draft_id: DraftId) -> None:
        """Count down, then send."""
        ...

    def undo(self, draft_id: DraftId) -> None:
        """Go on writing; for what is counted down."""
        ...

    def send_now(self, draft_id: DraftId) -> None:
        """Count down no longer."""
        ...

    def send_anyway(self, draft_id: DraftId) -> None:
        """The founder has seen what held it."""
        ...

    def add_to_mine(self, draft_id: DraftId) -> None:
        """Go on writing what was held; what held it has been seen."""
        ...

    def edit(self, draft_id: DraftId) -> None:
        """Go on writing what was refused, or what waits."""
        ...

    def again(self, draft_id: DraftId) -> None:
        """Try now; of what may have gone out already this is the founder's own decision."""
        ...

    def it_has_gone(self, draft_id: DraftId) -> None:
        """The founder knows that what is in doubt went out."""
        ...

    def look_again(self, draft_id: DraftId) -> None:
        """Look for proof that what is in doubt went out."""
        ...

    def give_up(self, draft_id: DraftId) -> None:
        """It is not sent, and not kept."""
        ...
