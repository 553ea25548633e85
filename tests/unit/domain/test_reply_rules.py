from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.answers import AnswerKind, Draft, DraftFile, DraftId, Recipients, ReplyHead
from supportdesk.domain.mail import NO_MESSAGE_ID, Mailer, MessageId
from supportdesk.domain.reply_rules import (
    MAX_QUOTED,
    MAX_QUOTED_LINES,
    DoubtKind,
    is_made_up,
    message_id_of,
    own_address_of,
    own_words,
    quoted,
    references_of,
    reply_subject,
    strange_sender,
    tidy_lines,
    who_gets_it,
    why_not_send,
    wrong_clock,
)
from supportdesk.domain.settings import MailSettings
from tests.fakes.happenings import SUPPORT, after

REPLY, REPLY_ALL = AnswerKind.REPLY, AnswerKind.REPLY_ALL
US = Mailer(name="Larder", email="support@larder.example")
HELP = Mailer(name="", email="help@larder.example")
INGRID = Mailer(name="Ingrid", email="ingrid@out.example")
BOB = Mailer(name="Bob", email="bob@out.example")
SETTINGS = MailSettings(
    name=SUPPORT,
    address=US.email,
    aliases=(HELP.email,),
    host="imap.larder.example",
    user="support",
    name_in_from="Anna of Larder",
)
OWN = SETTINGS.own_addresses


def a_head(sender: Mailer = INGRID, *to: Mailer) -> ReplyHead:
    return ReplyHead(message_id=MessageId("<q@out.example>"), sender=sender, to=to or (US,))


def a_draft(body: str, *to: Mailer, kind: AnswerKind = REPLY) -> Draft:
    return Draft(
        draft_id=DraftId("d"),
        kind=kind,
        account=SUPPORT,
        message_id=MessageId("<d@larder.example>"),
        sender=US,
        changed_at=after(0),
        recipients=Recipients(to=to or (INGRID,)),
        subject="Re: the attached invoice",
        body=body,
    )


def kinds(draft: Draft) -> list[DoubtKind]:
    return [doubt.kind for doubt in why_not_send(draft)]


# --- our address ---


def test_an_answer_comes_from_the_address_that_was_written_to() -> None:
    found = own_address_of(
        a_head(INGRID, BOB, replace(HELP, email="HELP@larder.example")), SETTINGS
    )
    assert found == Mailer(name="Anna of Larder", email=HELP.email)


def test_an_address_in_cc_counts_and_so_does_the_delivery() -> None:
    assert own_address_of(replace(a_head(INGRID, BOB), cc=(HELP,)), SETTINGS).email == HELP.email
    by_bcc = replace(a_head(INGRID, BOB), delivered_to=("x@y.example", HELP.email))
    assert own_address_of(by_bcc, SETTINGS).email == HELP.email


def test_a_tag_is_delivered_to_the_address_before_it() -> None:
    tagged = Mailer(name="", email="help+order-7@larder.example")
    assert own_address_of(a_head(INGRID, tagged), SETTINGS).email == HELP.email


def test_else_it_is_the_address_of_the_account() -> None:
    assert own_address_of(a_head(INGRID, BOB), SETTINGS).email == US.email


def test_what_we_wrote_as_is_what_we_stay() -> None:
    assert own_address_of(a_head(HELP, INGRID), SETTINGS).email == HELP.email


# --- whom it goes to ---


def test_an_answer_goes_to_who_wrote() -> None:
    assert who_gets_it(a_head(INGRID, US, BOB), REPLY, OWN) == Recipients(to=(INGRID,))


def test_reply_to_comes_first_unless_it_is_ours() -> None:
    head = replace(a_head(), reply_to=(BOB, HELP))
    assert who_gets_it(head, REPLY, OWN).to == (BOB,)
    assert who_gets_it(replace(head, reply_to=(HELP,)), REPLY, OWN).to == (INGRID,)


