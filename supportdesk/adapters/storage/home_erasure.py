"""Somebody taken out of all files of a home: looked for first, then erased for good.

SQLite overwrites what it deletes when it is told to, but not what earlier writes left behind in its
pages; so both databases are written anew afterwards (VACUUM). What is a cache and cannot be cleaned
row by row, the index of the search and caches that were set aside, goes whole.
"""

import contextlib
import glob
import itertools
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.numbers import national_number, normaliser
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_erasure import DeskErasure, DeskTraces
from supportdesk.adapters.storage.draft_erasure import DraftErasure
from supportdesk.adapters.storage.mail_database import translated_errors as mail_errors
from supportdesk.adapters.storage.mail_erasure import MailErasure, MailTraces
from supportdesk.adapters.storage.search_database import SearchPaths, open_mail
from supportdesk.adapters.storage.sqlite_errors import translated_errors
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.people import Person
from supportdesk.domain.settings import Settings
from supportdesk.services.forgetting import (
    Forgotten,
    Mentions,
    Traces,
    done_words,
    meant,
    refuse_own,
)
from supportdesk.services.ports import Clock

_BUSY_SECONDS = 30.0
_LARGEST_TEXT = 20_000_000
_RECORD = re.compile(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.MULTILINE)
_SAYS = re.compile(rb"[^\n]*?: ")
_DATABASES = re.compile(r"\.db(-wal|-shm|-journal)?$")

Leave = Callable[[Forgotten], None]
"""Has whoever runs on this home let go of what is in memory."""


