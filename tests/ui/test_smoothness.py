"""Mail pours in and the window shows it in few, bounded steps; tests/bench measures how long."""

from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.events import MessageChanged
from supportdesk.domain.mail import MessageSummary
from supportdesk.ui.rows import ConversationRow
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_message, after, arrived
from tests.ui.rig import Rig, rows_of

_BURST = 100


def _with_text(message: MessageSummary) -> MessageSummary:
    return a_message(message.address.uid, at=message.arrived_at, preview="The flour is late.")


def _first_words(rig: Rig) -> list[str]:
    return [row.first_words for row in rows_of(rig) if isinstance(row, ConversationRow)]


@pytest.mark.parametrize("waiting", [300, 1800])
def test_a_burst_of_mail_is_shown_once_and_not_mail_by_mail(
    theme: Theme, qtbot: QtBot, waiting: int
) -> None:
    rig = Rig(theme, qtbot)
    rig.desk.apply(arrived(*(a_message(uid, at=after(uid)) for uid in range(1, waiting))))
    rig.refresh()
    shown_before = rig.window.lists_shown
    burst = [a_message(waiting + number, at=after(-number)) for number in range(_BURST)]
    for message in burst:
        rig.acts.perform(partial(rig.desk.desk.apply, arrived(message)))
        changed = MessageChanged(message=_with_text(message), at=after(0))
        rig.acts.perform(partial(rig.desk.desk.apply, changed))
    qtbot.waitUntil(lambda: _first_words(rig).count("The flour is late.") == _BURST)
    assert rig.window.lists_shown - shown_before <= 2
