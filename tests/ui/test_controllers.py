"""The window driven by a real desk: what the founder chooses leads to the right act."""

from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import CallId, MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    DialProgressed,
    MessageGone,
    MessageTextFetched,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageSummary, MessageText
from supportdesk.domain.settings import (
    Settings,
    SmtpSettings,
)
from supportdesk.services.desk_state import Area
from supportdesk.ui.rows import (
    Action,
    ConversationRow,
    Notice,
    Page,
    StripKind,
    Tone,
)
from supportdesk.ui.settings.alert_forms import AlertOptions, MailAlerts
from supportdesk.ui.settings.forms import MailForm
from supportdesk.ui.settings.mail_dialog import MailDialog
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    a_caller,
    a_member,
    a_message,
    a_snapshot,
    after,
    arrived,
    health,
    joined,
    settings_with,
)
from tests.ui.rig import Rig, rows_of


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    return made


def _rows(rig: Rig) -> list[ConversationRow]:
    return [row for row in rows_of(rig) if isinstance(row, ConversationRow)]


def test_choosing_a_row_opens_the_newest_mail_and_marks_it_read(rig: Rig, qtbot: QtBot) -> None:
    first = a_message(1, who="Ingrid Solheim", at=after(1))
    again = a_message(2, who="Ingrid Solheim", at=after(2), references=[first.message_id])
    rig.desk.apply(arrived(first, again))
    rig.refresh()
    (row,) = _rows(rig)
    assert row.is_unread_by_me
    rig.window.choices.conversation_chosen.emit(row.key)
    assert rig.window.reader_state().message_key == again.key
    assert rig.acts.fetched == [again.key]
    assert again.key in rig.desk.store.read_keys()
    qtbot.waitUntil(lambda: not _rows(rig)[0].is_unread_by_me)


def test_an_alert_opens_exactly_its_mail_although_a_newer_one_has_come(rig: Rig) -> None:
    first = a_message(1, who="Ingrid Solheim", at=after(1))
    again = a_message(2, who="Ingrid Solheim", at=after(2), references=[first.message_id])
    rig.desk.apply(arrived(first, again))
    rig.controller.open_item(first.key)
    assert rig.window.page is Page.INBOX
    assert rig.window.reader_state().message_key == first.key


def test_the_text_is_shown_when_it_has_come(rig: Rig) -> None:
    message = a_message(1, preview="Third Friday")
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    text = MessageText(
        account=SUPPORT, message_id=message.message_id, text="Third Friday in a row.", words=5
    )
    rig.controller.event_seen(
        MessageTextFetched(account=SUPPORT, message_id=message.message_id, text=text)
    )
    shown = rig.window._shown.message
    assert shown is not None
    assert shown.text == "Third Friday in a row."
    assert shown.notices == ()


def test_a_text_that_cannot_be_had_says_why(rig: Rig) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.controller.event_seen(
        MessageTextFetched(
            account=SUPPORT, message_id=message.message_id, text=None, problem="It was deleted."
        )
    )
    shown = rig.window._shown.message
    assert shown is not None
    assert shown.notices[0].text == "It was deleted."


def _opened_while_deaf(rig: Rig) -> MessageSummary:
    """A mail without its text, opened while nobody answers there."""
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.desk.apply(health(SUPPORT, Hearing.DEAF, since=after(5)))
    rig.controller.open_item(message.key)
    rig.controller.event_seen(
        MessageTextFetched(
            account=SUPPORT, message_id=message.message_id, text=None, problem="Nothing answers."
        )
    )
    assert rig.acts.fetched == [message.key]
    return message


def _notice_titles(rig: Rig) -> list[str]:
    shown = rig.window._shown.message
    assert shown is not None
    return [notice.title for notice in shown.notices]


def _loading(rig: Rig) -> str:
    shown = rig.window._shown.message
    assert shown is not None
    return shown.loading


