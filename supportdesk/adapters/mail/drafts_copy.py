"""A copy of what is being written in the Drafts mailbox, for founders who want to go on elsewhere.

It carries a header of ours, by which it is found again and by which alone it may be marked as
deleted; another Message-ID than the answer's, so that it is never taken for proof that this went
out; and no attachments. Never expunged: that is for whoever owns the mailbox.
"""

from dataclasses import replace
from datetime import datetime

from supportdesk.adapters.mail.mail_writer import write_mail
from supportdesk.adapters.mail.mailbox_names import drafts_among, list_command
from supportdesk.adapters.mail.outgoing_files import OutgoingFiles
from supportdesk.adapters.mail.writing_link import OWN_HEADER, WritingLink
from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.errors import SettingsError, StoreError
from supportdesk.domain.mail import MessageAddress, MessageId
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import ListedMailbox, Response


def copy_of(draft: Draft, files: OutgoingFiles, at: datetime) -> bytes:
    """The draft as a message. Raises what `write_mail` raises."""
    target = files.draft_copy(draft.draft_id)
    files.make_folder()
    domain = draft.message_id.rpartition("@")[2].rstrip(">")
    named = replace(
        draft, files=(), message_id=MessageId(f"<draft-{draft.draft_id}@{domain or 'localhost'}>")
    )
    try:
        write_mail(named, at=at, files=files.attached, target=target)
        content = target.read_bytes()
    except OSError as error:
        raise StoreError(
            f"The copy for Drafts cannot be made ({error.strerror or error})",
            "What you have written is kept here.",
        ) from error
    finally:
        target.unlink(missing_ok=True)
    return f"{OWN_HEADER}: draft {draft.draft_id}\r\n".encode() + content


class DraftCopies:
    """The Drafts mailbox of one connection."""

    def __init__(self, link: WritingLink, settings: MailSettings) -> None:
        self._link = link
        self._settings = settings

    def put(self, draft_id: DraftId, content: bytes) -> MessageAddress | None:
        """The new one first: whatever happens between the two, one is there."""
        mailbox = self._mailbox()
        self._link.open(self._settings.mailbox)  # see SentCopies.append
        ended, place = self._link.append(mailbox, content, ("\\Draft", "\\Seen"))
        if not ended.is_ok:
            raise SettingsError(
                f"{self._settings.host} does not take a copy of your draft ({ended.text[:120]})",
                "It is kept here all the same. Copies are switched off in Settings.",
                key="copy_drafts",
            )
        self._discard(mailbox, draft_id, keeps=place)
        return place

    def remove(self, draft_id: DraftId) -> None:
        self._discard(self._mailbox(), draft_id, keeps=None)

    def _discard(self, mailbox: str, draft_id: DraftId, keeps: MessageAddress | None) -> None:
        self._link.open(mailbox)
        found = self._link.uids_with(OWN_HEADER, f"draft {draft_id}")
        if keeps is None or keeps.uid not in found:
            old = found
        else:
            old = [uid for uid in found if uid < keeps.uid]
        old = [uid for uid in old if "\\deleted" not in (self._link.flags(uid) or ())]
        if not old:
            return
        with self._link.opened_for_flags(mailbox):
            for uid in old:
                self._link.discard_own(uid)

    def _mailbox(self) -> str:
        listed: list[ListedMailbox] = []

        def hear(response: Response) -> None:
            if isinstance(response, ListedMailbox):
                listed.append(response)

        self._link.run(list_command(self._link.capabilities), hear)
        name = drafts_among(listed)
        if not name:
            raise SettingsError(
                f"{self._settings.host} has no mailbox for drafts",
                "Make one in your mail program, or switch copies of drafts off in Settings.",
                key="copy_drafts",
            )
        return name
