"""Thanks that go to whoever lifted something: once they have gone out, they are a lesson, too.

They are followed with or without a window: what waits for the network at quit goes out from the
tray of the next run.
"""

from collections.abc import Callable
from datetime import datetime

from supportdesk.domain.answers import Draft
from supportdesk.domain.calls import Call
from supportdesk.domain.lifts import THANKS, Lift
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.sending import GONE, Outgoing
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Turn

_SIGNATURE = "\n-- \n"

Perform = Callable[[Callable[[datetime], Turn]], None]


class LiftThanks:
    """Raises StoreError where the disk does not take what came of them."""

    def __init__(self, desk: Desk, perform: Perform) -> None:
        """`perform` does something with the desk now, and tells what came of it."""
        self._desk = desk
        self._perform = perform

    def moved(self, draft: Draft, outgoing: Outgoing) -> None:
        """A message is in another state."""
        lifts = self._desk.known_lifts
        begin = THANKS.strip()
        if lifts is None or outgoing.state not in GONE or not draft.body.startswith(begin):
            return
        lift = lifts.thanked_by(draft.draft_id, draft.answers)
        if lift is None or lift.thanked_at is not None:
            return
        learned = draft.body.removeprefix(begin).partition(_SIGNATURE)[0].strip()
        if learned:
            # Before the thanks, by which all of it counts as done.
            self._learn(learned, lift, f"lesson/{draft.draft_id}")
        self._perform(
            lambda now: self._desk.change_lifts(lambda: lifts.thanked(lift.key, now), now)
        )

    def _learn(self, words: str, lift: Lift, key: str) -> None:
        about = self._desk.calls.call(lift.item) or self._desk.inbox.message(lift.item)
        name = about.label if isinstance(about, Call) else ""
        if isinstance(about, MessageSummary):
            name = self._desk.people.name_of(about.sender)
        lessons = self._desk.voices.lessons
        self._perform(
            lambda now: self._desk.change_voices(
                lambda: lessons.learn(
                    words, item=lift.item, who=name, contact=lift.contact, key=key, now=now
                ),
                now,
            )
        )
