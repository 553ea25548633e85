"""What is copied of a quote is its words, and says as much of the customer as was asked for."""

from dataclasses import replace

from supportdesk.domain.app_links import AppLink, parse_link
from supportdesk.domain.voices import Quote
from supportdesk.services.naming import Naming
from supportdesk.services.quote_words import copied_markdown, copied_text
from tests.fakes.cards import MemoryCards
from tests.fakes.happenings import T0, as_utc

SHOWN = Naming(cards=MemoryCards(), is_masked=False)
MASKED = Naming(cards=MemoryCards(), is_masked=True)
QUOTE = Quote(
    key="quote/1",
    words="It saved my *Friday*.\n<b>Really</b>, says Eva\nWrite to eva@out.example",
    item="mail/Support/<1)(@x.example>",
    who="Eva Nováková",
    contact="eva@out.example",
    said_at=T0,
    kept_at=T0,
    note="Nobody else's business",
)


def test_as_text_with_the_name() -> None:
    assert copied_text(QUOTE, as_utc, T0, SHOWN) == (
        "“It saved my *Friday*.\n<b>Really</b>, says Eva\nWrite to eva@out.example”\n"
        "— Eva Nováková, mail, Sat 21 Nov\n"
    )


def test_as_text_masked() -> None:
    assert copied_text(QUOTE, as_utc, T0, MASKED) == (
        "“It saved my *Friday*.\n<b>Really</b>, says […]\nWrite to […]”\n"
        "— E. N., mail, Sat 21 Nov\n"
    )


def test_as_markdown_the_name_leads_back_to_the_source() -> None:
    copied = copied_markdown(QUOTE, as_utc, T0, SHOWN)
    words, source = copied.split("\n\n")
    assert words.splitlines() == [
        "> “It saved my \\*Friday\\*.\\",
        "> \\<b\\>Really\\</b\\>, says Eva\\",
        "> Write to eva\\@out.example”",
    ]
    link = source[source.index("](") + 2 : source.rindex(")")]
    assert source == f"— Eva Nováková, [mail, Sat 21 Nov]({link})\n"
    assert not set(link) & set("()<> ")
    assert parse_link(link) == AppLink(item=QUOTE.item)


def test_as_markdown_masked_leads_nowhere() -> None:
    copied = copied_markdown(QUOTE, as_utc, T0, MASKED)
    assert "supportdesk:" not in copied
    assert copied.endswith("— E. N., mail, Sat 21 Nov\n")


def test_a_quote_of_nobody_known_and_of_no_mail() -> None:
    typed = replace(QUOTE, who="", contact="", item="")
    assert copied_markdown(typed, as_utc, T0, SHOWN).endswith("— a customer, Sat 21 Nov\n")
    called = replace(QUOTE, who="", item="call/Office/1", contact="+420601234567", talk_seconds=360)
    assert "— +420601234567, call, Sat 21 Nov, 6 min" in copied_text(called, as_utc, T0, SHOWN)
    assert "— a customer, call, Sat 21 Nov, 6 min" in copied_text(called, as_utc, T0, MASKED)
