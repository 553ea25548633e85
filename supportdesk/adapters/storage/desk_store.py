"""desk.db: the founder's own database, which nobody can make again (DESIGN section 3).

Long, for it is one port: each table has two or three short methods here, and its rows in desk_rows.
"""

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from supportdesk.adapters.storage.call_pages import calls_in_pages
from supportdesk.adapters.storage.copied_open import (
    APPLICATION_ID,
    close_whole,
    is_remarked,
    remark,
    take_remark,
    was_copied_open,
)
from supportdesk.adapters.storage.desk_rows import (
    ALERT_COLUMNS,
    CALL_COLUMNS,
    DECISION_COLUMNS,
    GAP_COLUMNS,
    MEMORY_COLUMNS,
    NOTE_COLUMNS,
    POPUP_COLUMNS,
    TOLD_COLUMNS,
    TROUBLE_COLUMNS,
    Row,
    Value,
    alert_of,
    alert_row,
    call_of,
    call_row,
    decision_of,
    decision_row,
    gap_of,
    gap_row,
    instant,
    memory_of,
    memory_row,
    note_of,
    note_row,
    popup_of,
    stored_instant,
    told_of,
    told_row,
    trouble_of,
    trouble_row,
)
from supportdesk.adapters.storage.looking_through import (
    QUICK_CHECK,
    WHOLE_CHECK,
    refuse_damaged,
)
from supportdesk.adapters.storage.migrating import (
    empty_copies,
    migrate,
    migrations_in,
    refuse_newer,
    roll_back,
)
from supportdesk.adapters.storage.span_table import SpanTable
from supportdesk.adapters.storage.sqlite_errors import translated_errors
from supportdesk.domain.alerts import Alert, Decision, PopupRecord
from supportdesk.domain.calls import Call
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import PastTrouble, SourceName
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.reading import Span
from supportdesk.services.call_records import Gap
from supportdesk.services.ports import Baseline, PhoneMemory

if TYPE_CHECKING:
    from supportdesk.services.log_union import JoinedSpans

_log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"

_BUSY_SECONDS = 2.0
_NO_TEXT = "Could not decode to UTF-8"


