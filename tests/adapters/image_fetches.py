"""Remote images asked for, and what came of each."""

import threading

from supportdesk.adapters.mail.remote_images import FetchLimits, RemoteImages

PATIENCE = 30.0

LOOPBACK = FetchLimits(
    may_connect=lambda address: address == "127.0.0.1", any_port=True, proxy_for=lambda _: None
)


class Got:
    """What came of each image."""

    def __init__(self) -> None:
        self.images: dict[int, bytes] = {}
        self.reasons: dict[int, str] = {}
        self._changed = threading.Condition()

    def came(self, place: int, data: bytes | None, why: str) -> None:
        with self._changed:
            if data is not None:
                self.images[place] = data
            else:
                self.reasons[place] = why
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            done = self._changed.wait_for(
                lambda: len(self.images) + len(self.reasons) >= count, timeout=PATIENCE
            )
        assert done, (self.images, self.reasons)


def fetch(*urls: str, limits: FetchLimits = LOOPBACK) -> Got:
    got = Got()
    RemoteImages(limits, got.came).start(urls)
    got.wait_for(sum(bool(url) for url in urls))
    return got
