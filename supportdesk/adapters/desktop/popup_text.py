"""What a pop-up says: short, on one line each, and free of tricks."""

from collections.abc import Set

from supportdesk.domain.alerts import Alert
from supportdesk.domain.text import clean_line, clip_utf16

# Windows raises above 64 and 256 UTF-16 units.
_TITLE_LIMIT = 60
_BODY_LIMIT = 160


def popup_title(alert: Alert) -> str:
    return clip_utf16(clean_line(alert.title), _TITLE_LIMIT)


def popup_body(alert: Alert) -> str:
    return clip_utf16(clean_line(alert.body), _BODY_LIMIT)


def marked_up_body(alert: Alert, capabilities: Set[str]) -> str:
    """Escaped only where the desktop reads markup: others would show the escapes."""
    body = popup_body(alert)
    return escaped(body) if "body-markup" in capabilities else body


def escaped(text: str) -> str:
    """As `html.escape` does it, without that module's table of 2,200 characters (0.3 MB)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
