"""Only a message on which time has counted is said to have been really read."""

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.reading import SpanKind
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_member, a_message, after, arrived
from tests.ui.looking import settle
from tests.ui.rig import Rig


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    return made


def test_skimming_is_not_reading(rig: Rig, qtbot: QtBot) -> None:
    messages = [a_message(number, who=f"P {number}", at=after(number)) for number in (1, 2)]
    rig.desk.apply(arrived(*messages))
    rig.refresh()
    read: list[str] = []
    rig.controller.reading.really_read.connect(read.append)
    rig.window.show()
    rig.window.activateWindow()
    qtbot.waitUntil(lambda: rig.window.isActiveWindow())
    for message, seconds in zip(messages, (2, 12), strict=True):
        rig.window.choices.conversation_chosen.emit(message.key)
        settle()
        for _ in range(seconds):
            rig.desk.wait(1)
            rig.controller.reading._beat()
    rig.controller.reading.stop()
    spans = [one for one in rig.desk.store.all_spans() if one.kind is SpanKind.READ]
    assert {one.item for one in spans if one.counted_seconds} == {messages[1].key}
    assert set(read) == {messages[1].key}
