"""The list driven by a real desk: searching, old mail, progress; fast answers and late ones."""

from array import array
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from supportdesk.domain.events import HistoryStored, MessageChanged, SyncProgressed
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.search import OldMail, SearchAnswer, SearchHit
from supportdesk.ui.rows import ConversationRow, Page, SectionRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.windowed_list import WindowedList
from tests.fakes.happenings import SUPPORT, a_member, a_message, after, arrived
from tests.ui.looking import focused, named, settle, type_keys, words
from tests.ui.rig import Rig, rows_of

OLD = 500


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    made.desk.apply(arrived(*(a_message(uid, at=after(uid)) for uid in range(1, 31))))
    made.refresh()
    return made


def old_mail(rig: Rig, count: int = OLD) -> OldMail:
    """So many old messages in the cache, one a day."""
    rig.acts.cached = {
        number: a_message(number, at=after(-86_400 * number), who=f"Old {number}")
        for number in range(1_000, 1_000 + count)
    }
    times = [int(message.arrived_at.timestamp()) for message in rig.acts.cached.values()]
    return OldMail(ids=array("q", rig.acts.cached), times=array("q", times))


def shown_list(rig: Rig) -> WindowedList:
    view = named(rig.window, "Conversations")
    assert isinstance(view, WindowedList)
    return view


def answer(rig: Rig, typed: str, *messages: MessageSummary) -> None:
    rig.acts.found(
        SearchAnswer(words=typed, hits=tuple(SearchHit(message=one) for one in messages))
    )


def who(rig: Rig) -> list[str]:
    return [row.who for row in rows_of(rig) if isinstance(row, ConversationRow)]


def search_for(rig: Rig, typed: str) -> None:
    shown_list(rig).setFocus()
    type_keys(rig.window, "/")
    type_keys(rig.window, typed)


def test_every_key_asks_and_only_the_last_answer_shows(rig: Rig) -> None:
    search_for(rig, "ann")
    assert rig.acts.searched == ["a", "an", "ann"]
    assert len(who(rig)) == 30, "the list stays until there is an answer"
    answer(rig, "an", a_message(7, who="Andrew"))
    assert len(who(rig)) == 30
    answer(rig, "ann", a_message(8, who="Anna"))
    assert who(rig) == ["Anna"]
    assert "1 found" in words(rig.window)


def test_enter_goes_to_what_was_found_and_opens_that_very_mail(rig: Rig, qtbot: QtBot) -> None:
    chosen: list[MessageSummary] = []
    rig.controller._inbox_list.message_chosen.connect(chosen.append)
    search_for(rig, "flour")
    first, second = a_message(700, who="Ingrid"), a_message(3)
    answer(rig, "flour", first, second)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert focused() is shown_list(rig)
    assert chosen == [first]
    type_keys(rig.window, "j")
    assert chosen == [first, second]
    type_keys(rig.window, "k")
    assert chosen == [first, second, first]


def test_escape_brings_back_the_list_as_it_was(rig: Rig) -> None:
    view = shown_list(rig)
    view.choose(rows_of(rig)[9].key)
    view.verticalScrollBar().setValue(333)
    before = view.place()
    search_for(rig, "flour")
    answer(rig, "flour", a_message(700))
    assert view.source.count == 2
    named(rig.window, "Search all mail").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert view.place() == before
    assert focused() is view
    answer(rig, "flour", a_message(700))
    assert len(who(rig)) == 30, "a late answer changes nothing"
    assert rig.acts.searched[-1] == ""


def test_enter_begins_at_the_top_however_far_down_the_list_was(rig: Rig) -> None:
    rig.acts.listed(old_mail(rig))
    QTest.keyClick(shown_list(rig), Qt.Key.Key_End)
    search_for(rig, "flour")
    first = a_message(700, who="Ingrid")
    answer(rig, "flour", first, a_message(3))
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert shown_list(rig).current_key == first.key


def test_escape_leaves_the_search_from_among_what_was_found(rig: Rig) -> None:
    search_for(rig, "flour")
    answer(rig, "flour", a_message(700))
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert len(who(rig)) == 30
    assert rig.acts.searched[-1] == ""


def test_nothing_found_offers_a_way_on(rig: Rig, qtbot: QtBot) -> None:
    search_for(rig, "flour crash")
    answer(rig, "flour crash")
    assert "Nothing found for “flour crash”." in words(rig.window)
    QTest.mouseClick(named(rig.window, "Try “flour”"), Qt.MouseButton.LeftButton)
    assert rig.acts.searched[-1] == "flour"
    answer(rig, "flour")
    QTest.mouseClick(named(rig.window, "Back to the list"), Qt.MouseButton.LeftButton)
    assert len(who(rig)) == 30
    assert "Nothing found for “flour”." not in words(rig.window)


