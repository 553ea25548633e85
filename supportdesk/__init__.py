"""supportdesk: a tray app that lets founders hear their customers by phone and by mail."""

__version__ = "0.1.0"
