"""Who knocks for the third time today is on top of the missed calls, and their row says so."""

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.services.desk_state import Area
from supportdesk.ui.presenter.words import local_time
from supportdesk.ui.rows import CallEntry, ChipKind, ConversationRow, Page
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_caller, a_member, a_message, after, arrived, joined, missed
from tests.ui.rig import Rig

MAIL = a_message(1, who="Jana Nova", at=after(120))


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    made.window.show_page(Page.CALLS)
    made.desk.join(MAIL.sender, "+420 7")
    return made


def miss(rig: Rig, call_id: str, number: str, at: float) -> None:
    rig.desk.apply(missed(call_id, number=number, at=at), at=after(at))


def listed(rig: Rig) -> list[CallEntry]:
    rig.refresh()
    source = rig.window._shown.calls.past.rows
    rows = source.rows(0, source.count)
    return [row for row in rows if isinstance(row, CallEntry)]


def top(rig: Rig) -> tuple[str, str, str]:
    past = rig.window._shown.calls.past
    return (past.actions[0].label, past.actions[0].target, past.note)


def test_the_third_try_of_a_day_climbs_and_says_so(rig: Rig) -> None:
    miss(rig, "1", "+420 1", 0)
    miss(rig, "2", "+420 7", 60)
    rig.desk.apply(arrived(MAIL), at=after(120))
    assert [row.who for row in listed(rig)] == ["+420 1", "Jana Nova"]
    assert top(rig) == ("Call back the oldest", "call/Office/1", "2 people still waiting")
    miss(rig, "3", "+420 7", 180)
    first, second = listed(rig)
    assert (first.who, second.who) == ("Jana Nova", "+420 1")
    [knock, _] = first.chips
    assert knock.kind is ChipKind.KNOCK
    assert knock.label == f"3rd try today, first at {local_time(after(60))}"
    assert len(second.chips) == 1
    words = "2 people still waiting, third tries first"
    assert top(rig) == ("Call back the 3rd try", "call/Office/3", words)


def test_their_mail_climbs_in_the_inbox_and_says_so(rig: Rig) -> None:
    rig.window.show_page(Page.INBOX)
    rig.desk.apply(arrived(a_message(2, who="Ann")), at=after(9))
    miss(rig, "2", "+420 7", 60)
    rig.desk.apply(arrived(MAIL), at=after(120))
    assert [row.who for row in mails(rig)] == ["Ann", "Jana Nova"]
    assert rig.window._shown.inbox.caption == "2 waiting, longest first"
    miss(rig, "3", "+420 7", 180)
    rig.controller.refresh(frozenset({Area.CALLS}))
    assert rig.window._shown.inbox.caption == "2 waiting, third tries first"
    first, second = mails(rig)
    assert (first.who, second.who) == ("Jana Nova", "Ann")
    assert [(chip.kind, chip.label) for chip in first.chips] == [
        (ChipKind.KNOCK, "3rd try today"),
        (ChipKind.PLAIN, f"first at {local_time(after(60))}"),
    ]
    assert f"3rd try today, first at {local_time(after(60))}" in first.accessible_text
    assert second.chips == ()
    assert first.is_hot
    assert rig.desk.desk.what_matters_most(rig.desk.now) == "call/Office/3"


def mails(rig: Rig) -> list[ConversationRow]:
    rig.refresh()
    source = rig.window._shown.inbox.rows
    rows = source.rows(0, source.count)
    return [row for row in rows if isinstance(row, ConversationRow)]


def test_who_rings_again_is_shown_with_their_tries(rig: Rig) -> None:
    miss(rig, "2", "+420 7", 60)
    rig.desk.apply(arrived(MAIL), at=after(120))
    rig.desk.apply(joined(a_caller("9", number="+420 7", name="", at=after(200))), at=after(200))
    rig.refresh()
    [caller] = rig.window._shown.calls.waiting
    assert caller.who == "Jana Nova"
    assert caller.last_line.startswith(f"3rd try today, first at {local_time(after(60))} · Mail")