def test_an_answer_to_all_names_everybody_once_and_never_us() -> None:
    twice = replace(INGRID, email="Ingrid@OUT.example", name="I.")
    head = replace(a_head(INGRID, US, BOB, twice), cc=(HELP, BOB, Mailer(name="list", email="")))
    assert who_gets_it(head, REPLY_ALL, OWN) == Recipients(to=(INGRID,), cc=(BOB,))


def test_our_own_mail_is_answered_to_those_who_got_it() -> None:
    head = replace(a_head(US, INGRID), cc=(BOB,))
    assert who_gets_it(head, REPLY, OWN) == Recipients(to=(INGRID,))
    assert who_gets_it(head, REPLY_ALL, OWN) == Recipients(to=(INGRID,), cc=(BOB,))


def test_a_mail_from_us_to_us_is_answered_to_its_reply_to_else_to_us() -> None:
    head = a_head(US, HELP)
    assert who_gets_it(replace(head, reply_to=(INGRID,)), REPLY, OWN).to == (INGRID,)
    assert who_gets_it(head, REPLY, OWN).to == (US,)


@pytest.mark.parametrize("kind", [AnswerKind.FORWARD, AnswerKind.NEW])
def test_whom_a_forward_goes_to_is_for_the_founder_to_say(kind: AnswerKind) -> None:
    assert not len(who_gets_it(a_head(), kind, OWN))


# --- subject and ancestors ---


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Bread", "Re: Bread"),
        ("Re: Bread", "Re: Bread"),
        ("AW: Re[2]: Bread", "Re: Bread"),
        ("回复：Bread", "Re: Bread"),
        ("  Bread \r\n Bcc: eve@example.com", "Re: Bread Bcc: eve@example.com"),
        ("\u202eBread\x00", "Re: Bread"),
        ("", "Re:"),
        ("x" * 400, f"Re: {'x' * 400}"),
    ],
)
def test_the_subject_of_an_answer(subject: str, expected: str) -> None:
    assert reply_subject(subject, REPLY) == expected


def test_a_forward_says_so_and_a_new_mail_has_no_subject_yet() -> None:
    assert reply_subject("Re: Bread", AnswerKind.FORWARD) == "Fwd: Bread"
    assert reply_subject("Bread", AnswerKind.NEW) == ""


def test_the_question_is_the_last_of_the_ancestors() -> None:
    head = replace(a_head(), references=(MessageId("<a@b>"), MessageId("<q@out.example>")))
    assert references_of(head) == ("<a@b>", "<q@out.example>")


def test_of_many_ancestors_the_first_and_the_last_stay() -> None:
    ids = tuple(MessageId(f"<{n}@b>") for n in range(60))
    found = references_of(replace(a_head(), references=ids))
    assert found == (ids[0], *ids[-20:], "<q@out.example>")


def test_ids_that_we_made_up_are_named_to_nobody() -> None:
    made_up = MessageId(f"<0{NO_MESSAGE_ID}")
    assert is_made_up(made_up)
    head = replace(a_head(), message_id=made_up, references=(made_up, MessageId("<a@b>")))
    assert references_of(head) == ("<a@b>",)
    assert references_of(replace(head, message_id=None, references=())) == ()


def test_our_own_ids_are_of_the_domain_we_write_from() -> None:
    assert message_id_of("4f-1.x", US) == "<4f-1.x@larder.example>"
    idn = Mailer(name="", email="info@müller.example")
    assert message_id_of("4f>\r\nBcc: x", idn) == "<4fBccx@xn--mller-kva.example>"


# --- quoting ---


def test_lines_are_marked_as_quoted() -> None:
    assert quoted("Hello\r\n\r\n> older\n>> oldest\n") == "> Hello\n>\n>> older\n>>> oldest"


def test_what_is_selected_is_quoted_alone() -> None:
    assert quoted("Hello\nyou", "you\u2029there\ufffc") == "> you\n> there"
    assert quoted("Hello", "  ") == "> Hello"
    assert quoted("") == ""


