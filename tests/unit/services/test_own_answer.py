from dataclasses import replace

from supportdesk.domain.answers import DraftFile
from supportdesk.services.own_answer import NOWHERE, own_answer
from tests.fakes.answers import AT, CUSTOMER, SUPPORT_ADDRESS, a_draft, an_outgoing
from tests.fakes.happenings import after
from tests.fakes.outbox_rig import PLACE

FILE = DraftFile(name="plan.pdf", media_type="application/pdf", size_bytes=9, sha256="ab")


def test_an_answer_stands_in_the_inbox_before_the_mailbox_tells_of_it() -> None:
    answer = own_answer(an_outgoing(), replace(a_draft(), files=(FILE,)))
    assert (answer.message_id, answer.references) == ("<one@example.com>", a_draft().references)
    assert (answer.sender, answer.recipients) == (SUPPORT_ADDRESS, (CUSTOMER,))
    assert (answer.address, answer.sent_at, answer.preview) == (NOWHERE, AT, "Good morning")
    assert answer.is_sent_copy
    assert answer.has_attachments


def test_it_lies_where_its_copy_was_filed_and_is_as_old_as_its_last_dot() -> None:
    row = replace(an_outgoing(), place=PLACE, sent_at=after(60))
    answer = own_answer(row, a_draft())
    assert (answer.address, answer.arrived_at) == (PLACE, after(60))
    assert not answer.has_attachments
