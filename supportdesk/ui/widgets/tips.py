"""Tooltips with the words of strangers: always text, whatever they look like."""

from __future__ import annotations

from html import escape


def plain_tip(words: str) -> str:
    """Escaped where Qt might take them for rich text, whose pictures it would load from disk."""
    if "<" not in words and "&" not in words:
        return words
    return f"<qt>{escape(words)}</qt>".replace("\n", "<br>")
