from supportdesk.domain.voices import Felt
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.words_text import page_text, passage_text

QUOTE = Passage(
    words="I can live with no.\nI cannot live with “soon”.",
    by="T. W.",
    about="mail, Thu 19 Nov",
    felt=Felt.FRUSTRATED,
    note="Said twice.",
)


def test_a_passage_has_its_source_below_it() -> None:
    assert passage_text(QUOTE) == (
        "“I can live with no.\nI cannot live with “soon”.”\n"
        "— T. W., mail, Thu 19 Nov (frustrated)\nSaid twice."
    )
    assert passage_text(Passage(words="Oh.", felt=Felt.RELIEVED)) == "“Oh.”\n(relieved)"
    assert passage_text(Passage(words="Oh.", by="R."), is_quote=False) == "Oh.\n— R."
    assert passage_text(Passage(words="Oh.")) == "“Oh.”"


def test_a_page_is_its_parts_with_space_between() -> None:
    page = WordsPage(
        title="The week",
        subtitle="Mon 16 – Sun 22 Nov",
        sections=(
            Section(title="In their words", passages=(Passage(words="Oh."),), are_quotes=True),
            Section(title="What we learned", passages=(Passage(words="A day."),)),
            Section(title="Nothing here", passages=()),
        ),
        footer="Names are left out.",
    )
    assert page_text(page) == (
        "The week\nMon 16 – Sun 22 Nov\n\nIn their words:\n\n“Oh.”\n\n"
        "What we learned:\n\nA day.\n\nNames are left out.\n"
    )
    assert page_text(WordsPage(title="A", subtitle="", sections=())) == "A\n"
