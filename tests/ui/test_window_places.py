"""The window's place and size, for each arrangement of screens."""

from supportdesk.ui.window_places import WindowPlaces, arrangement_of_screens


class Desk:
    """A computer whose screens come and go, and the file in which places are kept."""

    def __init__(self, file: bytes = b"") -> None:
        self.screens = "laptop"
        self.file = file

    def places(self) -> WindowPlaces:
        return WindowPlaces(lambda: self.file, self._write, lambda: self.screens)

    def _write(self, text: bytes) -> None:
        self.file = text


def test_each_arrangement_has_a_place_of_its_own_over_a_restart() -> None:
    desk = Desk()
    places = desk.places()
    assert places.geometry() == b""
    places.keep(b"\x01small")
    desk.screens = "laptop; desk"
    assert places.is_other_arrangement()
    places.keep(b"\x02large")
    assert not places.is_other_arrangement()
    again = desk.places()
    assert again.geometry() == b"\x02large"
    desk.screens = "laptop"
    assert again.is_other_arrangement()
    assert again.geometry() == b"\x01small"


def test_on_screens_never_seen_it_stands_as_it_did_last() -> None:
    desk = Desk()
    places = desk.places()
    for screens, geometry in (("a", b"1"), ("b", b"2"), ("a", b"3")):
        desk.screens = screens
        places.keep(geometry)
    desk.screens = "c"
    assert desk.places().geometry() == b"3"


def test_a_file_of_an_earlier_version_is_one_place_and_a_spoilt_one_does_no_harm() -> None:
    for file in (b"\x01\xd9\xd0\xcb", b"[1, 2]", b'{"laptop": 3}', b'{"laptop": "\xc3\xa4"}'):
        desk = Desk(file)
        assert desk.places().geometry() == file
        desk.places().keep(b"new")
        assert desk.places().geometry() == b"new"


def test_only_so_many_are_remembered() -> None:
    desk = Desk()
    places = desk.places()
    for number in range(40):
        desk.screens = f"screen {number}"
        places.keep(b"%d" % number)
    assert len(desk.file) < 1_000
    assert desk.places().geometry() == b"39"


def test_the_screens_are_known_by_name_and_size(qapp: object) -> None:
    assert "x" in arrangement_of_screens()
