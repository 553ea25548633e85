"""A home that is full of Anna, with Bob beside her, and a search in the bytes of all its files."""

import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_rows import stored_instant
from supportdesk.adapters.storage.desk_store import MIGRATIONS, SqliteDeskStore
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.storage.side_tables import SideTables
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.answers import DraftFile, Recipients
from supportdesk.domain.calls import Outcome
from supportdesk.domain.mail import (
    Mailer,
    MessageId,
    MessagePart,
    MessageSummary,
    MessageText,
)
from supportdesk.domain.people import Person
from supportdesk.domain.sending import SendState
from supportdesk.domain.side_marks import Claim, MailNote, Snoozed, Tag
from supportdesk.domain.voices import Lesson, Quote, TypedFor, TypedLine
from tests.adapters.desk_examples import AT, alert, call, decision, later, span
from tests.adapters.mail_examples import (
    INBOX,
    SENT,
    SUPPORT,
    keep_text,
    mail,
    store_in,
    text_of,
    work_off,
)
from tests.adapters.test_migrating import OLD_DESKS
from tests.fakes.answers import a_draft, an_outgoing

EMAIL, NUMBER, NAME = "anna.novakova@kunde.example", "+420601234567", "Anna Nováková"
WORDS = ("zebrastripes", "quagmire", "marzipan", "wolfram", "kaleidoscope")
"""What she wrote, what we wrote to her, what was noted, what is in a file, in an older text."""
BOB, BOBS_WORDS = "bob@other.example", "thunderstorm"
SECRETS = (EMAIL, "601234567", "601 234 567", NAME, *WORDS)
SETTINGS = """[calls]
country = "CZ"
[[mail]]
name = "Support"
address = "support@lab.test"
host = "127.0.0.1"
user = "support"
"""
ANNAS_MAIL = "mail/Support/<1@x>"
FILE = MessagePart(name="plan.pdf", media_type="application/pdf", size_bytes=9, section="2")


def make_full_home(home: Path) -> Places:
    places = Places.under(home)
    places.create_folders()
    places.settings_path.write_text(SETTINGS, encoding="utf-8")
    _fill_mail(places)
    _fill_desk(places)
    event = {"turn": "ringing", "number": "601 234 567", "name": NAME}
    (places.spool_dir / "1.json").write_text(json.dumps(event), encoding="utf-8")
    (places.spool_dir / "2.json").write_text(json.dumps({**event, "number": "5", "name": "B"}))
    (places.log_dir / "supportdesk.log").write_text(
        "2026-11-21 10:00:00,123 INFO MainThread supportdesk.core: it began\n"
        f"2026-11-21 10:00:01,123 INFO MainThread supportdesk.alerts: alert: {NAME}: about\n"
        "the zebrastripes and 601 234 567\n"
        f"2026-11-21 10:00:02,123 INFO MainThread supportdesk.core: {BOB} was here\n",
        encoding="utf-8",
    )
    (places.data_dir / "mail.db.set-aside").write_bytes(f"{EMAIL} quagmire".encode())
    (places.data_dir / "desk.db.before-1.2.part").write_bytes(f"{NUMBER} marzipan".encode())
    return places


