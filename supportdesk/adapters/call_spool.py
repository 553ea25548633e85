"""Call hook events that came while the app was not running, kept until it takes them in.

Each event is a file of its own that appears whole or not at all. It is removed only after it was
taken in, so none is lost. If the program is killed in between, the event comes again, with the
same `spool_id`, by which it can be known.
"""

import json
import logging
from collections.abc import Iterator, Mapping

from supportdesk.adapters.atomic_file import write_atomically
from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.places import Places
from supportdesk.domain.errors import StoreError

_log = logging.getLogger(__name__)

Fields = Mapping[str, object]


class CallSpool:
    """A folder of waiting events. Many may append at once; one drains: the first instance."""

    def __init__(self, places: Places) -> None:
        self._folder = places.spool_dir

    def append(self, event: Fields) -> str:
        """Keep an event; returns its `spool_id`. Raises StoreError."""
        import uuid  # as in domain/reading

        moment = SystemClock().now().strftime("%Y%m%dT%H%M%S.%f")
        spool_id = f"{moment}-{uuid.uuid4().hex}"
        line = json.dumps({**event, "spool_id": spool_id})
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._folder / f"{spool_id}.json", line.encode())
        except OSError as error:
            raise StoreError(
                f"The call could not be noted in {self._folder}: {error.strerror}",
                "Look at the rights of that folder and the room on its disk, or start supportdesk.",
            ) from error
        return spool_id

    def drain(self) -> Iterator[Fields]:
        """Hand every event over, oldest first.

        An event is forgotten when the next one is asked for: by then it was taken in.
        """
        for path in sorted(self._folder.glob("[!.]*.json")):
            try:
                content = path.read_bytes()
            except OSError as error:
                _log.warning("The spooled call %s cannot be read: %s", path.name, error)
                continue
            fields = _event_in(content)
            if fields is None:
                _log.warning("The spooled call %s is none: %r", path.name, content[:200])
            else:
                yield fields
            path.unlink(missing_ok=True)


def _event_in(content: bytes) -> Fields | None:
    try:
        fields = json.loads(content)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None
