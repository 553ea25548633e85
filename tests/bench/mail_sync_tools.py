"""python -m tests.bench.mail_sync_tools PORT ADDRESS: imap-tools reads all headers in bulk."""

import sys
import time

from imap_tools import MailBoxUnencrypted

from tests.lab.mail import PASSWORD
from tests.lab.waiting import LOOPBACK


def main(arguments: list[str]) -> None:
    port, address = arguments
    mailbox = MailBoxUnencrypted(LOOPBACK, int(port)).login(address, PASSWORD, None)
    start = time.monotonic()
    mailbox.folder.set("INBOX", readonly=True)
    found = mailbox.fetch(headers_only=True, mark_seen=False, bulk=500, reverse=True)
    kept = [(one.uid, one.subject, one.from_, one.date, one.flags) for one in found]
    sys.stdout.write(f"{time.monotonic() - start} {len(kept)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