def _fill_mail(places: Places) -> None:
    paths = SearchPaths.beside(places.mail_db)
    hers = replace(mail(1, sender=NAME, email=EMAIL.upper()), subject="About zebrastripes")
    to_her = mail(1, key=SENT, message_id="<s1@x>", is_ours=True, email="support@lab.test")
    to_her = replace(to_her, recipients=(Mailer(name=NAME, email=EMAIL),), subject="Re: quagmire")
    to_both = replace(
        mail(2, key=SENT, message_id="<s2@x>", is_ours=True, email="support@lab.test"),
        recipients=(Mailer(name="", email=EMAIL), Mailer(name="", email=BOB)),
    )
    bobs = replace(mail(2, sender="Bob", email=BOB), subject="Thunderstorm")
    naming = mail(3, sender="Bob", email=BOB, subject=f"Fwd from {EMAIL}")
    plain = replace(mail(4, sender="Bob", email=BOB), subject="Plain")
    with closing(MailCacheWriter(places.mail_db)) as writer, closing(MailIndex(paths)) as index:
        store_in(writer, INBOX, [hers, bobs, naming, plain], uidnext=5)
        store_in(writer, SENT, [to_her, to_both], uidnext=3)
        # What earlier writes leave in unused places has to go too.
        keep_text(writer, text_of(hers, "kaleidoscope " * 400))
        for number in range(3):
            text = replace(text_of(hers, f"zebrastripes {number} " * 300), parts=(FILE,))
            keep_text(writer, text)
        keep_text(writer, text_of(to_her, "quagmire, call +420 601 234 567"))
        keep_text(writer, text_of(bobs, BOBS_WORDS, files=("bob.pdf",)))
        keep_text(writer, _quoting(naming))
        keep_text(writer, text_of(plain, "Nothing of hers"))
        work_off(index)
    store = AttachmentStore.beside(places.mail_db)
    for one, words in (("<1@x>", "wolfram"), ("<2@x>", "bob"), ("<gone@x>", "wolfram")):
        store.coming(SUPPORT, MessageId(one), "2").write_text(words)
        store.keep(SUPPORT, MessageId(one), "2", "plan.pdf")


def _quoting(message: MessageSummary) -> MessageText:
    return replace(text_of(message, "See below"), quoted=f"> {EMAIL.upper()} wrote: marzipan")


def _fill_desk(places: Places) -> None:
    old = places.data_dir / "desk.db.before-1.8"
    shutil.copy(OLD_DESKS / "before_009.db", old)
    with closing(SqliteDeskStore(old, migrations=_migrations_then(places))) as copy:
        _fill(copy)
    with closing(SqliteDeskStore(places.desk_db)) as store:
        _fill(store)


def _migrations_then(places: Places) -> Path:
    """Those up to the form of the copy."""
    folder = places.data_dir.parent / "migrations"
    folder.mkdir(exist_ok=True)
    for path in sorted(MIGRATIONS.glob("*.sql"))[:8]:
        shutil.copy(path, folder)
    return folder


def _fill(store: SqliteDeskStore) -> None:
    hers = replace(call("601 234 567"), number="601 234 567", name=NAME)
    bobs = replace(call("bob"), number="+420777000111", name="Bob")
    made = replace(call("out"), number=NUMBER, name="", outcome=Outcome.CALLED, by="you")
    for one in (hers, bobs, made, hers):
        store.save_call(one)
    store.tell([f"{hers.key}#missed", ANNAS_MAIL, "mail/Support/<2@x>"], AT)
    store.save_person(Person(key="1", name=NAME, emails=(EMAIL,), numbers=(NUMBER,)))
    store.save_person(Person(key="2", name="Bob", emails=(BOB,)))
    for key, one, words in (("a", hers, "marzipan " * 20), ("b", bobs, f"Ask {EMAIL} too")):
        # Also into the copy, whose form does not know yet how a call felt.
        store.connection.execute(
            "INSERT INTO call_note (key, call, number, label, words, at) VALUES (?, ?, ?, ?, ?, ?)",
            (key, one.key, one.number, one.name, words, stored_instant(AT)),
        )
    store.mark_read(ANNAS_MAIL, AT)
    store.mark_read("mail/Support/<2@x>", AT)
    store.file_by_hand(ANNAS_MAIL, ANNAS_MAIL, AT)
    store.set_needs_no_reply(ANNAS_MAIL, AT)
    store.judge_sender(EMAIL, AT, is_robot=False)
    reading = replace(span("r"), item=ANNAS_MAIL, label=f"{NAME}: About zebrastripes")
    for read in (
        reading,
        replace(span("t", later(60), counted=61.0), item=hers.key, label=NAME),
        replace(span("gone", later(120)), item="mail/Support/<gone@x>", label=f"{NAME}: quagmire"),
        replace(span("b", later(180)), item="mail/Support/<2@x>", label="Bob: Thunderstorm"),
    ):
        store.append_span(read)


