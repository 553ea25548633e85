"""A mailbox on each of the four kinds of mail server, for every test that asks for `office`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.mail_servers import Office
from tests.lab.pymap import PymapLab
from tests.lab.wire import RecordingProxy

_SERVERS = [
    pytest.param("dovecot_lab", marks=pytest.mark.dovecot, id="dovecot"),
    pytest.param("cyrus_lab", marks=pytest.mark.cyrus, id="cyrus"),
    pytest.param("courier_lab", marks=pytest.mark.courier, id="courier"),
    pytest.param("pymap_lab", id="pymap"),
]


@pytest.fixture
def pymap_lab() -> Iterator[PymapLab]:
    with PymapLab() as lab:
        yield lab


@pytest.fixture(params=_SERVERS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    lab = request.getfixturevalue(request.param)
    with RecordingProxy(lab.imap_port) as proxy:
        yield Office(lab, proxy, tmp_path)
