"""Somebody is forgotten: nothing of them is in any byte of the home, and all else is as before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.places import Places
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_erasure import DeskErasure, DeskTraces
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.home_erasure import HomeErasure
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.adapters.storage.mail_erasure import MailErasure, MailTraces
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.mail_search import MailSearch
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.storage.side_tables import SideTables
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.answers import DraftId
from supportdesk.domain.calls import CallId, Outcome
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageId
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.reading import FORGOTTEN
from supportdesk.domain.sending import SendState
from supportdesk.services.forgetting import Forgotten, Traces
from tests.adapters.desk_examples import AT, alert, call, later, span
from tests.adapters.forgotten_home import (
    BOB,
    BOBS_WORDS,
    EMAIL,
    NAME,
    NUMBER,
    SECRETS,
    bytes_found,
    fill_alerts,
    fill_answers,
    fill_ritual,
    fill_side,
    make_full_home,
)
from tests.adapters.mail_examples import INBOX, SUPPORT, mail, store_in, work_off
from tests.fakes.answers import an_outgoing

HERS = ("mail/Support/<1@x>", "call/Office/601 234 567", "call/Office/out")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return make_full_home(tmp_path / "home")


@pytest.fixture
def store(places: Places) -> Iterator[SqliteDeskStore]:
    with closing(SqliteDeskStore(places.desk_db)) as made:
        fill_alerts(made)
        fill_side(made)
        fill_ritual(made)
        fill_answers(places, made)
        yield made


@pytest.fixture
def reader(places: Places) -> Iterator[MailCacheReader]:
    """As the window has it open all the time."""
    with closing(MailCacheReader(places.mail_db)) as made:
        assert len(made.newest(SUPPORT, 100)) == 6
        yield made


def erasure(places: Places, *, busy_seconds: float = 30.0) -> HomeErasure:
    settings = SettingsFile(places.settings_path).load().settings
    clock = SystemClock()
    return HomeErasure(places, places.desk_db, settings, clock, busy_seconds=busy_seconds)


def forget(places: Places, who: str = NAME) -> str:
    made = erasure(places)
    return made.erase(made.meant(who), lambda _who: None)


@pytest.mark.parametrize("who", [NAME, EMAIL.upper(), "601234567", "anna novakova"])
def test_no_byte_of_them_is_left(
    places: Places, store: SqliteDeskStore, reader: MailCacheReader, who: str
) -> None:
    home = places.data_dir
    assert len(bytes_found(home, *SECRETS)) > 20
    words = forget(places, who)
    assert bytes_found(home, *SECRETS) == []
    assert words.startswith(f"{NAME} ({EMAIL}, {NUMBER}) is forgotten here: 2 mails with their")
    assert bytes_found(home, BOBS_WORDS)
    # Nor does it come out of what is made anew, or written at the end.
    with closing(MailIndex(SearchPaths.beside(places.mail_db))) as index:
        work_off(index)
    store.close()
    reader.close()
    assert bytes_found(home, *SECRETS) == []
    with closing(SqliteDeskStore(places.desk_db)) as again:
        assert not again.is_copied_open
        assert again.integrity_check() == "ok"


def contents(places: Places) -> dict[Path, bytes]:
    files = [path for path in places.data_dir.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files if not path.name.endswith("-shm")}


def test_what_there_is_is_said_before_and_nothing_is_touched(
    places: Places, store: SqliteDeskStore, reader: MailCacheReader
) -> None:
    before = contents(places)
    made = erasure(places)
    found = made.look(made.meant(NAME))
    assert found == Traces(
        mails=2,
        mentions=11,
        files=1,
        calls=2,
        notes=2,
        drafts=3,
        quotes=3,
        lessons=1,
        promises=1,
        lifts=2,
        alerts=2,
        spans=3,
        seconds=71.0,
        is_person=True,
    )
    assert contents(places) == before


def test_of_others_nothing_is_missing(
    places: Places, store: SqliteDeskStore, reader: MailCacheReader
) -> None:
    forget(places)
    assert [one.sender.email for one in reader.newest(SUPPORT, 100)] == [
        "bob@other.example",
        "bob@other.example",
        "support@lab.test",
        "bob@other.example",
    ]
    to_both = reader.message(SUPPORT, MessageId("<s2@x>"))
    assert to_both is not None
    assert [one.email for one in to_both.recipients] == ["…", "bob@other.example"]
    naming = reader.message(SUPPORT, MessageId("<3@x>"))
    assert naming is not None
    assert naming.subject == "Fwd from …"
    # It is fetched again when it is opened; what names nobody stays.
    assert reader.text(SUPPORT, MessageId("<3@x>")) is None
    assert reader.text(SUPPORT, MessageId("<4@x>")) is not None
    assert AttachmentStore.beside(places.mail_db).path_of(SUPPORT, MessageId("<2@x>"), "2")
    assert [one.number for one in store.calls_since(AT)] == ["+420777000111"]
    assert [one.name for one in store.people()] == ["Bob"]
    assert [note.words for note in store.call_notes()] == ["Ask … too"]
    side, bobs = SideTables(store.connection, store.path), "mail/Support/<2@x>"
    assert [(one.item, one.words) for one in side.mail_notes()] == [(bobs, "ask … first")]
    assert [one.key for one in side.snoozed()] == [one.item for one in side.tags()] == [bobs]
    assert [one.item for one in side.claims()] == [bobs]
    assert [one.title for one in store.open_alerts()] == ["Bob"]
    assert store.read_keys() == {"mail/Support/<2@x>"}
    assert store.needs_no_reply_keys() == store.untold() == set()
    assert not store.filed_by_hand()
    assert not store.judged_senders()
    assert [one.words for one in store.decisions("", 9)] == ["Bob"]


def test_of_the_ritual_theirs_goes_and_others_stay_blotted(
    places: Places, store: SqliteDeskStore
) -> None:
    forget(places)
    voices = VoiceTables(store.connection, store.path)
    ((quote,), (lesson,)) = (voices.quotes(), voices.lessons())
    assert (quote.who, quote.words, quote.note) == ("Bob", "Ask …, she knows", "… is hers")
    assert (lesson.who, lesson.words) == ("Bob", "…!")
    assert [(one.who, one.words) for one in voices.typed_lines()] == [("Bob", "As … does")]

    def rows(select: str) -> list[tuple[object, ...]]:
        return store.connection.execute(select).fetchall()

    assert rows("SELECT who, words FROM promise") == [("Bob", "Send … the plan")]
    assert rows("SELECT key, why FROM lift") == [("lift/bobs", "…?")]
    assert rows("SELECT place FROM scroll") == [("",)]
    assert rows("SELECT quote FROM starter") == rows("SELECT key FROM page_choice")
    assert rows("SELECT key FROM page_choice") == [("quote/bobs",)]


def test_minutes_stay_without_name_and_link_and_go_on_growing(
    places: Places, store: SqliteDeskStore
) -> None:
    reading = replace(span("now", later(300)), item=HERS[0], label=f"{NAME}: hello")
    store.append_span(reading)
    before = {one.span_id: one.counted_seconds for one in store.all_spans()}
    forget(places)
    spans = {one.span_id: one for one in store.all_spans()}
    assert {name: one.counted_seconds for name, one in spans.items()} == before
    assert {(one.label, one.item) for name, one in spans.items() if name != "b"} == {
        (FORGOTTEN, "")
    }
    assert (spans["b"].label, spans["b"].item) == ("Bob: Thunderstorm", "mail/Support/<2@x>")
    store.append_span(replace(reading, counted_seconds=9.0))
    grown = {one.span_id: one for one in store.all_spans()}["now"]
    assert (grown.counted_seconds, grown.label, grown.item) == (9.0, FORGOTTEN, "")
    with pytest.raises(ValueError, match="may only grow"):
        store.append_span(replace(reading, counted_seconds=1.0))


def test_nothing_is_told_twice_but_a_number_does_not_stay_in_the_ledger(
    places: Places, store: SqliteDeskStore
) -> None:
    forget(places)
    keys = ["mail/Support/<1@x>", "mail/Support/<2@x>", f"{HERS[1]}#missed"]
    assert store.told(keys) == set(keys[:2])


def test_the_mailbox_and_the_cache_still_agree(places: Places, store: SqliteDeskStore) -> None:
    with closing(MailCacheWriter(places.mail_db)) as writer:
        before = writer.known_mailbox(INBOX)
        forget(places)
        assert writer.known_mailbox(INBOX) == before
        assert writer.uids_in(INBOX, [(1, 9)]) == [1, 2, 3, 4]
        # Asked for all the same, as after an answer that got lost: it stays as it is.
        again = mail(1, sender=NAME, email=EMAIL)
        assert store_in(writer, INBOX, [again], uidnext=5).arrived == ()
        assert writer.summary(SUPPORT, again.message_id) is None
        assert writer.save_flags(INBOX, {1: 1}).changed == ()
        assert writer.remove(INBOX, [1]).gone == ()
        # New mail of theirs is mail like any other.
        assert len(store_in(writer, INBOX, [mail(5, email=EMAIL)], uidnext=6).arrived) == 1


def test_search_finds_the_others_and_not_them(places: Places, store: SqliteDeskStore) -> None:
    paths = SearchPaths.beside(places.mail_db)
    with closing(MailSearch(paths)) as searching, closing(MailIndex(paths)) as index:
        found = searching.answer("zebrastripes", 9, lambda: False)
        assert len(found.hits) == 1
        forget(places)
        work_off(index)
        assert searching.answer("zebrastripes", 9, lambda: False).hits == ()
        assert len(searching.answer("thunderstorm", 9, lambda: False).hits) == 1


def test_it_can_be_done_again_and_finds_nothing(places: Places, store: SqliteDeskStore) -> None:
    forget(places)
    made = erasure(places)
    assert made.look(made.meant(EMAIL)).is_nothing
    assert made.look(made.meant("+420 601 234 567")).is_nothing


def test_who_is_on_the_phone_is_not_forgotten_meanwhile(
    places: Places, store: SqliteDeskStore
) -> None:
    talk = replace(call("now", SystemClock().now()), number="+420 601 234 567")
    store.save_call(replace(talk, outcome=Outcome.ANSWERED, closed_at=None))
    before = bytes_found(places.data_dir, *SECRETS)
    with pytest.raises(StoreError, match="is on the phone just now"):
        forget(places)
    assert set(before) <= set(bytes_found(places.data_dir, *SECRETS))
    forget(places, "+420777000111")


def test_our_own_address_is_refused(places: Places, store: SqliteDeskStore) -> None:
    with pytest.raises(StoreError, match="address of your own team"):
        forget(places, "Support@lab.test")


def test_files_that_are_the_founders_are_named(places: Places, store: SqliteDeskStore) -> None:
    with places.settings_path.open("a", encoding="utf-8") as file:
        file.write(f"# {EMAIL} is dear to us\n")
    (places.data_dir / "calls.csv").write_text("'+420 601 234 567")
    assert "Still named in calls.csv and settings.toml: that is yours" in forget(places)


def test_a_cache_that_is_in_use_for_long_is_said(places: Places, store: SqliteDeskStore) -> None:
    with closing(sqlite3.connect(places.mail_db, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM places").fetchall()
        made = erasure(places, busy_seconds=0.1)
        with pytest.raises(StoreError) as caught:
            made.erase(made.meant(NAME), lambda _who: None)
    assert caught.value.title == "mail.db could not be written anew (it is in use)"
    assert caught.value.advice.endswith(f"then run: supportdesk forget {EMAIL} --yes")
    assert {one.rpartition(" ")[2] for one in bytes_found(places.data_dir, *SECRETS)} <= {
        "mail.db",
        "mail.db-wal",
    }
    forget(places, EMAIL)
    assert bytes_found(places.data_dir, *SECRETS) == []


def test_what_only_leaving_writes_is_erased_too(places: Places, store: SqliteDeskStore) -> None:
    """The last seconds of reading are written when the window lets go of the mail."""
    left: list[Forgotten] = []

    def leave(who: Forgotten) -> None:
        left.append(who)
        store.append_span(replace(span("last", later(400)), item=HERS[0], label=f"{NAME}: hello"))

    made = erasure(places)
    made.erase(made.meant(NAME), leave)
    assert [one.emails for one in left] == [(EMAIL,)]
    assert bytes_found(places.data_dir, *SECRETS) == []


def test_a_mail_cache_of_another_version_goes_whole(places: Places, store: SqliteDeskStore) -> None:
    with closing(sqlite3.connect(places.mail_db)) as mails:
        mails.execute("PRAGMA user_version = 1")
    forget(places, NAME)
    assert not places.mail_db.exists()
    assert bytes_found(places.data_dir, *SECRETS) == []


def test_without_any_mail(tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    places.create_folders()
    places.settings_path.write_text("")
    with closing(SqliteDeskStore(places.desk_db)) as store:
        store.save_call(call())
        assert forget(places, "+420601234567").startswith(
            "O'Brien; DROP TABLE call (+420601234567) is forgotten here: 1 call."
        )
        assert store.calls_since(AT) == []


def test_a_namesake_keeps_what_is_theirs(places: Places, store: SqliteDeskStore) -> None:
    other = replace(call("other"), number="+420999888777", name=NAME)
    store.save_call(other)
    about = ["mail/Support/<4@x>", other.key]
    alerts = [replace(alert(key), title=NAME, body="", covers=(key,)) for key in about]
    # Of a mail that nobody knows any more a name is all that is left.
    for one in (*alerts, replace(alert("mail/Support/<7@x>"), title=NAME, body="", covers=())):
        store.save_alert(one)
    forget(places, EMAIL)
    assert [one for one in store.open_alerts() if one.title == NAME] == sorted(
        alerts, key=lambda one: one.key
    )
    assert other in store.calls_since(AT)


def test_a_person_of_a_number_alone(places: Places, store: SqliteDeskStore) -> None:
    store.save_person(Person(key="3", name="Cleo", numbers=("anna@sip.example",)))
    store.save_call(replace(call("sip"), number="anna@sip.example", name=""))
    store.save_call(replace(call("hidden"), number=""))
    store.save_call_note(CallNote(key="c", call="gone", number="", label="", words="hm", at=AT))
    forget(places, "cleo")
    assert {one.call_id for one in store.calls_since(AT)} >= {CallId("hidden")}
    assert "sip" not in {one.call_id for one in store.calls_since(AT)}
    assert bytes_found(places.data_dir, "anna@sip.example") == []


def test_half_an_erasure_is_none(places: Places, store: SqliteDeskStore) -> None:
    with closing(sqlite3.connect(places.desk_db, isolation_level=None)) as desk:
        broken = DeskTraces(calls=[("Office", "bob")], rows={"nowhere": [("x",)]})
        with pytest.raises(sqlite3.Error):
            DeskErasure(desk, str).erase(broken)
    assert "bob" in {one.call_id for one in store.calls_since(AT)}
    with closing(sqlite3.connect(places.mail_db, isolation_level=None)) as mails:
        traces = MailTraces(messages={("Support", "<2@x>")}, blotted=[("too", "few")])
        with pytest.raises(sqlite3.Error):
            MailErasure(mails).erase(traces)
        assert mails.execute("SELECT 1 FROM texts WHERE message_id = '<2@x>'").fetchall()


def test_drafts_to_others_stay_without_them(places: Places, store: SqliteDeskStore) -> None:
    forget(places)
    table = AnswerTable(store.connection, store.path)
    drafts = {one.draft_id: one for one in table.drafts()}
    assert set(drafts) == {"both", "bobs"}
    both = drafts[DraftId("both")]
    assert [one.email for one in both.recipients] == [BOB]
    assert (both.subject, both.quote) == ("Fwd from …", "> …")
    assert both.body == "Call…, …, 2"
    assert [one.body for one in table.versions(both.draft_id)] == ["Call…, …, 1", "Call…, …, 0"]
    assert drafts[DraftId("bobs")].body == "plain"
    assert [one.draft_id for one in table.outgoing()] == ["bobs"]
    left = sorted(path.name for path in places.outgoing_dir.rglob("*") if path.is_file())
    assert left == sorted(["bobs.eml", both.files[0].sha256])


@pytest.mark.parametrize("name", ["hers", "new", "both"])
@pytest.mark.parametrize("state", [SendState.COUNTING, SendState.WAITING, SendState.DOUBTFUL])
def test_who_has_an_answer_under_way_is_not_forgotten_meanwhile(
    places: Places, store: SqliteDeskStore, name: str, state: SendState
) -> None:
    table = AnswerTable(store.connection, store.path)
    table.remove_outgoing(DraftId(name))
    table.save_outgoing(replace(an_outgoing(name, state), answers=""))
    before = contents(places)
    with pytest.raises(StoreError, match="is not sent yet"):
        forget(places)
    assert contents(places) == before
    table.save_outgoing(replace(an_outgoing(name, SendState.SENT), answers=""))
    forget(places)
    store.close()
    assert bytes_found(places.data_dir, *SECRETS) == []


def test_a_copy_that_has_drafts_is_cleaned_too(places: Places, store: SqliteDeskStore) -> None:
    copy = places.desk_db.with_name("desk.db.before-9.0")
    with closing(sqlite3.connect(copy)) as target:
        store.connection.backup(target)
    assert bytes_found(copy.parent, "marzipan")
    forget(places)
    store.close()
    assert bytes_found(places.data_dir, *SECRETS) == []
    with closing(sqlite3.connect(copy)) as left:
        assert left.execute("SELECT id FROM draft ORDER BY id").fetchall() == [
            ("bobs",),
            ("both",),
        ]


def test_an_empty_log_stops_nothing(places: Places, store: SqliteDeskStore) -> None:
    (places.log_dir / "supportdesk.log").write_bytes(b"")
    forget(places)
    store.close()
    assert bytes_found(places.data_dir, *SECRETS) == []


def test_a_spoilt_draft_stops_nothing(places: Places, store: SqliteDeskStore) -> None:
    store.connection.execute("UPDATE draft SET fields = '[1]' WHERE id = 'bobs'")
    store.connection.execute(f"UPDATE draft SET fields = '{{{EMAIL}' WHERE id = 'both'")
    forget(places)
    assert store.connection.execute("SELECT id FROM draft").fetchall() == [("bobs",)]
