from supportdesk.domain.answers import DraftEdit, Recipients
from supportdesk.domain.mail import Mailer
from tests.fakes.answers import CUSTOMER, SUPPORT_ADDRESS, a_draft

BOSS = Mailer(name="", email="boss@example.com")
HIDDEN = Mailer(name="", email="archive@example.com")


def test_recipients_are_counted_and_told_over_all_three_lines() -> None:
    everybody = Recipients(to=(CUSTOMER,), cc=(BOSS,), bcc=(HIDDEN,))
    assert list(everybody) == [CUSTOMER, BOSS, HIDDEN]
    assert len(everybody) == 3
    assert not Recipients()


def test_an_edit_changes_what_can_be_typed_and_nothing_else() -> None:
    draft = a_draft()
    edit = DraftEdit(
        sender=BOSS,
        recipients=Recipients(to=(BOSS,), bcc=(HIDDEN,)),
        subject="Re: your order",
        body="It is on its way",
        cursor=5,
        quote="> Where is it?",
        is_formatted=True,
    )
    edited = draft.edited(edit)
    assert (edited.sender, edited.recipients) == (BOSS, edit.recipients)
    assert (edited.subject, edited.body, edited.cursor) == ("Re: your order", "It is on its way", 5)
    assert (edited.quote, edited.is_formatted) == ("> Where is it?", True)
    back = DraftEdit(
        sender=SUPPORT_ADDRESS,
        recipients=draft.recipients,
        subject=draft.subject,
        body=draft.body,
        cursor=draft.cursor,
    )
    assert edited.edited(back) == draft
