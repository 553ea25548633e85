from dataclasses import replace
from datetime import datetime

from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.people import CallNote
from supportdesk.domain.promises import Promise
from supportdesk.domain.side_marks import MailNote
from supportdesk.services.inbox import Inbox
from supportdesk.services.noted_promises import NotedPromises
from supportdesk.services.people import People
from supportdesk.services.promises import Promises
from tests.fakes.happenings import T0, a_message, after, same_number
from tests.fakes.promise_store import MemoryPromiseStore
from tests.fakes.stores import MemoryDeskStore

INGRID = "ingrid.solheim@out.example"
CALL_NOTE = CallNote(
    key="note/1/call/Office/7",
    call="call/Office/7",
    number="+4790000000",
    label="+47 900 00 000",
    words="I'll send it today !",
    at=T0,
)


class Desk:
    def __init__(self, *mails: MessageSummary) -> None:
        store = MemoryDeskStore()
        self.people = People(store, same_number)
        inbox = Inbox(store)
        inbox.restore(mails, T0)
        self.promises = Promises(MemoryPromiseStore(), datetime.astimezone)
        self.noted = NotedPromises(self.promises, self.people, inbox)

    def made(self) -> Promise:
        [promise] = self.promises.open()
        return promise


def mail_note(item: str) -> MailNote:
    return MailNote(key=f"note/1/{item}", item=item, about=INGRID, words="Flour today !", at=T0)


def test_what_is_noted_of_a_call_is_promised_to_whoever_called() -> None:
    desk = Desk()
    desk.noted.of_call(CALL_NOTE, after(60))
    made = desk.made()
    assert (made.item, made.who, made.contact) == ("call/Office/7", "+47 900 00 000", "+4790000000")
    assert (made.words, made.made_at) == ("I'll send it today", after(60))
    desk.noted.of_call(replace(CALL_NOTE, words=""), after(70))
    assert desk.promises.open() == ()


def test_the_founder_s_name_for_them_outdoes_the_phone_s() -> None:
    desk = Desk()
    desk.people.join_number(INGRID, "+4790000000", "Ingrid")
    desk.noted.of_call(CALL_NOTE, T0)
    assert desk.made().who == "Ingrid"


def test_what_is_noted_of_a_mail_is_promised_to_its_customer() -> None:
    mail = a_message(1, who="Ingrid Solheim")
    desk = Desk(mail)
    desk.noted.of_mail(mail_note(mail.key), T0)
    assert (desk.made().who, desk.made().contact) == ("Ingrid Solheim", INGRID)


def test_of_a_mail_that_has_gone_the_person_or_the_address_is_known() -> None:
    desk = Desk()
    desk.noted.of_mail(mail_note("mail/Support/<gone@x>"), T0)
    assert desk.made().who == INGRID
    joined = Desk()
    joined.people.join_number(INGRID, "+4790000000", "Ingrid")
    joined.noted.of_mail(mail_note("mail/Support/<gone@x>"), T0)
    assert joined.made().who == "Ingrid"


def test_what_a_colleague_notes_is_no_promise_of_the_founder_s() -> None:
    desk = Desk()
    desk.noted.of_mail(replace(mail_note("mail/Support/<1@x>"), by="anna"), T0)
    assert desk.promises.open() == ()