def fill_alerts(store: SqliteDeskStore) -> None:
    """What only the newest form of desk.db has."""
    bobs = "mail/Support/<2@x>"
    store.save_alert(replace(alert(ANNAS_MAIL), title=NAME, body="zebrastripes"))
    store.save_alert(replace(alert(bobs), title="Bob", body="", covers=(bobs,)))
    # One of both of them.
    store.save_alert(replace(alert("digest"), title="2 mails", body="", covers=(bobs, ANNAS_MAIL)))
    store.save_untold([ANNAS_MAIL])
    store.save_decision(decision(ANNAS_MAIL))
    store.save_decision(replace(decision(bobs), words="Bob"))


def fill_side(store: SqliteDeskStore) -> None:
    """Notes, snoozes, labels and claims on her mail and on that of Bob."""
    side, bobs = SideTables(store.connection, store.path), "mail/Support/<2@x>"
    for item, about, words in (
        (ANNAS_MAIL, EMAIL, "marzipan"),
        (bobs, BOB, f"ask {EMAIL} first"),
    ):
        note = MailNote(key=f"note/1/{item}", item=item, about=about, words=words, at=AT)
        side.save_mail_note(note)
        side.save_snoozed(Snoozed(key=item, until=later(60), at=AT))
        side.save_tag(Tag(item=item, name="vip"))
        side.save_claim(Claim(item=item, form="ada", since=AT))


def fill_ritual(store: SqliteDeskStore) -> None:
    """What she said and Bob said, what was learned, promised and lifted, on the way to it."""
    voices = VoiceTables(store.connection, store.path)
    quote = Quote(
        key="quote/hers",
        words="the zebrastripes are quick",
        item=ANNAS_MAIL,
        who=NAME,
        contact=EMAIL,
        said_at=AT,
        kept_at=AT,
    )
    called = replace(quote, key="quote/called", item="call/Office/gone", contact=NUMBER)
    typed = replace(quote, key="quote/typed", item="", contact="", words="marzipan")
    bobs = replace(
        quote,
        key="quote/bobs",
        item="mail/Support/<2@x>",
        who="Bob",
        contact=BOB,
        words=f"Ask {EMAIL}, she knows",
        note="601 234 567 is hers",
    )
    for one in (quote, called, typed, bobs):
        voices.save_quote(one)
    lesson = Lesson(key="lesson/hers", item=ANNAS_MAIL, words="quagmire", who=NAME, at=AT)
    voices.save_lesson(lesson)
    voices.save_lesson(replace(lesson, key="lesson/bobs", item="", who="Bob", words=f"{NUMBER}!"))
    typing = TypedLine(kind=TypedFor.LESSON, item=ANNAS_MAIL, words="quagmire", who=NAME, at=AT)
    of_a_call = replace(typing, item="call/Office/gone", contact=NUMBER)
    beside = replace(typing, kind=TypedFor.BESIDE_QUOTE, item=bobs.key, who="Bob", contact=BOB)
    for line in (typing, of_a_call, replace(beside, words=f"As {EMAIL} does")):
        voices.save_typed_line(line)
    run = store.connection.execute
    at, theirs, his = AT.isoformat(), (NAME, EMAIL), ("Bob", BOB)
    for key, item, (who, contact) in (
        ("promise/hers", ANNAS_MAIL, theirs),
        ("promise/bobs", "mail/Support/<2@x>", his),
    ):
        promise = (key, item, f"Send {EMAIL} the plan", who, contact, at, at)
        run("INSERT INTO promise VALUES (?, ?, ?, ?, ?, ?, ?, 'open', NULL)", promise)
    for key, item, contact, carrier in (
        ("lift/hers", ANNAS_MAIL, EMAIL, ""),
        ("lift/carried", "mail/Support/<gone@x>", "", ANNAS_MAIL),
        ("lift/bobs", "mail/Support/<2@x>", BOB, "mail/Support/<4@x>"),
    ):
        row = (key, item, contact, carrier, "Ada", "ada@lab.test", f"{EMAIL}?", "flag", at)
        run(
            "INSERT INTO lift (key, item, contact, carrier, by, by_address, why, way, at)"
            f" VALUES ({', '.join('?' * 9)})",
            row,
        )
    run("INSERT INTO scroll VALUES (1, ?, ?, ?, NULL)", (at, at, ANNAS_MAIL))
    for day, key in (("2026-11-20", "quote/hers"), ("2026-11-21", "quote/bobs")):
        run("INSERT INTO starter VALUES (?, ?)", (day, key))
        run("INSERT INTO page_choice VALUES (?, ?, 1, 1)", (day, key))
    run("INSERT INTO phone_week VALUES ('1', 'Ada', '2026-11-16', '{}')")