class HomeErasure:
    """Used while somebody has desk.db open, by any thread. Raises StoreError.

    Args of the constructor:
        desk_db: It may be another one than that of the home.
        busy_seconds: How long to wait for whoever else is writing.
    """

    def __init__(
        self,
        places: Places,
        desk_db: Path,
        settings: Settings,
        clock: Clock,
        *,
        busy_seconds: float = _BUSY_SECONDS,
    ) -> None:
        self._places = places
        self._desk_db = desk_db
        self._clock = clock
        self._busy_seconds = busy_seconds
        self._country = settings.country
        self._normalise = normaliser(settings.country)
        self._own = frozenset(
            address.casefold() for account in settings.mail for address in account.own_addresses
        )

    def meant(self, who: str) -> Forgotten:
        """Who an address, a number or a name as it is shown stands for."""
        with self._desk() as desk:
            known = list(DeskErasure(desk, self._normalise).names())
            people = _people(desk)
        with self._mail() as mail:
            if mail is not None:
                known += MailErasure(mail).names()
        found = replace(meant(who, people, known, self._normalise), own=self._own)
        refuse_own(found)
        national = [national_number(one, self._country) for one in found.numbers]
        spellings = dict.fromkeys((*found.spellings, *national))
        return replace(found, spellings=tuple(one for one in spellings if one))

    def look(self, who: Forgotten) -> Traces:
        """How much there is. Reads every text, which takes a while; writes nothing."""
        with self._mail() as mail, self._desk() as desk:
            found, files = self._find_mail(mail, who)
            of_desk = self._find_desk(desk, mail, who, found)
        return _traces(found, len(files), of_desk)

    def erase(self, who: Forgotten, leave: Leave) -> str:
        """Erase all that there is; returns what a notice says."""
        with self._desk() as desk:
            DeskErasure(desk, self._normalise).refuse_on_the_line(who, self._clock.now())
            with self._mail() as mail:
                found, files = self._find_mail(mail, who)
                of_desk = self._find_desk(desk, mail, who, found)
                DeskErasure(desk, self._normalise).refuse_under_way(who, of_desk)
                # What desk.db has of a mail is found by the mail: both go at once.
                if mail is not None:
                    MailErasure(mail).erase(found)
                DeskErasure(desk, self._normalise).erase(of_desk)
                # Only then it is let go of, so that nothing is read again; and once more for what
                # is written in that moment: the last seconds of reading, why an alert went.
                leave(who)
                rest = self._find_desk(desk, mail, who, found)
                DeskErasure(desk, self._normalise).erase(rest)
                for path in DraftErasure(desk).useless_files(self._places.outgoing_dir):
                    _erase_file(path)
                self._erase_copies(mail, who, found)
                self._erase_caches(is_mail_useless=mail is None)
                remnants = [
                    why
                    for connection, path in (
                        (mail, self._places.mail_db),
                        (desk, self._desk_db),
                    )
                    if connection is not None and (why := _written_anew(connection, path))
                ]
        for folder in self._orphans():
            _erase_folder(folder)
        self._erase_spool(who)
        self._blot_log(who)
        if remnants:
            raise StoreError(remnants[0], _advice_on_remnants(who))
        return done_words(who, _traces(found, len(files), of_desk), self._still_named(who))

    # --- the databases -----------------------------------------------------------------------

    @contextmanager
    def _desk(self) -> Iterator[sqlite3.Connection]:
        path = self._desk_db
        with translated_errors(path), closing(self._connected(path)) as connection:
            yield connection

    @contextmanager
    def _mail(self) -> Iterator[sqlite3.Connection | None]:
        path = self._places.mail_db
        with mail_errors(path):
            connection = open_mail(path, is_read_only=False, busy_seconds=self._busy_seconds)
            try:
                yield connection
            finally:
                if connection is not None:
                    connection.close()

    def _connected(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=self._busy_seconds, isolation_level=None)

    def _find_mail(
        self, mail: sqlite3.Connection | None, who: Forgotten
    ) -> tuple[MailTraces, list[Path]]:
        if mail is None:
            return MailTraces(), []
        erasure, store = MailErasure(mail), AttachmentStore.beside(self._places.mail_db)
        found = erasure.find(who)
        fetched = {
            store.folder_of(SourceName(account), MessageId(message_id), section)
            for account, message_id, section in erasure.files(found)
        }
        return found, sorted(folder for folder in fetched if folder.is_dir())

    def _find_desk(
        self,
        desk: sqlite3.Connection,
        mail: sqlite3.Connection | None,
        who: Forgotten,
        found: MailTraces,
    ) -> DeskTraces:
        def is_of_others(key: str) -> bool:
            return mail is not None and key not in found.keys and MailErasure(mail).has(key)

        return DeskErasure(desk, self._normalise).find(who, found.keys, is_of_others)

    def _erase_copies(
        self, mail: sqlite3.Connection | None, who: Forgotten, found: MailTraces
    ) -> None:
        """Those that updates made of desk.db; what is no database any more goes whole."""
        name = glob.escape(self._desk_db.name)
        for copy in sorted(self._desk_db.parent.glob(f"{name}.before-*")):
            try:
                with closing(self._connected(copy)) as connection:
                    connection.execute("PRAGMA journal_mode = DELETE").fetchall()
                    of_copy = self._find_desk(connection, mail, who, found)
                    DeskErasure(connection, self._normalise).erase(of_copy)
                    connection.execute("VACUUM")
            except sqlite3.Error:
                _erase_file(copy)

    # --- files ---------------------------------------------------------------------------------

    def _orphans(self) -> list[Path]:
        """Fetched files of no mail that is known: theirs, and such as may be theirs."""
        store = AttachmentStore.beside(self._places.mail_db)
        with self._mail() as mail:
            if mail is None:
                return list(store.folders())
            kept = {
                store.folder_of(SourceName(account), MessageId(message_id), section)
                for account, message_id, section in MailErasure(mail).sections()
            }
        return [folder for folder in store.folders() if folder not in kept]

    def _erase_caches(self, *, is_mail_useless: bool) -> None:
        """The index is made anew from what is left; caches that were set aside serve nobody."""
        useless = [SearchPaths.beside(self._places.mail_db).search_db]
        if is_mail_useless:  # of another version: it would be set aside and filled again
            useless.append(self._places.mail_db)
        for path in useless:
            for suffix in ("", "-wal", "-shm"):
                _erase_file(path.with_name(path.name + suffix))
        for path in self._places.data_dir.glob("mail.db.*"):
            _erase_file(path)

    def _erase_spool(self, who: Forgotten) -> None:
        """Phone events that nobody has taken in yet."""
        mentions = Mentions(who)
        for path in self._places.spool_dir.glob("*.json"):
            if mentions.are_in(_text(path)):
                _erase_file(path)

    def _blot_log(self, who: Forgotten) -> None:
        """In place and of the same length: the running app may be writing at the end."""
        mentions = Mentions(who)
        for path in self._places.log_dir.glob("supportdesk.log*"):
            with _file_errors(path), path.open("r+b") as file:
                content = file.read()
                for start, end in _records(content):
                    record = content[start:end]
                    if mentions.names_are_in(record.decode(errors="replace")):
                        file.seek(start)
                        file.write(_blotted(record))

    def _still_named(self, who: Forgotten) -> list[str]:
        """Files of this home that are not ours to change: settings, exports of the founder."""
        mentions = Mentions(who)
        places = self._places
        folders = {places.config_dir, places.data_dir, places.log_dir, places.saved_replies_dir}
        files = {path for folder in folders for path in folder.glob("*") if path.is_file()}
        plain = [path for path in sorted(files) if not _DATABASES.search(path.name)]
        return [path.name for path in plain if mentions.are_in(_text(path))]


