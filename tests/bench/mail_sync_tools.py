"""python -m tests.bench.mail_sync_tools PORT ADDRESS: imap-tools reads all headers in bulk.

It reads the same facts of each message that we keep, and keeps them in memory only.
"""

import sys
import time

from imap_tools import MailBoxUnencrypted, MailMessage

from tests.lab.mail import PASSWORD
from tests.lab.waiting import LOOPBACK


def main(arguments: list[str]) -> None:
    port, address = arguments
    mailbox = MailBoxUnencrypted(LOOPBACK, int(port)).login(address, PASSWORD, None)
    start = time.monotonic()
    mailbox.folder.set("INBOX", readonly=True)
    found = mailbox.fetch(headers_only=True, mark_seen=False, bulk=500, reverse=True)
    kept = [_facts(one) for one in found]
    sys.stdout.write(f"{time.monotonic() - start} {len(kept)}\n")


def _facts(one: MailMessage) -> tuple[object, ...]:
    names = ("message-id", "references", "in-reply-to", "list-id", "auto-submitted", "precedence")
    headers = [one.obj[name] for name in names]
    people = (one.from_values, one.to_values, one.cc_values, one.reply_to_values)
    return (one.uid, one.subject, people, one.date, one.flags, one.size_rfc822, headers)


if __name__ == "__main__":
    main(sys.argv[1:])
