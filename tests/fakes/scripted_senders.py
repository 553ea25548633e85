"""Senders that write down what they are asked, and say what a test wants them to say."""

from collections.abc import Callable

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.send_events import SendFrozen, SendStep
from supportdesk.domain.sending import Outgoing
from supportdesk.domain.settings import Settings
from supportdesk.services.ports import Publisher


class ScriptedSenders:
    """`sender_lines.Senders`. `asked` has the name of each call with the draft it is about.

    Attributes:
        at_the_end: Called when it is stopped: last words may be published in it.
    """

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.asked: list[tuple[str, str]] = []
        self.settings: list[Settings] = []
        self.at_the_end: Callable[[], None] = lambda: None

    def say(self, event: SendStep) -> None:
        self.publisher.publish(event)

    def follow(self, settings: Settings) -> None:
        self.settings.append(settings)

    def stop(self, limit_seconds: float) -> None:
        self.asked.append(("stop", ""))
        self.at_the_end()

    def freeze(self, draft: Draft) -> None:
        self.asked.append(("freeze", draft.draft_id))
        self.say(SendFrozen(account=draft.account, draft_id=draft.draft_id, wire_bytes=1))

    def mark(self, outgoing: Outgoing) -> None:
        self.asked.append(("mark", outgoing.draft_id))

    def unmark(self, outgoing: Outgoing) -> None:
        self.asked.append(("unmark", outgoing.draft_id))

    def send(self, outgoing: Outgoing) -> None:
        self.asked.append(("send", outgoing.draft_id))

    def go_on(self, draft_id: DraftId) -> None:
        self.asked.append(("go on", draft_id))

    def give_up(self, draft_id: DraftId) -> None:
        self.asked.append(("give up", draft_id))

    def look_for(self, outgoing: Outgoing) -> None:
        self.asked.append(("look for", outgoing.draft_id))

    def file(self, outgoing: Outgoing) -> None:
        self.asked.append(("file", outgoing.draft_id))

    def flag(self, outgoing: Outgoing) -> None:
        self.asked.append(("flag", outgoing.draft_id))

    def discard(self, draft_id: DraftId) -> None:
        self.asked.append(("discard", draft_id))

    def copy_draft(self, draft: Draft) -> None:
        self.asked.append(("copy", draft.draft_id))

    def remove_copy(self, draft: Draft) -> None:
        self.asked.append(("remove copy", draft.draft_id))