def fill_answers(places: Places, store: SqliteDeskStore) -> None:
    """Drafts and outgoing messages, their files, and what earlier writes of them left behind."""
    table = AnswerTable(store.connection, store.path)
    anna, bob = Mailer(name=NAME, email=EMAIL.title()), Mailer(name="Bob", email=BOB)
    hers = replace(
        a_draft("hers"), answers=ANNAS_MAIL, recipients=Recipients(to=(anna,)), files=(_file("a"),)
    )
    new = replace(a_draft("new"), answers="", recipients=Recipients(to=(anna,)), quote="wolfram")
    to_both = replace(
        a_draft("both"),
        answers="mail/Support/<2@x>",
        recipients=Recipients(to=(bob,), cc=(anna,)),
        subject=f"Fwd from {EMAIL}",
        files=(_file("b"),),
    )
    bobs = replace(a_draft("bobs", body="plain"), recipients=Recipients(to=(bob,)), answers="")
    for minute, words in enumerate(("kaleidoscope " * 300, "quagmire " * 200, "marzipan")):
        table.save_draft(replace(hers, body=words), later(60 * minute))
        table.save_draft(replace(new, body=words), later(60 * minute))
        body = f"Call 601 234 567, {EMAIL}, {minute}"
        table.save_draft(replace(to_both, body=body, quote=f"> {EMAIL}"), later(60 * minute))
    table.save_draft(bobs, AT)
    done = an_outgoing("sent long ago", SendState.DONE)
    table.save_outgoing(replace(done, answers=ANNAS_MAIL))
    table.save_outgoing(replace(an_outgoing("hers", SendState.REFUSED), answers=ANNAS_MAIL))
    table.save_outgoing(replace(an_outgoing("bobs"), answers=""))
    files = places.outgoing_dir / "files"
    files.mkdir(parents=True)
    for name, words in (("a", "wolfram"), ("b", "bob"), ("lost", "wolfram")):
        (files / _file(name).sha256).write_text(words)
    for name in ("hers.eml", "hers.eml.part", "sent long ago.eml", "nobody's.eml"):
        (places.outgoing_dir / name).write_text(f"To: {EMAIL}")
    (places.outgoing_dir / "bobs.eml").write_text(f"To: {BOB}")


def _file(name: str) -> DraftFile:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return DraftFile(name=f"{name}.pdf", media_type="application/pdf", size_bytes=7, sha256=sha256)


def bytes_found(home: Path, *words: str) -> list[str]:
    """Where which word is, in the bytes of every file; SQLite's pages are no obstacle."""
    return [
        f"{word} in {path.relative_to(home)}"
        for path in sorted(home.rglob("*"))
        if path.is_file()
        for word in words
        if word.encode().lower() in path.read_bytes().lower()
    ]