def test_more_of_what_was_found_comes_below_without_moving_anything(rig: Rig) -> None:
    everything = [a_message(700 + number, who=f"Found {number}") for number in range(450)]

    def answer_up_to(limit: int) -> None:
        hits = tuple(SearchHit(message=one) for one in everything[:limit])
        rig.acts.found(SearchAnswer(words="flour", hits=hits, has_more=limit < len(everything)))
        settle()

    search_for(rig, "flour")
    answer_up_to(rig.acts.search_limit)
    view = shown_list(rig)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    place = view.place()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert focused().accessibleName() == "Show 200 more of what was found"
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert rig.acts.search_limit == 400
    answer_up_to(400)
    assert view.place() == place
    assert "more than 400 found" in words(rig.window)
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    answer_up_to(600)
    assert view.place() == place
    assert "450 found" in words(rig.window)
    assert focused() is view, "there is nothing more to ask for"
    type_keys(rig.window, "j")
    assert view.current_key == everything[200].key
    search_for(rig, "s")
    assert rig.acts.search_limit == 200


def test_the_empty_field_says_what_it_understands(rig: Rig) -> None:
    shown_list(rig).setFocus()
    type_keys(rig.window, "/")
    QTest.mouseClick(
        named(rig.window, "Only from this person, as in from:ingrid"), Qt.MouseButton.LeftButton
    )
    assert rig.acts.searched == ["from:"]
    type_keys(rig.window, "anna")
    assert rig.acts.searched[-1] == "from:anna"


def test_an_alert_shows_its_mail_although_a_search_is_open(rig: Rig) -> None:
    search_for(rig, "flour")
    answer(rig, "flour", a_message(700))
    rig.controller.open_item(a_message(5).key)
    assert len(who(rig)) == 30
    assert shown_list(rig).current_key == a_message(5).key


def test_a_search_goes_on_in_a_window_that_is_built_anew(rig: Rig, theme: Theme) -> None:
    search_for(rig, "flour")
    answer(rig, "flour", a_message(700, who="Ingrid"))
    theme.set_text_scale(2.0)
    settle()
    assert named(rig.window, "Search all mail").property("text") == "flour"
    assert who(rig) == ["Ingrid"]


def test_old_mail_follows_and_opens_by_itself(rig: Rig) -> None:
    chosen: list[MessageSummary] = []
    rig.controller._inbox_list.message_chosen.connect(chosen.append)
    assert rig.acts.histories == 1
    rig.acts.listed(old_mail(rig))
    heads = [row.title for row in rows_of(rig) if isinstance(row, SectionRow)]
    assert heads[0] == "Waiting for an answer"
    assert heads[1].startswith("Earlier mail, ")
    view = shown_list(rig)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert [message.sender.label for message in chosen] == ["Old 1499"]


def test_news_of_old_mail_are_gathered(rig: Rig, qtbot: QtBot) -> None:
    rig.acts.listed(old_mail(rig, 3))
    asked = rig.acts.histories
    for _ in range(100):
        rig.controller.event_seen(HistoryStored(account=SUPPORT, mailbox="INBOX"))
    assert rig.acts.histories == asked
    qtbot.waitUntil(lambda: rig.acts.histories == asked + 1, timeout=30_000)
    rig.controller.event_seen(HistoryStored(account=SUPPORT, mailbox="INBOX"))
    rig.acts.listed(old_mail(rig, 5))
    assert len(who(rig)) == 35
    qtbot.waitUntil(lambda: rig.acts.histories == asked + 2, timeout=30_000)


def test_old_mail_that_the_desk_takes_in_is_not_listed_twice(rig: Rig, qtbot: QtBot) -> None:
    rig.acts.listed(old_mail(rig, 3))
    asked = rig.acts.histories
    [first, *_] = rig.acts.cached.values()
    changed = MessageChanged(message=replace(first, preview="Hello"), at=after(1))
    rig.controller.event_seen(changed)
    rig.desk.apply(changed)
    rig.controller.event_seen(changed)
    qtbot.waitUntil(lambda: rig.acts.histories == asked + 1, timeout=30_000)


def test_new_mail_that_was_listed_as_old_is_not_listed_twice(rig: Rig, qtbot: QtBot) -> None:
    rig.acts.listed(old_mail(rig, 3))
    asked = rig.acts.histories
    [first, *_] = rig.acts.cached.values()
    for message in (first, a_message(8_001)):
        new = arrived(message)
        rig.desk.apply(new)
        rig.controller.event_seen(new)
    qtbot.waitUntil(lambda: rig.acts.histories == asked + 1, timeout=30_000)
    # While that list is read, one more comes.
    new = arrived(a_message(8_002))
    rig.desk.apply(new)
    rig.controller.event_seen(new)
    rig.acts.listed(old_mail(rig, 3))
    qtbot.waitUntil(lambda: rig.acts.histories == asked + 2, timeout=30_000)


def test_a_hidden_window_lists_nothing_until_it_is_shown(rig: Rig) -> None:
    rig.acts.listed(old_mail(rig, 3))
    rig.window.hide()
    asked = rig.acts.histories
    rig.controller.event_seen(HistoryStored(account=SUPPORT, mailbox="INBOX"))
    rig.window.show()
    rig.window.show_page(Page.INBOX)
    assert rig.acts.histories == asked + 1


