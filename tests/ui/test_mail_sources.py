"""The source of kept words opens wherever it lies, and no link of a stranger has it looked for."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageText, mail_key
from supportdesk.domain.search import FoundMail
from supportdesk.ui.rows import Page
from supportdesk.ui.theme.theme import Theme
from tests.fakes.happenings import SUPPORT, T0, a_message, after, arrived, settings_with
from tests.ui.rig import Rig

FILED = a_message(7, who="Ingrid Solheim", subject="The price")
TEXT = MessageText(account=SUPPORT, message_id=FILED.message_id, text="Nobody told me.", words=3)
OLD_NAME = mail_key(SourceName("Before"), FILED.message_id)


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    rig = Rig(theme, qtbot)
    rig.acts.ritual.filed[FILED.key] = FoundMail(message=FILED, text=TEXT)
    return rig


def keep(rig: Rig, item: str = FILED.key) -> None:
    desk = rig.desk.desk

    def act() -> None:
        desk.voices.keep("Nobody told me", item=item, who="Ingrid", said_at=T0, now=T0)

    rig.acts.perform(lambda now: desk.change_voices(act, now))


def notice(rig: Rig) -> str:
    banner = rig.window._shown.inbox.banner
    return banner.title if banner is not None else ""


@pytest.mark.parametrize("item", [FILED.key, OLD_NAME])
def test_a_mail_that_was_filed_elsewhere_opens_with_its_text(rig: Rig, item: str) -> None:
    keep(rig, item)
    rig.window.show_page(Page.CALLS)
    assert rig.controller.open_item(item)
    assert rig.acts.asked == [f"find {FILED.key}"]
    assert rig.window.page is Page.INBOX
    shown = rig.window._shown.message
    assert shown is not None
    assert shown.text == "Nobody told me."
    assert [one.title for one in shown.notices] == ["This mail lies in “INBOX”"]
    assert notice(rig) == ""
    # It came with its text: nobody is asked for it, and it stays on show.
    assert rig.acts.fetched == []
    rig.refresh()
    assert rig.window.reader_state().message_key == FILED.key


def test_it_is_known_under_another_account_without_asking_the_server(rig: Rig) -> None:
    rig.acts.cached[1] = FILED
    assert rig.controller.open_item(OLD_NAME)
    assert rig.controller.open_item(mail_key(SourceName(""), FILED.message_id))
    assert rig.window.reader_state().message_key == FILED.key
    assert rig.acts.asked == []


def test_of_what_no_words_are_kept_no_server_is_asked(rig: Rig) -> None:
    assert not rig.controller.open_item(FILED.key)
    assert rig.acts.asked == []
    assert notice(rig) == "This mail has left the mailbox"


def test_a_lesson_has_a_source_too(rig: Rig) -> None:
    rig.desk.desk.voices.lessons.learn("Say it sooner", item=FILED.key, now=T0)
    assert rig.controller.open_item(FILED.key)
    assert rig.window.reader_state().message_key == FILED.key


def test_while_it_is_looked_for_that_is_said_and_nothing_is_torn_away(rig: Rig) -> None:
    other = a_message(1, at=after(1))
    rig.desk.apply(arrived(other))
    keep(rig)
    rig.acts.ritual.is_slow = True
    assert rig.controller.open_item(FILED.key)
    assert notice(rig) == "Looking for this mail"
    rig.controller.open_item(other.key)
    (answer,) = rig.acts.ritual.answers
    answer()
    assert rig.window.reader_state().message_key == other.key


@pytest.mark.parametrize("account", [SUPPORT, SourceName("Before")])
def test_a_source_that_is_gone_says_that_the_words_stay(rig: Rig, account: SourceName) -> None:
    item = mail_key(account, FILED.message_id)
    keep(rig, item)
    rig.acts.ritual.filed.clear()
    rig.controller.open_item(item)
    assert notice(rig) == "This mail is in no mailbox any more"


def test_a_server_that_cannot_be_asked_is_said(rig: Rig) -> None:
    keep(rig)
    rig.acts.problem = Problem(title="No connection", advice="Look at the network.")
    rig.controller.open_item(FILED.key)
    assert notice(rig) == "This mail could not be looked for"


def test_one_account_that_cannot_be_asked_does_not_stop_the_others(
    theme: Theme, qtbot: QtBot
) -> None:
    settings = settings_with()
    (mail,) = settings.mail
    other = replace(mail, name=SourceName("Sales"))
    rig = Rig(theme, qtbot, replace(settings, mail=(other, mail)))
    rig.acts.ritual.unheard[other.name] = Problem(title="No connection", advice="Look at it.")
    keep(rig, OLD_NAME)
    rig.controller.open_item(OLD_NAME)
    # Of what is nowhere else nobody knows whether it lies there.
    assert notice(rig) == "This mail could not be looked for"
    rig.acts.ritual.filed[FILED.key] = FoundMail(message=FILED, text=TEXT)
    rig.controller.open_item(OLD_NAME)
    assert rig.window.reader_state().message_key == FILED.key


@pytest.mark.parametrize("message_id", ["<1f@without-message-id.invalid>", "<žluť@x>"])
@pytest.mark.parametrize("account", [SUPPORT, SourceName("Before")])
def test_what_no_server_can_be_asked_for_is_not_said_to_be_gone(
    rig: Rig, account: SourceName, message_id: str
) -> None:
    item = mail_key(account, MessageId(message_id))
    keep(rig, item)
    assert not rig.controller.open_item(item)
    assert rig.acts.asked == []
    assert notice(rig) == "This mail cannot be looked for"


def test_an_item_that_names_no_mail_is_gone(rig: Rig) -> None:
    keep(rig, "mail/Before/nothing")
    assert not rig.controller.open_item("mail/Before/nothing")
    assert notice(rig) == "This mail is in no mailbox any more"
    rig.acts.kept = replace(rig.acts.kept, mail=())
    keep(rig, OLD_NAME)
    assert not rig.controller.open_item(OLD_NAME)
    assert rig.acts.asked == []
