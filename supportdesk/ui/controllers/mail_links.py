"""`mailto:` and `mid:` links for answering in the founder's own mail program."""

from urllib.parse import quote

from supportdesk.domain.mail import MessageSummary

_LONGEST_QUOTE = 1_200
"""Some handlers cut links at 2,000 characters."""


def reply_link(message: MessageSummary, text: str) -> str:
    """A new message to the customer with subject, In-Reply-To and a bounded quote (RFC 6068)."""
    subject = message.subject
    if not subject.casefold().startswith("re:"):
        subject = f"Re: {subject}"
    clipped = text.strip()[:_LONGEST_QUOTE]
    body = "\r\n".join(["", "", *(f"> {line}" for line in clipped.splitlines())])
    fields = {"subject": subject, "in-reply-to": message.message_id, "body": body}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
    return f"mailto:{quote(message.sender.email, safe='@')}?{query}"


def message_link(message: MessageSummary) -> str:
    """A link to this very message in a mail program that knows it (RFC 2392)."""
    return f"mid:{quote(message.message_id.strip('<>'), safe='@')}"