# --- inside --------------------------------------------------------------------------------------


def _traces(found: MailTraces, files: int, of_desk: DeskTraces) -> Traces:
    return Traces(
        mails=len(found.messages),
        mentions=len(found.naming)
        + len(of_desk.blotted)
        + len(of_desk.blotted_mail)
        + len(of_desk.drafts.others)
        + len(of_desk.ritual.blotted),
        files=files,
        calls=len(of_desk.calls),
        notes=len(of_desk.notes) + len(of_desk.mail_notes),
        drafts=len(of_desk.drafts.drafts),
        quotes=of_desk.ritual.count("quote"),
        lessons=of_desk.ritual.count("lesson"),
        promises=of_desk.ritual.count("promise"),
        lifts=of_desk.ritual.count("lift"),
        alerts=len(of_desk.rows.get("alert", ())),
        spans=len(of_desk.spans),
        seconds=of_desk.seconds,
        is_person=bool(of_desk.people),
    )


def _people(desk: sqlite3.Connection) -> list[Person]:
    ways: dict[str, dict[str, list[str]]] = {}
    select = "SELECT kind, value, person FROM person_address"
    for kind, value, owner in desk.execute(select):
        ways.setdefault(owner, {"email": [], "number": []})[kind].append(value)
    return [
        Person(key=key, name=name, emails=tuple(known["email"]), numbers=tuple(known["number"]))
        for key, name in desk.execute("SELECT key, name FROM person")
        if (known := ways.get(key))
    ]


def _written_anew(connection: sqlite3.Connection, path: Path) -> str:
    """So that nothing is left of what earlier writes did not overwrite; else why that is not so."""
    try:
        connection.execute("VACUUM")
        (is_busy, *_), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        why = "it is in use" if is_busy else ""
    except sqlite3.Error as error:
        why = str(error)
    return f"{path.name} could not be written anew ({why})" if why else ""


def _advice_on_remnants(who: Forgotten) -> str:
    name = next(iter((*who.emails, *who.numbers)))
    return (
        "They are deleted, but remnants may lie in unused places of that file. Make room on its "
        f"disk, or close what else reads it, then run: supportdesk forget {name} --yes"
    )


def _erase_folder(folder: Path) -> None:
    for file in folder.glob("*"):
        _erase_file(file)
    with _file_errors(folder), contextlib.suppress(FileNotFoundError):
        folder.rmdir()


def _erase_file(path: Path) -> None:
    """Take its name away, then overwrite it: who has it open reads no nonsense under its name."""
    with _file_errors(path):
        try:
            path.chmod(0o600)
            file = path.open("r+b")
        except FileNotFoundError:
            return
        with file:
            size = path.stat().st_size
            path.unlink()
            while size > 0:
                size -= file.write(bytes(min(size, 1 << 20)))
            file.flush()
            os.fsync(file.fileno())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_TEXT:
            return ""
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path.name} cannot be erased: {error.strerror or error}",
            f"Look at {path}, then forget them again: what is done stays done.",
        ) from error


def _records(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each record of a log begins and ends: a message may have lines. A new log is empty."""
    starts = [found.start() for found in _RECORD.finditer(content)]
    yield from itertools.pairwise((*starts, len(content)))


def _blotted(record: bytes) -> bytes:
    """What it says, without when and who said so."""
    head = _SAYS.match(record)
    begin = head.end() if head else 0
    return record[:begin] + re.sub(rb"[^\n]", b"*", record[begin:])