def test_a_text_is_fetched_when_its_account_is_heard_again(rig: Rig) -> None:
    message = _opened_while_deaf(rig)
    rig.refresh()
    assert rig.acts.fetched == [message.key]
    rig.desk.apply(health(SUPPORT, Hearing.LISTENING, since=after(9)))
    rig.refresh()
    rig.refresh()
    assert rig.acts.fetched == [message.key] * 2
    assert _notice_titles(rig) == []
    assert _loading(rig) == "Fetching the text from Support."


def test_choosing_it_again_asks_for_the_text_again(rig: Rig) -> None:
    message = _opened_while_deaf(rig)
    rig.window.choices.conversation_chosen.emit(message.key)
    assert rig.acts.fetched == [message.key] * 2
    assert _notice_titles(rig) == ["The text of this message is not here yet"]


def test_a_text_that_came_is_not_asked_for_again(rig: Rig) -> None:
    message = a_message(1)
    rig.acts.text = MessageText(account=SUPPORT, message_id=message.message_id, text="Here.")
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.desk.apply(health(SUPPORT, Hearing.LISTENING, since=after(9)))
    rig.refresh()
    rig.window.choices.conversation_chosen.emit(message.key)
    assert rig.acts.fetched == []


def test_a_reply_goes_to_the_mail_program_with_subject_thread_and_quote(rig: Rig) -> None:
    message = a_message(1, who="Ingrid Solheim", subject="Flour order & more")
    rig.acts.text = MessageText(
        account=SUPPORT, message_id=message.message_id, text="Third Friday\nin a row."
    )
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.ask(Action.REPLY, message.key)
    link = urlsplit(rig.acts.links[0])
    fields = parse_qs(link.query)
    assert (link.scheme, link.path) == ("mailto", "ingrid.solheim@out.example")
    assert fields["subject"] == ["Re: Flour order & more"]
    assert fields["in-reply-to"] == [message.message_id]
    assert "> Third Friday\r\n> in a row." in fields["body"][0]


def test_with_no_mail_program_the_address_is_copied_and_said(rig: Rig) -> None:
    message = a_message(1, who="Ingrid Solheim")
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    rig.acts.takes_links = False
    rig.ask(Action.ANSWER_ELSEWHERE, message.key)
    assert rig.acts.copied == ["ingrid.solheim@out.example"]
    shown = rig.window._shown.message
    assert shown is not None
    assert "ingrid.solheim@out.example was copied" in shown.notices[0].text
    rig.refresh()
    assert _notice_titles(rig)[0] == "No mail program takes this over"


def _two_customers_and_one_leaves(rig: Rig) -> tuple[MessageSummary, MessageSummary]:
    """Carla's mail is open; Boris' has just left the mailbox."""
    carla = a_message(1, who="Carla Nunes", subject="Order A")
    boris = a_message(2, who="Boris Petrov", subject="Order B")
    rig.desk.apply(arrived(carla, boris))
    rig.controller.open_item(carla.key)
    gone = MessageGone(
        account=SUPPORT, message_id=boris.message_id, address=boris.address, at=after(1)
    )
    rig.desk.apply(gone)
    return carla, boris


@pytest.mark.parametrize("action", [Action.REPLY, Action.OPEN_IN_CLIENT, Action.NO_REPLY])
def test_an_act_on_a_mail_that_has_gone_never_falls_on_the_open_one(
    rig: Rig, action: Action
) -> None:
    carla, boris = _two_customers_and_one_leaves(rig)
    rig.controller.act(action, boris.key)
    assert rig.acts.links == []
    assert not rig.desk.store.needs_no_reply_keys()
    assert rig.desk.desk.inbox.conversation(carla.key) in rig.desk.desk.inbox.waiting()
    banner = rig.window._shown.inbox.banner
    assert banner is not None
    assert banner.title == "This mail has left the mailbox"