def test_a_long_text_is_quoted_in_part_and_says_so() -> None:
    by_length = quoted("x" * (MAX_QUOTED + 1))
    assert by_length == "> " + "x" * MAX_QUOTED + "\n> […]"
    by_lines = quoted("\n".join("x" * (MAX_QUOTED_LINES + 1))).splitlines()
    assert by_lines[-2:] == ["> x", "> […]"]
    assert len(by_lines) == MAX_QUOTED_LINES + 1


def test_spaces_at_the_end_of_a_line_are_not_quoted() -> None:
    assert quoted("Hello  \n-- \nIngrid") == "> Hello\n> --\n> Ingrid"


@given(st.text())
def test_no_line_of_a_quote_stands_without_its_mark(text: str) -> None:
    assert all(line.startswith(">") for line in quoted(text).split("\n") if line)
    assert not set(quoted(text)) & set("\r\0\x0b\x0c\x85\u2028\u2029")


def test_a_text_that_can_be_mailed() -> None:
    assert tidy_lines("a\r\nb\rc\u2028d\te\x00\ud800\x85f\n") == "a\nb\nc\nd\te\nf"


# --- doubts ---


def test_a_plain_answer_raises_no_doubt() -> None:
    assert why_not_send(a_draft("Dear Ingrid,\nit is on its way.\n\n-- \nAnna")) == ()


@pytest.mark.parametrize("body", ["", " \n ", "\n\n-- \nAnna", "> quoted\n"])
def test_an_empty_answer_is_asked_about(body: str) -> None:
    assert kinds(a_draft(body)) == [DoubtKind.EMPTY]


def test_what_may_be_empty() -> None:
    a_file = DraftFile(name="a.pdf", media_type="application/pdf", size_bytes=1, sha256="0")
    assert kinds(replace(a_draft(""), files=(a_file,))) == []
    assert kinds(a_draft("", kind=AnswerKind.FORWARD)) == []
    assert kinds(replace(a_draft("It is attached."), files=(a_file,))) == []


@pytest.mark.parametrize(
    "body",
    [
        "Please see the attachment.",
        "I have attached the invoice.",
        "Die Rechnung ist im Anhang.",
        "Anbei die Rechnung.",
        "Vous trouverez la facture ci-jointe.",
        "Le adjunto la factura.",
        "Segue em anexo a fatura.",
        "La fattura è in allegato.",
        "Zie de factuur in de bijlage.",
        "Fakturu najdete v příloze.",
        "Faktúru prikladám.",
        "Faktura jest w załączniku.",
        "A számlát csatoltam.",
        "Fakturan bifogas inte, jag bifogar den nu.",
        "Fakturaen er vedhæftet.",
        "Lasku on liitteenä.",
        "Счёт во вложении.",
        "請求書を添付しました。",
        "附件是发票。",
    ],
)
def test_a_file_that_was_named_is_missed(body: str) -> None:
    doubts = why_not_send(a_draft(body))
    assert [doubt.kind for doubt in doubts] == [DoubtKind.NO_FILE]
    assert doubts[0].about in body
    assert doubts[0].about in doubts[0].title
    assert not doubts[0].is_final


WORDS_OF_FILES = (
    "attached attaching attachment attachments enclosed anbei|im anhang|angehängt|hänge ich"
    "|beigefügt|beiliegend|in der anlage|ci-joint|ci-jointe|ci-joints|pièce jointe|pièces jointes"
    "|je joins|en annexe|adjunto|adjuntamos|em anexo|segue anexo|anexei|in allegato|allego"
    "|alleghiamo|in de bijlage|als bijlagen|bijgevoegd|bijgaand|v příloze|přikládám|přikládáme"
    "|přiložený|v prílohe|prikladám|priložené|w załączniku|załączam|załączone|csatolom|csatolva"
    "|mellékelem|mellékelten|bifogar|bifogade|vedhæfter|vedlagt|legger ved|liitteenä|во вложении"
    "|прикрепляю|прикреплен|прилагаю|у вкладенні|додаю файл|atașat|ekte gönderiyorum|ektedir"
    "|添付し|附件|첨부"
)


