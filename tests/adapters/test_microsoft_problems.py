"""What Microsoft 365 refuses is named by its cause, never just "login failed" (F13)."""

import pytest

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.microsoft_problems import is_microsoft
from supportdesk.domain.errors import AuthRejected, ServerBusy
from supportdesk.domain.settings import MailAuth, MailSettings
from tests.adapters.imap_account import settings_for


def _settings(auth: MailAuth, host: str = "outlook.office365.com") -> MailSettings:
    return settings_for(993, host=host, user="help@larder.example", auth=auth)


@pytest.mark.parametrize(
    ("host", "is_theirs"),
    [
        ("outlook.office365.com", True),
        ("IMAP-Mail.Outlook.com.", True),
        ("outlook.com", True),
        ("notoutlook.com", False),
        ("outlook.com.example", False),
    ],
)
def test_whose_server_it_is(host: str, is_theirs: bool) -> None:
    assert is_microsoft(host) is is_theirs


def test_a_password_is_not_taken_whatever_it_is() -> None:
    error = mail_problems.of_refused_login("LOGIN failed.", _settings(MailAuth.PASSWORD))
    assert isinstance(error, AuthRejected)
    assert "takes no passwords" in error.title
    assert "xoauth2" in error.advice


def test_a_token_may_be_refused_for_four_reasons() -> None:
    error = mail_problems.of_refused_login("AUTHENTICATE failed.", _settings(MailAuth.XOAUTH2))
    assert isinstance(error, AuthRejected)
    for cause in ("expired", "IMAP.AccessAsUser.All", "switched off", "Full Access"):
        assert cause in error.advice


@pytest.mark.parametrize("host", ["outlook.office365.com", "exchange.larder.example"])
def test_signed_in_but_not_let_into_the_mailbox(host: str) -> None:
    settings = _settings(MailAuth.XOAUTH2, host)
    error = mail_problems.mailbox_closed(
        "INBOX", "User is authenticated but not connected.", settings
    )
    assert isinstance(error, ServerBusy)
    assert "sign in, but not open the mailbox" in error.title
    assert "Full Access" in error.advice


def test_what_microsoft_does_say_counts_first() -> None:
    answer = "IMAP4 is disabled for this mailbox"
    error = mail_problems.of_refused_login(answer, _settings(MailAuth.PASSWORD))
    assert error.title.startswith("IMAP is switched off")