def test_mail_of_an_account_that_has_left_is_not_listed(rig: Rig) -> None:
    rig.acts.listed(old_mail(rig, 3))
    asked = rig.acts.histories
    rig.acts.kept = replace(rig.acts.kept, mail=())
    rig.refresh()
    assert rig.acts.histories == asked + 1


def test_the_longer_a_look_takes_the_rarer_it_is(rig: Rig, qtbot: QtBot) -> None:
    rig.acts.listed(old_mail(rig, 3))
    asked = rig.acts.histories
    rig.controller.event_seen(HistoryStored(account=SUPPORT, mailbox="INBOX"))
    qtbot.waitUntil(lambda: rig.acts.histories == asked + 1, timeout=30_000)
    rig.desk.now += timedelta(minutes=1)
    rig.acts.listed(old_mail(rig, 4))
    assert rig.controller._inbox_list._look_again.interval() == 30_000


def test_progress_is_said_and_goes_when_it_is_done(rig: Rig, qtbot: QtBot) -> None:
    def progressed(done: int) -> None:
        event = SyncProgressed(account=SUPPORT, done=done, total=100_000)
        rig.controller.event_seen(event)

    progressed(12_400)
    line = "12,400 of 100,000 mails listed"
    qtbot.waitUntil(lambda: line in words(rig.window), timeout=30_000)
    progressed(100_000)
    qtbot.waitUntil(
        lambda: not any("mails listed" in one for one in words(rig.window)), timeout=30_000
    )


def of_one_conversation(*, at: timedelta = timedelta()) -> list[MessageSummary]:
    """Three mails of one customer, newest first."""
    first = a_message(701, who="Ingrid", at=after(701) + at)
    return [
        *(
            a_message(uid, who="Ingrid", at=after(uid) + at, references=[first.message_id])
            for uid in (703, 702)
        ),
        first,
    ]


def walk(rig: Rig, steps: int) -> list[tuple[str, str]]:
    """Which mail is open, and which row is lit, at each step."""
    walked = []
    for _ in range(steps):
        type_keys(rig.window, "j")
        settle()
        rig.refresh()
        message = rig.window._shown.message
        walked.append((message.key if message else "", shown_list(rig).current_key))
    return walked


def test_keys_walk_all_that_was_found_of_one_conversation(rig: Rig) -> None:
    mails = of_one_conversation()
    rig.desk.apply(arrived(*mails))
    rig.refresh()
    search_for(rig, "flour")
    answer(rig, "flour", *mails)
    shown_list(rig).setFocus()
    assert walk(rig, 3) == [(mail.key, mail.key) for mail in mails]


def test_keys_walk_old_mails_of_one_conversation(rig: Rig) -> None:
    mails = of_one_conversation(at=timedelta(days=-400))
    rig.acts.cached = dict(enumerate(mails, 1_000))
    rig.acts.cached_conversation = lambda *_: tuple(mails)  # type: ignore[method-assign]
    times = [int(mail.arrived_at.timestamp()) for mail in mails]
    rig.acts.listed(OldMail(ids=array("q", rig.acts.cached), times=array("q", times)))
    view = shown_list(rig)
    view.setFocus()
    view.choose(rows_of(rig)[-4].key)
    view.step(-1)
    assert walk(rig, 3) == [(mail.key, mail.key) for mail in mails]


def test_in_the_list_the_row_of_a_conversation_stands_for_all_its_mails(rig: Rig) -> None:
    mails = of_one_conversation()
    rig.desk.apply(arrived(*mails))
    rig.controller.open_item(mails[0].key)
    assert shown_list(rig).current_key == mails[-1].key


def listed_as_old(rig: Rig, mails: list[MessageSummary]) -> None:
    """These are rows of old mail, and were in sight."""
    rig.acts.cached = dict(enumerate(mails, 1_000))
    times = [int(mail.arrived_at.timestamp()) for mail in mails]
    rig.acts.listed(OldMail(ids=array("q", rig.acts.cached), times=array("q", times)))
    assert len(rows_of(rig)) > len(mails)


def test_the_row_of_a_conversation_is_lit_while_its_mails_are_listed_as_old_too(rig: Rig) -> None:
    mails = of_one_conversation()
    rig.desk.apply(arrived(*mails))
    listed_as_old(rig, mails)
    rig.refresh()
    for key in (mails[0].key, mails[-1].key):
        rig.controller.open_item(key)
        assert shown_list(rig).current_key == mails[-1].key
        row = shown_list(rig).row_of(shown_list(rig).current_key)
        assert isinstance(row, ConversationRow)
        assert not row.is_single


def test_the_row_of_a_conversation_is_lit_although_it_began_long_ago(rig: Rig) -> None:
    newest, middle, oldest = of_one_conversation()
    rig.acts.cached_conversation = lambda *_: (oldest,)  # type: ignore[method-assign]
    rig.desk.apply(arrived(newest, middle))
    listed_as_old(rig, [oldest])
    rig.controller.open_item(newest.key)
    assert shown_list(rig).current_key == middle.key