@pytest.mark.parametrize("words", WORDS_OF_FILES.split("|"))
def test_no_word_of_a_file_is_overlooked(words: str) -> None:
    for word in words.split(" ") if words.startswith("attached") else (words, words.upper()):
        draft = a_draft(f"Dear Ingrid,\nhere {word} now.")
        assert kinds(draft) == [DoubtKind.NO_FILE], word


@pytest.mark.parametrize(
    "body",
    [
        "Thank you for the file you attached.",
        "I have read your attachment.",
        "Yes.\n\n> I attached the invoice.",
        "Yes.\n-- \nAnna\nTerms are attached to our site",
    ],
)
def test_files_of_others_are_not_missed(body: str) -> None:
    assert kinds(a_draft(body)) == []


def test_somebody_has_to_get_it() -> None:
    draft = replace(a_draft("Hello"), recipients=Recipients())
    assert kinds(draft) == [DoubtKind.NOBODY]
    assert why_not_send(draft)[0].is_final


def test_addresses_that_cannot_be_told_to_a_server_stop_it() -> None:
    people = (
        Mailer(name="", email="jörg@out.example"),
        Mailer(name="Jo", email=""),
        Mailer(name="", email="\u202e" + "x" * 400),
    )
    doubts = why_not_send(a_draft("Hello", *people))
    assert [doubt.kind for doubt in doubts] == [DoubtKind.ADDRESS] * 3
    assert all(doubt.is_final and doubt.title.isprintable() for doubt in doubts)
    assert "accents" in doubts[0].advice
    assert doubts[1].title.startswith("“Jo”")
    assert len(doubts[2].title) < 120


def test_who_does_not_read_mail_is_asked_about() -> None:
    robot = Mailer(name="", email="no-reply@out.example")
    doubt = why_not_send(a_draft("Hello", robot))[0]
    assert (doubt.kind, doubt.is_final) == (DoubtKind.NO_REPLY, False)
    assert robot.email in doubt.title


def test_a_field_that_was_not_filled_is_asked_about() -> None:
    doubt = why_not_send(a_draft("Dear {First name},\nuse {id} for it."))[0]
    assert (doubt.kind, doubt.about) == (DoubtKind.FIELD_LEFT, "{First name}")


def test_many_people_are_asked_about() -> None:
    people = tuple(Mailer(name="", email=f"u{n}@out.example") for n in range(51))
    doubt = why_not_send(a_draft("Hello", *people))[0]
    assert (doubt.kind, doubt.about) == (DoubtKind.MANY, "51")
    assert "51 of them are named to all" in doubt.title
    hidden = replace(a_draft("Hello"), recipients=Recipients(bcc=people))
    assert "named" not in why_not_send(hidden)[0].title


def test_a_clock_that_is_behind_the_servers_is_asked_about() -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert wrong_clock(now, ()) == ()
    assert wrong_clock(now, (now - timedelta(days=400), now + timedelta(hours=23))) == ()
    (doubt,) = wrong_clock(now, (now, now + timedelta(days=1, seconds=1)))
    assert (doubt.kind, doubt.is_final) == (DoubtKind.CLOCK, False)
    assert "more than a day behind" in doubt.title
    assert "more than 4,000 days" in wrong_clock(now, (now + timedelta(days=4000),))[0].title


def test_own_words_are_neither_quoted_nor_the_signature() -> None:
    assert own_words("a\n> b\nc\n-- \nAnna") == "a\nc"
    assert own_words("a\n-- \nb\n--\nAnna") == "a\n\n\nb"


def test_an_address_that_has_left_the_settings_is_asked_about() -> None:
    was = Mailer(name="Ada", email="Old@shop.example")
    assert strange_sender(was, ["new@shop.example", "old@shop.example"]) == ()
    assert strange_sender(was, []) == ()
    (doubt,) = strange_sender(was, ["new@shop.example"])
    assert (doubt.kind, doubt.about, doubt.is_final) == (DoubtKind.SENDER, was.email, False)
    assert doubt.title == "Old@shop.example is no address of this account any more"
