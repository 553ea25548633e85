"""The link by which another mail program answers."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from supportdesk.domain.mail import NO_MESSAGE_ID, Mailer, MessageId
from supportdesk.ui.controllers.mail_links import LONGEST, reply_link
from tests.fakes.happenings import a_message

QUESTION = replace(
    a_message(1, message_id="<q@out.example>"),
    sender=Mailer(name="Ingrid", email="ingrid@out.example"),
    subject="AW: Bread & butter",
)


def fields(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_it_names_whom_and_what_it_answers() -> None:
    link = reply_link(QUESTION, "Where is it?\n> old")
    assert urlsplit(link).path == "ingrid@out.example"
    assert fields(link) == {
        "subject": "Re: Bread & butter",
        "in-reply-to": "<q@out.example>",
        "body": "\r\n\r\n> Where is it?\r\n>> old",
    }


def test_what_is_selected_is_quoted_alone() -> None:
    assert fields(reply_link(QUESTION, "Where is it?", "is it"))["body"] == "\r\n\r\n> is it"


def test_an_id_that_we_made_up_is_not_named() -> None:
    message = replace(QUESTION, message_id=MessageId(f"<0{NO_MESSAGE_ID}"))
    assert set(fields(reply_link(message, "Hello"))) == {"subject", "body"}


@pytest.mark.parametrize("text", ["я" * 5000, "я\n" * 5000, "word " * 2000, "😀" * 3000, ""])
@pytest.mark.parametrize("subject", ["Bread", "я" * 600])
@pytest.mark.parametrize("message_id", ["<q@out.example>", f"<{'x' * 980}>"])
def test_the_finished_link_is_bounded(text: str, subject: str, message_id: str) -> None:
    message = replace(QUESTION, subject=subject, message_id=MessageId(message_id))
    link = reply_link(message, text)
    assert len(link) <= LONGEST
    assert "\ufffd" not in unquote(link)
    assert fields(link)["body"].startswith("\r\n\r\n> ") or not text
    if text:
        assert link.endswith("%E2%80%A6")


def test_nothing_in_it_adds_a_field() -> None:
    message = replace(
        QUESTION,
        subject="Bread\r\nBcc: eve@example.com",
        sender=Mailer(name="", email="a&cc=eve@example.com?body=x"),
    )
    link = reply_link(message, "a&bcc=eve@example.com\x00\ud800")
    assert set(fields(link)) == {"subject", "in-reply-to", "body"}
    assert "%0" not in link.partition("&body=")[0]


def test_an_address_of_other_letters_is_told_in_ascii() -> None:
    message = replace(QUESTION, sender=Mailer(name="", email="info@müller.example"))
    assert reply_link(message, "").startswith("mailto:info@xn--mller-kva.example?")
