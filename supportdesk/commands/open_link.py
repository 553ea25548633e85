"""`supportdesk open LINK`: what the desktop starts for a `supportdesk:` link.

The app that runs opens it; when none runs, this process becomes the app. Without a link the window
comes to the front, so that one line of the desktop file serves the menu and the links.
"""

import sys

from supportdesk.commands.app import run_app
from supportdesk.commands.requests import NO_LINK
from supportdesk.domain.app_links import parse_link


def run_open(link: str) -> int:
    """Open it, and print what has become of it; 1 with a sentence for what is no link of ours."""
    if link and parse_link(link) is None:
        print(f"supportdesk: {NO_LINK.title}. {NO_LINK.advice}", file=sys.stderr)
        return 1
    return run_app(link=link)
