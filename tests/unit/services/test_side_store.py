from supportdesk.domain.side_marks import Claim, MailNote, Snoozed, Tag
from supportdesk.services.side_store import SideStore, UnkeptSideStore
from tests.fakes.happenings import T0


def test_what_is_not_kept_is_not_found_again() -> None:
    store: SideStore = UnkeptSideStore()
    store.save_snoozed(Snoozed(key="k", until=T0, at=T0))
    store.save_mail_note(MailNote(key="n", item="k", words="x", at=T0))
    store.save_tag(Tag(item="k", name="vip"))
    store.save_claim(Claim(item="k", form="anna", since=T0))
    store.remove_snoozed("k")
    store.remove_mail_note("n")
    store.remove_tag(Tag(item="k", name="vip"))
    store.remove_claim(Claim(item="k", form="anna", since=T0))
    assert (store.snoozed(), store.mail_notes(), store.tags(), store.claims()) == ([], [], [], [])
