"""Delivery reports (RFC 3464) and read receipts (RFC 8098) in words."""

import re

from supportdesk.protocols.mail_headers import clean_text, decode_words, field_of, split_fields

REPORT_TYPES = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
)
_MAX_REPORT = 100_000
_MAX_RECIPIENTS = 50
_GROUPS = re.compile(rb"\r?\n[ \t]*\r?\n")
_ACTIONS = {
    "failed": "Not delivered to {}",
    "delayed": "Not yet delivered to {}; the server goes on trying",
    "delivered": "Delivered to {}",
    "relayed": "Passed on to a server that will not report on {}",
    "expanded": "Delivered to the list {} and passed on from there",
}


def report_text(raw: bytes) -> str:
    """Say what a report says of each recipient; the report itself when it says nothing known."""
    sentences = []
    for group in _GROUPS.split(raw[:_MAX_REPORT].strip())[: _MAX_RECIPIENTS + 1]:
        fields = split_fields(group)
        sentence = _delivery(fields) or _disposition(fields)
        if sentence:
            sentences.append(sentence)
    if sentences:
        return "\n".join(sentences)
    return decode_words(raw[:_MAX_REPORT])


def _delivery(fields: list[tuple[str, bytes]]) -> str:
    recipient = _value(fields, "final-recipient") or _value(fields, "original-recipient")
    action = _value(fields, "action").lower()
    if not (recipient and action in _ACTIONS):
        return ""
    reason = _value(fields, "diagnostic-code") or _value(fields, "status")
    until = _value(fields, "will-retry-until")
    sentence = _ACTIONS[action].format(recipient)
    if until:
        sentence += f" until {until}"
    return f"{sentence}: {reason}" if reason else f"{sentence}."


def _disposition(fields: list[tuple[str, bytes]]) -> str:
    recipient = _value(fields, "final-recipient") or _value(fields, "original-recipient")
    disposition = _value(fields, "disposition", keep_type=True).lower()
    if not (recipient and disposition):
        return ""
    what = disposition.rpartition(";")[2].split("/", 1)[0].strip()
    words = {"displayed": "opened", "deleted": "deleted without being opened"}
    return f"The message to {recipient} was {words.get(what, what)}."


def _value(fields: list[tuple[str, bytes]], name: str, *, keep_type: bool = False) -> str:
    """Return a value without the type before it (`rfc822; ann@example.org`)."""
    text = clean_text(decode_words(field_of(fields, name)), 500)
    kind, semicolon, rest = text.partition(";")
    return rest.strip() if semicolon and not keep_type and " " not in kind.strip() else text