def test_a_mail_that_has_gone_cannot_be_opened_and_that_is_said(rig: Rig) -> None:
    carla, boris = _two_customers_and_one_leaves(rig)
    assert rig.controller.open_item(boris.key) is False
    banner = rig.window._shown.inbox.banner
    assert banner is not None
    assert banner.title == "This mail has left the mailbox"
    assert rig.window.page is Page.INBOX
    assert rig.controller.open_item(carla.key) is True
    assert rig.window._shown.inbox.banner is None


def test_a_mail_of_an_account_that_was_removed_is_no_longer_watched(rig: Rig) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.acts.kept = settings_with(mail=())
    rig.desk.take(rig.desk.desk.change_settings(rig.acts.kept, rig.desk.now))
    assert rig.controller.open_item(message.key) is False
    banner = rig.window._shown.inbox.banner
    assert banner is not None
    assert banner.title == "The account of this mail is not watched"


def test_a_key_out_of_a_link_writes_nothing_into_the_window(rig: Rig) -> None:
    rig.acts.kept = settings_with()
    assert rig.controller.open_item("mail/Your mailbox is blocked, call 0800 /<x>") is False
    banner = rig.window._shown.inbox.banner
    assert banner is not None
    assert "blocked" not in banner.title + banner.text


def test_mail_from_before_the_newest_opens_too(rig: Rig) -> None:
    message = a_message(1, subject="Of long ago")
    rig.acts.kept = settings_with()
    rig.acts.cached = {1: message}
    assert rig.controller.open_item(message.key) is True
    assert rig.window.page is Page.INBOX
    assert rig.window._shown.inbox.banner is None
    rig.acts.kept = settings_with(mail=())
    assert rig.controller.open_item(message.key) is False


def test_a_call_that_is_not_known_any_more_is_said_to_be(rig: Rig) -> None:
    assert rig.controller.open_item("call/Office/long-ago") is False
    assert rig.window.page is Page.CALLS
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "This call is not known any more"


def test_what_names_no_item_can_be_opened(rig: Rig) -> None:
    assert rig.controller.open_item("") is True
    rig.controller.open_page(Page.HEALTH)
    assert rig.window.page is Page.HEALTH


def test_an_act_on_the_row_is_for_the_message_on_show(rig: Rig) -> None:
    first = a_message(1, who="Ingrid Solheim", at=after(1), subject="Flour")
    again = a_message(2, who="Ingrid Solheim", at=after(2), references=[first.message_id])
    rig.desk.apply(arrived(first, again))
    rig.controller.open_item(again.key)
    shown = rig.window._shown.message
    assert shown is not None
    assert shown.conversation_key == first.key
    rig.ask(Action.REPLY, shown.conversation_key)
    fields = parse_qs(urlsplit(rig.acts.links[0]).query)
    assert fields["in-reply-to"] == [again.message_id]


def test_needs_no_reply_takes_the_conversation_off_the_waiting_list(rig: Rig, qtbot: QtBot) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.controller.open_item(message.key)
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 1
    rig.ask(Action.NO_REPLY, message.key)
    assert rig.desk.desk.state(rig.desk.now).people_waiting == 0
    qtbot.waitUntil(lambda: _rows(rig)[0].is_answered)


def test_a_page_is_refreshed_once_for_all_that_changed(rig: Rig, qtbot: QtBot) -> None:
    before = rig.window.lists_shown
    rig.controller.refresh(frozenset(Area))
    assert rig.window.lists_shown == before + 1
    for uid in range(1, 51):
        event = arrived(a_message(uid))
        rig.acts.perform(partial(rig.desk.desk.apply, event))
    assert rig.window.lists_shown == before + 1
    qtbot.waitUntil(lambda: len(_rows(rig)) == 50)
    assert rig.window.lists_shown == before + 2


