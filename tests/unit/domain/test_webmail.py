"""Where a message can be opened, and why an address of one's own cannot work."""

import pytest

from supportdesk.domain.webmail import Webmail, label_of, way_to_open, why_not
from tests.fakes.happenings import a_message

OWN = "support@desk.example"
MESSAGE = a_message(7, who="Ingrid Solheim", subject='Flour & "spelt"\r\n twice')
BARE = MESSAGE.message_id.strip("<>")
ENCODED = BARE.replace("@", "%40")


@pytest.mark.parametrize(
    ("open_in", "url"),
    [
        ("mail-client", f"mid:{BARE}"),
        (
            "gmail",
            "https://mail.google.com/mail/?authuser=support%40desk.example"
            f"#search/rfc822msgid%3A{ENCODED}",
        ),
        ("fastmail", f"https://app.fastmail.com/mail/search:msgid%3A{ENCODED}/"),
        ("https://desk.example/find?id={message_id}", f"https://desk.example/find?id={ENCODED}"),
        (
            "https://desk.example/?from={sender}&about={subject}",
            "https://desk.example/?from=ingrid.solheim%40out.example"
            "&about=Flour%20%26%20%22spelt%22%20twice",
        ),
    ],
)
def test_a_message_has_an_address_there(open_in: str, url: str) -> None:
    way = way_to_open(MESSAGE, open_in, OWN)
    assert (way.url, way.search_words) == (url, "")
    assert why_not(open_in) == ""


def test_help_scout_is_asked_for_sender_and_subject() -> None:
    url = way_to_open(MESSAGE, "helpscout", OWN).url
    assert url == (
        "https://secure.helpscout.net/search/?query=%28email%3A%22ingrid.solheim%40out.example%22"
        "%20AND%20subject%3A%22Flour%20%26%20%20spelt%20%20twice%22%29"
    )


def test_outlook_opens_and_gets_the_words_to_search_for() -> None:
    way = way_to_open(MESSAGE, "outlook", OWN)
    assert way.url == "https://outlook.office.com/mail/"
    assert way.search_words == 'Flour & "spelt" twice'


def test_a_field_value_cannot_leave_its_place() -> None:
    hostile = a_message(8, subject="x/../?y#{message_id}")
    url = way_to_open(hostile, "https://desk.example/a/{subject}", OWN).url
    assert url == "https://desk.example/a/x%2F..%2F%3Fy%23%7Bmessage_id%7D"


@pytest.mark.parametrize(
    ("open_in", "part"),
    [
        ("yahoo", '"yahoo" is no place that is known'),
        ("https://desk.example/inbox", "names no message"),
        ("https://desk.example/{uid}", "{uid} is not known"),
        ("http://desk.example/{message_id}", "must begin with https://"),
        ("https://{sender}/{message_id}", "no field in it"),
        ("https:///{message_id}", "must name its host"),
        ("https://[::1/{message_id}", "cannot be read"),
    ],
)
def test_what_cannot_work_says_why(open_in: str, part: str) -> None:
    assert part in why_not(open_in)


def test_each_place_has_a_label() -> None:
    assert {label_of(one.value) for one in Webmail} == {
        "Open in mail client",
        "Open in Gmail",
        "Open in Outlook",
        "Open in Fastmail",
        "Open in Help Scout",
    }
    assert label_of("https://desk.example/{message_id}") == "Open on desk.example"
