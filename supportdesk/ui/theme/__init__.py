"""The look: tokens, type, icons, palette. Widgets ask the Theme they were given."""

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Colour, Ink, TypeRole

__all__ = ["Colour", "Ink", "Theme", "TypeRole"]
