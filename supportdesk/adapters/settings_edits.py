"""Changes to the text of settings.toml that keep its comments, its order and its layout.

Only keys whose value changes are touched: what somebody wrote by hand stays as it was written.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import fields
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import Array, InlineTable, Table

from supportdesk.adapters.opening_hours import format_hours, format_quiet_hours
from supportdesk.adapters.settings_reader import MAIL_PORTS, SMTP_PORTS, default_phone_port
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    AnsweringSettings,
    LiftSettings,
    LookSettings,
    MailSettings,
    PhoneSettings,
    ReadingSettings,
    RitualSettings,
    Settings,
    SmtpSettings,
)

Entry = MailSettings | PhoneSettings
Once = (
    ReadingSettings
    | AlertSettings
    | LookSettings
    | AnsweringSettings
    | RitualSettings
    | LiftSettings
)
Values = Mapping[str, object]

_KEYS = {"is_nudge_wanted": "nudge", "rules": "rule"}
"""How the file calls what has another name here."""
_OF_ALL = "lift"
"""What every account has from a table of its own."""
_DAYS = "holidays"
_RULES = "rule"
_DAYS_ON_A_LINE = 4


def edited_text(text: str, before: Settings, after: Settings) -> str:
    """Change a text that says `before` so that it says `after`.

    Of the lists of accounts and phones one entry may be new (the last), gone or different.
    """
    document = tomlkit.parse(text)
    _change_entries(document, "mail", before.mail, after.mail)
    _change_entries(document, "phone", before.phone, after.phone)
    for name in ("reading", "alerts", "look", "answering", "ritual", "lift"):
        _change_table(
            document, name, values_of(getattr(before, name)), values_of(getattr(after, name))
        )
    _change_table(document, "calls", _country(before), _country(after))
    return tomlkit.dumps(document)


def _change_entries(
    document: TOMLDocument, kind: str, before: Sequence[Entry], after: Sequence[Entry]
) -> None:
    entries: Any = document.get(kind)
    if len(after) > len(before):
        _add(document, kind, values_of(after[-1]))
    elif len(after) < len(before):
        del entries[next(i for i, entry in enumerate(before) if entry not in after)]
        if not entries:
            del document[kind]
    else:
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                _change(entries[index], values_of(old), values_of(new))


def _add(document: TOMLDocument, kind: str, values: Values) -> None:
    entries: Any = document.get(kind)
    if isinstance(entries, Array):
        inline = tomlkit.inline_table()
        inline.update(values)
        entries.append(inline)
        return
    table = _new_table(document)
    _change(table, {}, values)
    if entries is None:
        entries = tomlkit.aot()
        document.append(kind, entries)
    entries.append(table)


def _change_table(document: TOMLDocument, name: str, before: Values, after: Values) -> None:
    """Change a table that is there once, as [alerts]; make it when it is missing."""
    if before == after:
        return
    if name not in document:
        document.append(name, _new_table(document))
    _change(document[name], before, after)


def _new_table(document: TOMLDocument) -> Table:
    """A table with an empty line before it."""
    table = tomlkit.table()
    if document.as_string().strip():
        table.trivia.indent = "\n"
    return table


def _country(settings: Settings) -> Values:
    return {"country": settings.country} if settings.country else {}


def values_of(
    entry: Entry | SmtpSettings | Once | AlertRule,
) -> dict[str, object]:
    """What the file says of an entry: the keys that differ from their defaults."""
    own = [field for field in fields(entry) if field.name != _OF_ALL]
    keys = {field.name: _KEYS.get(field.name, field.name) for field in own}
    values = {key: _plain(key, getattr(entry, name)) for name, key in keys.items()}
    defaults = {keys[field.name]: _plain(field.name, field.default) for field in own}
    defaults["port"] = _default_port(entry)
    if isinstance(entry, MailSettings):
        values["smtp"] = None if entry.smtp is None else values_of(entry.smtp)
    return {key: value for key, value in values.items() if value != defaults[key]}


def _default_port(entry: object) -> int | None:
    match entry:
        case MailSettings():
            return MAIL_PORTS[entry.security]
        case SmtpSettings():
            return SMTP_PORTS[entry.security]
        case PhoneSettings():
            return default_phone_port(entry.kind, entry.security)
        case _:
            return None


def _plain(key: str, value: Any) -> object:
    """A value as TOML writes it."""
    if key == "opening_hours":
        return format_hours(value)
    if key == "quiet_hours":
        return format_quiet_hours(value)
    if isinstance(value, tuple):
        return [_plain_one(each) for each in value]
    return _plain_one(value)


def _plain_one(value: Any) -> object:
    match value:
        case AlertRule():
            return values_of(value)
        case Enum():
            return value.value
        case datetime():
            return value
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _change(table: Any, before: Values, after: Values) -> None:
    """Bring a table from one set of values to another, touching the difference only."""
    for key in before.keys() - after.keys():
        table.pop(key, None)
    for key, value in after.items():
        if key in before and before[key] == value:
            continue
        if key == _DAYS and isinstance(value, list):
            _change_days(table, value)
        elif key == _RULES and isinstance(value, list):
            _change_rules(table, before.get(key, []), value)
        elif isinstance(value, dict):
            old = before.get(key)
            if not isinstance(old, dict):
                is_inline = isinstance(table, InlineTable)
                table[key] = tomlkit.inline_table() if is_inline else tomlkit.table()
                old = {}
            _change(table[key], old, value)
        else:
            table[key] = _readable(value)


def _readable(value: object) -> object:
    """A text of several lines stands on several lines."""
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return value


def _change_rules(table: Any, before: Any, wanted: list[Values]) -> None:
    """Rule by rule, so that what somebody wrote beside one of them stays there."""
    entries = table.get(_RULES)
    if entries is None:
        table[_RULES] = tomlkit.aot()
        entries = table[_RULES]
    for index in reversed(range(len(wanted), len(before))):
        del entries[index]
    for index, rule in enumerate(wanted):
        if index < len(before):
            _change(entries[index], before[index], rule)
        else:
            new = tomlkit.inline_table() if isinstance(entries, Array) else tomlkit.table()
            new.update(rule)
            entries.append(new)


def _change_days(table: Any, wanted: list[str]) -> None:
    """Day by day, so that what somebody wrote beside one of them stays there."""
    known = table.get(_DAYS)
    edited = _edited_days(known, wanted) if isinstance(known, Array) else None
    table[_DAYS] = edited if edited is not None else _new_days(wanted)


def _edited_days(known: Array, wanted: list[str]) -> Array | None:
    """None where it is better written anew: as one long line, or in an odd layout."""
    if len(wanted) > _DAYS_ON_A_LINE and "\n" not in known.as_string():
        return None
    days = deepcopy(known)
    for day in wanted:
        there = [_day_of(one) for one in days]
        if day not in there:
            days.insert(next((at for at, one in enumerate(there) if one > day), len(there)), day)
    for place in reversed(range(len(days))):
        if _day_of(days[place]) not in wanted:
            del days[place]
    try:
        (said,) = tomlkit.parse(f"{_DAYS} = {days.as_string()}\n").values()
        is_right = sorted({_day_of(one) for one in said}) == sorted(wanted)
    except (ValueError, LookupError):
        return None
    return days if is_right else None


def _new_days(wanted: list[str]) -> Array:
    days = tomlkit.array()
    days.extend(wanted)
    return days.multiline(multiline=len(wanted) > _DAYS_ON_A_LINE)


def _day_of(item: object) -> str:
    """As it is compared; the file may say it as a text or as a date of TOML."""
    return date.fromisoformat(str(item)).isoformat()