def test_a_page_that_is_not_on_show_is_refreshed_when_it_is(rig: Rig) -> None:
    rig.window.show_page(Page.CALLS)
    rig.desk.apply(arrived(a_message(1)))
    rig.controller.refresh(frozenset({Area.INBOX}))
    assert _rows(rig) == []
    rig.window.show_page(Page.INBOX)
    assert len(_rows(rig)) == 1


def test_a_long_list_is_there_whole(rig: Rig) -> None:
    rig.desk.apply(arrived(*(a_message(uid, at=after(uid)) for uid in range(1, 541))))
    rig.refresh()
    assert len(_rows(rig)) == 540
    assert rig.window._shown.inbox.caption.startswith("540 waiting")


def test_take_call_rings_the_founder_and_says_how_it_goes(rig: Rig) -> None:
    caller = a_caller("1", at=after(0))
    rig.desk.apply(joined(caller))
    rig.desk.wait(7)
    rig.refresh()
    strip = rig.window._shown.strip
    assert strip is not None
    assert strip.kind is StripKind.YOURS
    rig.ask(Action.TAKE_CALL, strip.buttons[0].target)
    assert rig.acts.dialled == ["take 1"]
    assert rig.window.page is Page.CALLS
    rig.controller.event_seen(
        DialProgressed(
            phone=OFFICE,
            call_id=CallId("1"),
            number=caller.number,
            words="Connected",
            is_over=True,
            has_failed=False,
            at=rig.desk.now,
        )
    )
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "Connected"


def test_a_phone_that_cannot_hand_over_copies_the_number_and_says_so(rig: Rig) -> None:
    rig.desk.apply(joined(a_caller("1", number="+420541220018")))
    rig.acts.can_ring = False
    rig.ask(Action.TAKE_CALL, a_caller("1").key)
    assert rig.acts.links == []
    assert rig.acts.copied == ["+420541220018"]
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "Pick it up on your phone"
    assert "cannot hand the caller over" in banner.text


def test_call_back_rings_or_hands_over_or_copies_but_is_never_dead(rig: Rig) -> None:
    key = rig.miss()
    rig.ask(Action.CALL_BACK, key)
    assert rig.acts.dialled == ["call back +420541220018"]
    rig.acts.can_ring = False
    rig.desk.wait(61)
    rig.ask(Action.CALL_BACK, key)
    assert rig.acts.links == ["tel:+420541220018"]
    assert rig.acts.copied == ["+420541220018"]
    assert "+420541220018 was copied" in banner_of(rig).text
    rig.acts.takes_links = False
    rig.desk.wait(3)
    rig.ask(Action.CALL_BACK, key)
    assert rig.acts.copied == ["+420541220018"] * 2
    assert banner_of(rig).title == "No phone program takes calls here"
    assert "+420541220018 was copied" in banner_of(rig).text


def banner_of(rig: Rig) -> Notice:
    banner = rig.window._shown.calls.banner
    assert banner is not None
    return banner


def test_a_desktop_that_is_slow_to_say_what_it_has_is_asked_once(rig: Rig) -> None:
    key = rig.miss()
    rig.acts.can_ring = False
    rig.acts.is_slow = True
    rig.ask(Action.CALL_BACK, key)
    rig.desk.wait(5)
    rig.ask(Action.CALL_BACK, key)
    assert len(rig.acts.links) == 1
    assert banner_of(rig).title == "Handing over to your phone program"
    rig.acts.answers.pop()()
    assert banner_of(rig).title == "Handed to your phone program"


def test_a_number_in_a_mail_that_no_program_here_dials_is_copied(rig: Rig) -> None:
    rig.acts.is_slow = True
    rig.acts.takes_links = False
    rig.window.choices.link_asked.emit("tel:+420541220018", "+420 541 220 018")
    assert rig.acts.copied == []
    rig.acts.answers.pop()()
    assert rig.acts.copied == ["tel:+420541220018"]