class SqliteDeskStore:
    """DeskStore port on SQLite in WAL. The thread that makes it owns it. Raises StoreError.

    A commit survives the end of the process at any moment; a power cut may take the last ones
    (synchronous=NORMAL), never the file.
    """

    def __init__(
        self, path: Path, *, migrations: Path = MIGRATIONS, is_looked_through: bool = False
    ) -> None:
        """Open it, or make it.

        Args:
            path: Where it lies.
            migrations: The steps to the newest schema.
            is_looked_through: First look whether all of it can be read, which takes a while: a
                damage that is met later is met in mid-work.
        """
        self._path = path
        self._spans = SpanTable(self._run)
        with translated_errors(path):
            is_copied_open = _was_copied_open(path)
            if is_looked_through:
                refuse_damaged(path)
            _make_private(path)
            self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            try:
                self._open(migrations)
                if is_copied_open:
                    remark(self._connection)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        close_whole(self._connection)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def connection(self) -> sqlite3.Connection:
        """For tables with a store of their own (`AnswerTable`), which write outside of turns."""
        return self._connection

    @property
    def is_copied_open(self) -> bool:
        """This file was copied while it was open, and may lack what was written last."""
        with translated_errors(self._path):
            return is_remarked(self._connection)

    def copied_open_was_said(self) -> None:
        with translated_errors(self._path):
            take_remark(self._connection)

    def quick_check(self) -> str:
        """`ok`, or the first thing that SQLite finds wrong; indexes are not compared."""
        return self._check(QUICK_CHECK)

    def integrity_check(self) -> str:
        """`ok`, or the first things that SQLite finds wrong, a line each. Takes a while."""
        return self._check(WHOLE_CHECK)

    def begin(self) -> None:
        """All that is written until `commit` is kept as one, or not at all; reads see it."""
        self._run("BEGIN IMMEDIATE")
        self._spans.begun()

    def commit(self) -> None:
        self._run("COMMIT")

    def roll_back(self) -> None:
        """As if nothing had been written since `begin`."""
        with translated_errors(self._path):
            roll_back(self._connection)
        self._spans.rolled_back()

    def tell(self, keys: Iterable[str], at: datetime) -> list[str]:
        moment = stored_instant(at)
        new: list[str] = []
        insert = "INSERT OR IGNORE INTO told (key, at) VALUES (?, ?)"
        with translated_errors(self._path), self._whole():
            for key in keys:
                if self._connection.execute(insert, (key, moment)).rowcount:
                    new.append(key)
        return new

    def told(self, keys: Iterable[str]) -> set[str]:
        """Those that are in the ledger; nothing is written."""
        select = "SELECT 1 FROM told WHERE key = ?"
        return {key for key in keys if self._run(select, (key,))}

    def baseline(self, account: SourceName, mailbox: str) -> Baseline | None:
        known = self.baselines(account)
        return next((one for one in known if one.mailbox == mailbox), None)

    def baselines(self, account: SourceName) -> list[Baseline]:
        rows = self._run(
            "SELECT mailbox, uidvalidity, uidnext, at, user, host FROM baseline"
            " WHERE account = ? ORDER BY mailbox",
            (account,),
        )
        return [
            Baseline(
                account=account,
                mailbox=str(mailbox),
                uidvalidity=int(uidvalidity or 0),
                uidnext=int(uidnext or 0),
                at=instant(at),
                user=str(user),
                host=str(host),
            )
            for mailbox, uidvalidity, uidnext, at, user, host in rows
        ]

    def save_baseline(self, baseline: Baseline) -> None:
        self._run(
            "INSERT OR REPLACE INTO baseline"
            " (account, mailbox, uidvalidity, uidnext, at, user, host)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                baseline.account,
                baseline.mailbox,
                baseline.uidvalidity,
                baseline.uidnext,
                stored_instant(baseline.at),
                baseline.user,
                baseline.host,
            ),
        )

    def save_alert(self, alert: Alert) -> None:
        self._replace("alert", ALERT_COLUMNS, alert_row(alert))

    def remove_alert(self, key: str) -> None:
        self._run("DELETE FROM alert WHERE key = ?", (key,))

    def open_alerts(self) -> list[Alert]:
        rows = self._run(_select("alert", ALERT_COLUMNS, "ORDER BY at, key"))
        return [alert_of(row) for row in rows]

    def save_untold(self, keys: Iterable[str]) -> None:
        with self._whole():
            for key in keys:
                self._run("INSERT OR IGNORE INTO untold VALUES (?)", (key,))

    def clear_untold(self, keys: Iterable[str]) -> None:
        with self._whole():
            for key in keys:
                self._run("DELETE FROM untold WHERE key = ?", (key,))

    def untold(self) -> set[str]:
        return {str(key) for (key,) in self._run("SELECT key FROM untold")}

    def save_told(self, alert: Alert, at: datetime) -> None:
        self._replace("told_alert", TOLD_COLUMNS, told_row(alert, at))

    def told_alert(self, key: str) -> Alert | None:
        rows = self._run(_select("told_alert", TOLD_COLUMNS, "WHERE key = ?"), (key,))
        return told_of(rows[0]) if rows else None

    def save_decision(self, decision: Decision) -> None:
        self._run(_insert("decision", DECISION_COLUMNS), decision_row(decision))

    def decisions(self, about: str, limit: int) -> list[Decision]:
        newest = "ORDER BY id DESC LIMIT ?"
        if about:
            which = f"WHERE key = ? OR alert_key = ? {newest}"
            rows = self._run(_select("decision", DECISION_COLUMNS, which), (about, about, limit))
        else:
            rows = self._run(_select("decision", DECISION_COLUMNS, newest), (limit,))
        return [decision_of(row) for row in rows]

    def prune_alert_memory(self, before: datetime, keep: int) -> None:
        at = stored_instant(before)
        with self._whole():
            self._run("DELETE FROM told_alert WHERE at < ?", (at,))
            self._run(
                "DELETE FROM told_alert WHERE key IN"
                " (SELECT key FROM told_alert ORDER BY at DESC, key LIMIT -1 OFFSET ?)",
                (keep,),
            )
            self._run("DELETE FROM decision WHERE at < ?", (at,))
            self._run(
                "DELETE FROM decision WHERE id <="
                " (SELECT id FROM decision ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (keep,),
            )

    def save_popup(self, popup: PopupRecord) -> None:
        row = (popup.alert_key, popup.owner, popup.number)
        self._replace("popup", POPUP_COLUMNS, row)

    def remove_popup(self, alert_key: str) -> None:
        self._run("DELETE FROM popup WHERE alert_key = ?", (alert_key,))

    def popups(self) -> list[PopupRecord]:
        return [popup_of(row) for row in self._run(_select("popup", POPUP_COLUMNS, "ORDER BY 1"))]

    def save_trouble(self, source: SourceName, trouble: PastTrouble) -> None:
        self._replace("trouble", TROUBLE_COLUMNS, trouble_row(source, trouble))

    def troubles(self) -> dict[SourceName, PastTrouble]:
        rows = self._run(_select("trouble", TROUBLE_COLUMNS, "ORDER BY 1"))
        return dict(trouble_of(row) for row in rows)

    def save_call(self, call: Call) -> None:
        self._replace("call", CALL_COLUMNS, call_row(call))

    def save_calls(self, calls: Sequence[Call]) -> None:
        with translated_errors(self._path):
            self._connection.executemany(
                _insert("call", CALL_COLUMNS, "OR REPLACE"), [call_row(call) for call in calls]
            )

    def calls_since(self, at: datetime) -> list[Call]:
        rows = self._run(
            _select("call", CALL_COLUMNS, "WHERE started_at >= ? ORDER BY started_at, call_id"),
            (stored_instant(at),),
        )
        return [call_of(row) for row in rows]

    def older_calls(self, than: Call | None, limit: int) -> list[Call]:
        order = "ORDER BY started_at DESC, call_id DESC, phone DESC LIMIT ?"
        if than is None:
            rows = self._run(_select("call", CALL_COLUMNS, order), (limit,))
        else:
            # The first term is for the index; the second tells calls of one instant apart.
            which = "WHERE started_at <= ? AND (started_at, call_id, phone) < (?, ?, ?) " + order
            at = stored_instant(than.started_at)
            rows = self._run(
                _select("call", CALL_COLUMNS, which), (at, at, than.call_id, than.phone, limit)
            )
        return [call_of(row) for row in rows]

    def calls_between(self, since: datetime | None, until: datetime | None) -> Iterator[Call]:
        """Those that began in [since, until), oldest first, a few at a time; None is no bound."""
        return calls_in_pages(self._run, since, until)

    def mark_read(self, key: str, at: datetime) -> None:
        """The first time counts."""
        self._run("INSERT OR IGNORE INTO read_here VALUES (?, ?)", (key, stored_instant(at)))

    def read_keys(self) -> set[str]:
        return {str(key) for (key,) in self._run("SELECT key FROM read_here")}

    def set_needs_no_reply(self, key: str, at: datetime) -> None:
        self._run("INSERT OR IGNORE INTO needs_no_reply VALUES (?, ?)", (key, stored_instant(at)))

    def clear_needs_no_reply(self, key: str) -> None:
        self._run("DELETE FROM needs_no_reply WHERE key = ?", (key,))

    def needs_no_reply_keys(self) -> set[str]:
        return {str(key) for (key,) in self._run("SELECT key FROM needs_no_reply")}

    def file_by_hand(self, key: str, conversation: str, at: datetime) -> None:
        values = (key, conversation, stored_instant(at))
        self._run("INSERT OR REPLACE INTO filed_by_hand VALUES (?, ?, ?)", values)

    def clear_filed_by_hand(self, key: str) -> None:
        self._run("DELETE FROM filed_by_hand WHERE key = ?", (key,))

    def filed_by_hand(self) -> dict[str, str]:
        rows = self._run("SELECT key, conversation FROM filed_by_hand")
        return {str(key): str(conversation) for key, conversation in rows}

    def judge_sender(self, email: str, at: datetime, *, is_robot: bool) -> None:
        values = (email, int(is_robot), stored_instant(at))
        self._run("INSERT OR REPLACE INTO judged_senders VALUES (?, ?, ?)", values)

    def clear_judged_sender(self, email: str) -> None:
        self._run("DELETE FROM judged_senders WHERE email = ?", (email,))

    def judged_senders(self) -> dict[str, bool]:
        rows = self._run("SELECT email, is_robot FROM judged_senders")
        return {str(email): bool(is_robot) for email, is_robot in rows}

    def last_heard_at(self) -> datetime | None:
        for (at,) in self._run("SELECT at FROM last_heard"):
            return instant(at)
        return None

    def save_last_heard(self, at: datetime) -> None:
        self._run("INSERT OR REPLACE INTO last_heard VALUES (1, ?)", (stored_instant(at),))

    def pause(self) -> tuple[datetime, datetime] | None:
        for since, until in self._run("SELECT since, until FROM pause"):
            return instant(since), instant(until)
        return None

    def save_pause(self, pause: tuple[datetime, datetime] | None) -> None:
        if pause is None:
            self._run("DELETE FROM pause")
        else:
            moments = tuple(stored_instant(moment) for moment in pause)
            self._run("INSERT OR REPLACE INTO pause VALUES (1, ?, ?)", moments)

    def phone_memory(self, phone: SourceName) -> PhoneMemory | None:
        rows = self._run(_select("phone_memory", MEMORY_COLUMNS, "WHERE phone = ?"), (phone,))
        return memory_of(rows[0]) if rows else None

    def save_phone_memory(self, memory: PhoneMemory) -> None:
        self._replace("phone_memory", MEMORY_COLUMNS, memory_row(memory))

    def save_gap(self, gap: Gap) -> None:
        self._replace("gap", GAP_COLUMNS, gap_row(gap))

    def newest_gaps(self, limit: int) -> list[Gap]:
        rows = self._run(
            _select("gap", GAP_COLUMNS, "ORDER BY until DESC, phone DESC LIMIT ?"), (limit,)
        )
        return [gap_of(row) for row in reversed(rows)]

    def people(self) -> list[Person]:
        values: dict[tuple[str, str], list[str]] = {}
        for kind, value, owner in self._run("SELECT kind, value, person FROM person_address"):
            values.setdefault((str(kind), str(owner)), []).append(str(value))
        return [
            Person(
                key=str(key),
                name=str(name),
                emails=tuple(values.get(("email", str(key)), ())),
                numbers=tuple(values.get(("number", str(key)), ())),
            )
            for key, name in self._run("SELECT key, name FROM person ORDER BY key")
        ]

    def save_person(self, person: Person) -> None:
        addresses = [("email", one, person.key) for one in person.emails]
        addresses += [("number", one, person.key) for one in person.numbers]
        with self._whole():
            self.remove_person(person.key)
            self._replace("person", "key, name", (person.key, person.name))
            for address in addresses:
                self._replace("person_address", "kind, value, person", address)

    def remove_person(self, key: str) -> None:
        with self._whole():
            self._run("DELETE FROM person_address WHERE person = ?", (key,))
            self._run("DELETE FROM person WHERE key = ?", (key,))

    def call_notes(self) -> list[CallNote]:
        rows = self._run(_select("call_note", NOTE_COLUMNS, "ORDER BY at, key"))
        return [note_of(row) for row in rows]

    def save_call_note(self, note: CallNote) -> None:
        self._replace("call_note", NOTE_COLUMNS, note_row(note))

    def remove_call_note(self, key: str) -> None:
        self._run("DELETE FROM call_note WHERE key = ?", (key,))

    def append_span(self, span: Span) -> None:
        """Insert, or let a span grow that began in this run and has not been corrected.

        Any other span that is there already has ended: told again (the same talk by a second
        machine, say) it stays as it is. To shrink or to move a span is a bug: ValueError.
        """
        self._spans.append(span)

    def spans_between(self, start: datetime, end: datetime) -> list[Span]:
        return self._spans.between(start, end)

    def append_act(self, spans: Sequence[Span]) -> None:
        with self._whole():
            for span in spans:
                self._spans.append(span)

    def spans_of_act(self, act: str) -> list[Span]:
        return self._spans.of_act(act)

    def newest_acts(self, before: str, limit: int) -> list[Span]:
        return self._spans.newest_acts(before, limit)

    def newest_talks(self, before: datetime | None) -> list[Span]:
        return self._spans.newest_talks(before)

    def all_spans(self) -> Iterator[Span]:
        return self._spans.everything()

    def all_span_rows(self) -> Iterator[tuple[Span | None, str]]:
        """Every row of the log: its span, or None and what is wrong with the row."""
        return self._spans.every_row()

    def unreadable_spans(self) -> list[str]:
        """Rows of the log that are left out, and why, in words."""
        return self._spans.unreadable()

    def join_spans(self, spans: Sequence[Span]) -> "JoinedSpans":
        with self._whole():
            return self._spans.join(spans)

    def delete_all_spans(self) -> int:
        """Nothing of them stays: not in the file, its journal, or the copies of migrations."""
        with translated_errors(self._path):
            self._connection.execute("PRAGMA secure_delete = ON")
            with self._whole():
                count = self._spans.delete_all()
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        empty_copies(self._path)
        return count

    def _open(self, migrations: Path) -> None:
        connection = self._connection
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and application_id != APPLICATION_ID:
            raise StoreError(
                f"{self._path.name} is a database of another program",
                f"Move {self._path} away, or set SUPPORTDESK_HOME to another folder.",
            )
        steps = migrations_in(migrations)
        refuse_newer(connection, self._path, steps)
        # Only now: it is written into the file, and a file that is not ours stays as it is.
        if not tables:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrate(connection, self._path, steps)
        # After that: what the file is, is said in the file itself and not in its -wal alone.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # Having read once it holds the journal, and nobody else can take the file out of WAL mode.
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    def _check(self, pragma: str) -> str:
        try:
            return "\n".join(str(line) for (line,) in self._run(pragma))
        except StoreError as error:
            return error.title

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """A transaction, unless one is running already."""
        if self._connection.in_transaction:
            yield
            return
        self.begin()
        try:
            yield
        except BaseException:
            self.roll_back()
            raise
        self.commit()

    def _replace(self, table: str, columns: str, row: Row) -> None:
        self._run(_insert(table, columns, "OR REPLACE"), row)

    def _run(self, sql: str, values: Row | dict[str, Value] = ()) -> list[Row]:
        with translated_errors(self._path):
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if self._connection.text_factory is not str or _NO_TEXT not in str(error):
                    raise
            # Another program wrote it. One letter must not take all that lies around it along.
            _log.warning("There is text in %s that is not UTF-8", self._path.name)
            self._connection.text_factory = _lenient
            return self._connection.execute(sql, values).fetchall()


def _lenient(text: bytes) -> str:
    return text.decode(errors="replace")


def _insert(table: str, columns: str, or_what: str = "") -> str:
    marks = ", ".join("?" * len(columns.split(",")))
    return f"INSERT {or_what} INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of ours


def _select(table: str, columns: str, which: str) -> str:
    return f"SELECT {columns} FROM {table} {which}"  # noqa: S608 - names of ours


def _was_copied_open(path: Path) -> bool:
    try:
        return was_copied_open(path)
    except OSError:
        return False  # SQLite says what is wrong with it


def _make_private(path: Path) -> None:
    """Make the file before SQLite does, for this user alone; -wal and -shm take its mode.

    One that is there is not touched: closing it would drop the POSIX locks that another
    connection of this process holds on it.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
    except (FileExistsError, PermissionError):
        return  # SQLite says what is wrong, if anything is
    except OSError as error:
        raise StoreError(
            f"{path.name} cannot be opened: {error.strerror}",
            f"It belongs at {path}; look at that folder.",
        ) from error
