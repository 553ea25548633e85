"""Links into the app: where they lead, and what no link may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.alerts import Action, AlertPage
from supportdesk.domain.app_links import AppLink, link_to, parse_link


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("supportdesk:mail/Support/%3C1@x.example%3E", AppLink(item="mail/Support/<1@x.example>")),
        ("supportdesk://call/Office/17.4", AppLink(item="call/Office/17.4")),
        (" SupportDesk:call/Office/17.4\n", AppLink(item="call/Office/17.4")),
        ("supportdesk:waiting", AppLink(page=AlertPage.WAITING)),
        ("supportdesk://calls/", AppLink(page=AlertPage.CALLS)),
        ("supportdesk:health", AppLink(page=AlertPage.HEALTH)),
        ("supportdesk:week", AppLink(page=AlertPage.WEEK)),
        ("supportdesk:", AppLink()),
        ("mid:1%2Fa@x.example", AppLink(item="mail//<1/a@x.example>")),
        ("MID:%3C1@x.example%3E/2.1@x", AppLink(item="mail//<1@x.example>")),
        (
            "supportdesk:mail/Support/%3C1%3E?action=reply",
            AppLink(item="mail/Support/<1>", action=Action.REPLY),
        ),
    ],
)
def test_a_link_leads_to_its_item_or_page(text: str, link: AppLink) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "supportdesk",
        "https://supportdesk/mail/x",
        "mail/Support/<1>",
        "supportdesk:settings",
        "supportdesk:item",
        "supportdesk:call/Office/1%0A2",
        "supportdesk:call/Office/17.4?action=take_call",
        "supportdesk:call/Office/17.4?action=call_back",
        "supportdesk:call/Office/17.4?action=read&action=call_back",
        "supportdesk:mail/" + "x" * 5_000,
        "mid",
        "mid:",
        "mid:nobody",
        "mid:a b@x",
        "mid:a%0A@x",
        "mid:a%3Cb@x",
    ],
)
def test_what_is_no_link_of_ours_or_asks_for_too_much_leads_nowhere(text: str) -> None:
    assert parse_link(text) is None


@given(
    kind=st.sampled_from(["mail/", "call/"]),
    rest=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=80).filter(
        lambda text: not text.endswith("/")
    ),
)
def test_the_link_to_an_item_leads_back_to_it(kind: str, rest: str) -> None:
    assert parse_link(link_to(kind + rest)) == AppLink(item=kind + rest)