def test_what_is_no_number_is_never_made_into_one(rig: Rig) -> None:
    rig.acts.can_ring = False
    rig.ask(Action.CALL_BACK, rig.miss(number="12 monkeys"))
    assert rig.acts.links == []
    assert rig.acts.copied == []
    assert banner_of(rig).title == "“12 monkeys” cannot be called"


def test_words_about_a_call_go_a_minute_after_it_is_over(rig: Rig, qtbot: QtBot) -> None:
    key = rig.miss()
    rig.ask(Action.CALL_BACK, key)
    assert banner_of(rig).tone is Tone.NORMAL
    rig.desk.wait(119)
    rig.refresh()
    assert banner_of(rig).title == "Ringing your phone"
    said = DialProgressed(
        phone=OFFICE,
        call_id=None,
        number="+420541220018",
        words="Connected",
        is_over=True,
        has_failed=False,
        at=rig.desk.now,
    )
    rig.controller.event_seen(said)
    rig.desk.wait(59)
    rig.refresh()
    assert banner_of(rig).title == "Connected"
    (timer,) = rig.controller.findChildren(QTimer, "banner goes")
    assert timer.isSingleShot()
    assert timer.interval() == 1_000
    rig.desk.wait(1)
    qtbot.waitUntil(lambda: rig.window._shown.calls.banner is None, timeout=30_000)
    assert not timer.isActive()


def test_a_withheld_number_cannot_be_called_back_and_says_so(rig: Rig) -> None:
    rig.ask(Action.CALL_BACK, rig.miss(number=""))
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "The number is withheld"
    assert rig.acts.dialled == []


def test_a_deaf_mailbox_dates_its_list(rig: Rig) -> None:
    rig.desk.apply(arrived(a_message(1)))
    problem = Problem(title="imap.example.com does not answer", advice="Look at the network.")
    rig.desk.apply(health(SUPPORT, Hearing.DEAF, problem=problem, since=after(5)))
    rig.refresh()
    assert "as of" in rig.window._shown.inbox.caption
    strip = rig.window._shown.strip
    assert strip is not None
    assert strip.kind is StripKind.DEAF
    assert any("does not answer" in segment.text for segment in strip.segments)


def test_deaf_phones_are_never_zero_callers(rig: Rig) -> None:
    rig.desk.apply(health(OFFICE, Hearing.DEAF, since=after(5)))
    rig.window.show_page(Page.CALLS)
    calls = rig.window._shown.calls
    assert "not known" in calls.nobody_waits
    assert calls.members == ()


def test_members_are_shown_as_they_are(rig: Rig) -> None:
    rig.desk.apply(
        a_snapshot(
            members=(a_member("Anna", MemberState.FREE), a_member("Jonas", MemberState.PAUSED))
        )
    )
    rig.window.show_page(Page.CALLS)
    calls = rig.window._shown.calls
    assert [member.name for member in calls.members] == ["Anna", "Jonas"]
    assert calls.team_label == "1 of 1 free"


def test_alert_options_are_kept(rig: Rig) -> None:
    rig.window.choices.alerts_changed.emit(AlertOptions(mail=MailAlerts.NEVER, ring_seconds=5))
    assert rig.acts.kept.alerts.mail.value == "never"
    assert rig.acts.kept.alerts.ring_seconds == 5.0


