"""Coming to the front on Windows, against a window system with its rule of the foreground."""

from supportdesk.adapters.desktop.window_front import let_another_come_to_front, take_the_front

_OURS, _THEIRS, _NOBODYS = 11, 22, 0
_THREADS = {_OURS: 1, _THEIRS: 2}


class User32:
    """Windows' own rule: only the input of whoever is in front may change who is."""

    def __init__(self, in_front: int, *, refuses: bool = False) -> None:
        self.in_front = in_front
        self.attached: set[tuple[int, int]] = set()
        self.allowed: list[int] = []
        self._refuses = refuses

    def GetForegroundWindow(self) -> int:
        return self.in_front

    def GetWindowThreadProcessId(self, window: int, _process: None) -> int:
        return _THREADS.get(window, 0)

    def AttachThreadInput(self, ours: int, theirs: int, attach: bool) -> bool:
        if self._refuses or not theirs:
            return False
        (self.attached.add if attach else self.attached.discard)((ours, theirs))
        return True

    def SetForegroundWindow(self, window: int) -> bool:
        is_allowed = self.in_front == _NOBODYS or bool(self.attached)
        if is_allowed:
            self.in_front = window
        return is_allowed

    def AllowSetForegroundWindow(self, process: int) -> bool:
        self.allowed.append(process)
        return True


def test_the_window_takes_the_front_and_lets_go_of_the_other_s_input() -> None:
    windows = User32(_THEIRS)
    assert take_the_front(_OURS, user32=windows)
    assert (windows.in_front, windows.attached) == (_OURS, set())


def test_a_window_in_front_stays_there() -> None:
    windows = User32(_OURS, refuses=True)
    assert take_the_front(_OURS, user32=windows)


def test_with_nothing_in_front_nobody_is_asked() -> None:
    windows = User32(_NOBODYS)
    assert take_the_front(_OURS, user32=windows)
    assert windows.in_front == _OURS


def test_a_refusal_is_told() -> None:
    windows = User32(_THEIRS, refuses=True)
    assert not take_the_front(_OURS, user32=windows)
    assert windows.in_front == _THEIRS


def test_a_second_start_lets_the_first_come() -> None:
    windows = User32(_THEIRS)
    let_another_come_to_front(windows)
    assert windows.allowed == [-1]


def test_elsewhere_nothing_is_to_be_done() -> None:
    let_another_come_to_front()
    assert take_the_front(_OURS)
