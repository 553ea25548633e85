"""The server's side of the AMI wire: actions in, events and answers out.

Facts are from captures of Asterisk 22 (AMI 11): CR LF ends a line, an empty line ends a block,
a line may hold 1024 bytes, and names in events are C-escaped.
"""

from dataclasses import dataclass

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
MAX_LINE_BYTES = 1024

Fields = tuple[tuple[str, str], ...]

_C_ESCAPES = str.maketrans(
    {
        "\a": r"\a",
        "\b": r"\b",
        "\f": r"\f",
        "\n": r"\n",
        "\r": r"\r",
        "\t": r"\t",
        "\v": r"\v",
        "\\": r"\\",
        "'": r"\'",
        '"': r"\"",
        "?": r"\?",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiEvent:
    """One event: who may read it, and its fields in wire order."""

    name: str
    privilege: str
    fields: Fields

    @property
    def read_class(self) -> str:
        return self.privilege.partition(",")[0]

    def encode(self) -> bytes:
        return encode_block((("Event", self.name), ("Privilege", self.privilege), *self.fields))

    def get(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiAction:
    """One action as it came; names are found without regard to case, as Asterisk does."""

    fields: Fields

    def get(self, name: str, default: str = "") -> str:
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), default)

    @property
    def name(self) -> str:
        return self.get("Action")

    @property
    def action_id(self) -> str:
        return self.get("ActionID")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadAction:
    """A block that cannot be taken; the message is what Asterisk answers."""

    message: str
    action_id: str


class ActionReader:
    """Cuts a byte stream into actions, however it is split."""

    def __init__(self) -> None:
        self._pending = b""
        self._fields: list[tuple[str, str]] = []
        self._too_long = False
        self._is_dropping = False

    def receive(self, data: bytes) -> list[AmiAction | BadAction]:
        *lines, self._pending = (self._pending + data).split(b"\n")
        if self._is_dropping and lines:
            # The end of a line whose beginning was too long to keep.
            self._is_dropping = False
            del lines[0]
        if len(self._pending) > MAX_LINE_BYTES:
            self._pending, self._too_long, self._is_dropping = b"", True, True
        actions: list[AmiAction | BadAction] = []
        for line in lines:
            if line.rstrip(b"\r"):
                self._take_line(line.rstrip(b"\r"))
            else:
                actions.append(self._end_block())
        return actions

    def _take_line(self, line: bytes) -> None:
        if len(line) > MAX_LINE_BYTES:
            self._too_long = True
            return
        key, _, value = line.decode("utf-8", "replace").partition(":")
        self._fields.append((key.strip(), value.strip()))

    def _end_block(self) -> AmiAction | BadAction:
        action = AmiAction(fields=tuple(self._fields))
        too_long = self._too_long
        self._fields, self._too_long = [], False
        if too_long:
            message = "Failed to parse message: line too long"
            return BadAction(message=message, action_id=action.action_id)
        if not action.name:
            return BadAction(message="Missing action in request", action_id=action.action_id)
        return action


def encode_block(fields: Fields) -> bytes:
    lines = "".join(f"{key}: {value}\r\n" for key, value in fields)
    return f"{lines}\r\n".encode()


def c_escaped(text: str) -> str:
    return text.translate(_C_ESCAPES)