def test_connecting_an_inbox_tests_keeps_the_secret_and_writes_the_account(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.ask(Action.CONNECT_MAIL)
    (dialog,) = rig.window.findChildren(MailDialog)
    form = MailForm(
        name="Help", address="help@example.com", host="imap.example.com", user="help", secret="s3"
    )
    dialog.test_asked.emit(form)
    assert rig.acts.asked == ["check imap.example.com with s3"]
    dialog.connect_asked.emit(form)
    assert rig.acts.secrets == {"mail/Help": "s3"}
    assert rig.acts.kept.mail[-1].host == "imap.example.com"
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_connecting_also_tests_where_answers_go_and_keeps_that_secret(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.ask(Action.CONNECT_MAIL)
    (dialog,) = rig.window.findChildren(MailDialog)
    form = MailForm(
        name="Help",
        address="help@example.com",
        host="imap.example.com",
        user="help",
        secret="s3",
        ca_file="/etc/ca.pem",
        smtp_host="smtp.example.com",
        smtp_secret="s4",
        name_in_from="Help of Example",
        signature="Anna",
    )
    dialog.test_asked.emit(form)
    assert rig.acts.asked == ["check imap.example.com with s3", "check smtp.example.com with s4"]
    dialog.connect_asked.emit(form)
    assert rig.acts.secrets == {"mail/Help": "s3", "smtp/Help": "s4"}
    kept = rig.acts.kept.mail[-1]
    assert kept.smtp == SmtpSettings(host="smtp.example.com", ca_file="/etc/ca.pem")
    assert (kept.name_in_from, kept.signature) == ("Help of Example", "Anna")
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_closed_dialog_goes_and_an_answer_after_that_finds_it_gone(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.acts.is_slow = True
    rig.ask(Action.CONNECT_MAIL)
    (dialog,) = rig.window.findChildren(MailDialog)
    form = MailForm(name="Help", address="help@example.com", host="imap.example.com", secret="s3")
    dialog.test_asked.emit(form)
    dialog.connect_asked.emit(form)
    dialog.reject()
    qtbot.waitUntil(lambda: rig.window.findChildren(MailDialog) == [])
    for answer in rig.acts.answers:
        answer()
    assert rig.acts.kept.mail[-1].host == "imap.example.com"


def test_on_the_practice_desk_connecting_leaves_it(rig: Rig) -> None:
    rig.acts.is_practice = True
    rig.ask(Action.CONNECT_MAIL)
    assert rig.acts.asked == ["leave practice"]
    assert rig.window.findChildren(MailDialog) == []


def test_try_again_and_quit_reach_the_app(rig: Rig) -> None:
    rig.ask(Action.TRY_AGAIN)
    rig.ask(Action.OPEN_PRACTICE_DESK)
    rig.ask(Action.QUIT)
    assert rig.acts.asked == ["check", "practice", "quit"]


def test_every_page_can_be_shown_on_an_empty_desk(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot, Settings())
    for page in Page:
        rig.window.show_page(page)
        assert rig.window.page is page
    rig.controller.open_item("")
    assert rig.window._shown.is_first_run


def _last_line(rig: Rig) -> str:
    rig.window.show_page(Page.CALLS)
    return rig.window._shown.calls.waiting[0].last_line


def test_a_caller_is_shown_with_the_mail_of_the_same_name(rig: Rig) -> None:
    old = a_message(1, who="Pavel Kiss", at=after(0), subject="Old question")
    new = a_message(2, who="Pavel Kiss", at=after(60), subject="Till closes at 14:00")
    rig.desk.apply(arrived(old, new))
    rig.desk.apply(joined(a_caller("1", name="pavel kiss")))
    assert _last_line(rig).endswith(": “Till closes at 14:00”")


def test_a_caller_without_mail_is_shown_with_the_call_that_was_missed(rig: Rig) -> None:
    rig.miss()
    rig.desk.apply(joined(a_caller("2", number="+420541220018", name="")))
    assert "Missed call, " in _last_line(rig)


def test_a_stranger_is_said_to_be_unknown(rig: Rig) -> None:
    rig.desk.apply(joined(a_caller("1")))
    assert _last_line(rig) == "Nothing is known of this caller yet"


def test_the_first_run_ends_when_something_is_connected(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot, Settings())
    rig.controller.open_item("")
    rig.refresh()
    assert rig.window.is_first_run
    rig.desk.take(rig.desk.desk.change_settings(settings_with(), rig.desk.now))
    rig.refresh()
    assert (rig.window.is_first_run, rig.window.page) == (False, Page.INBOX)
