"""iCalendar (RFC 5545) as lines and components; bounded, and never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_CALENDAR = 1_000_000
_MAX_LINES = 20_000
_MAX_DEPTH = 5

_FOLD = re.compile(rb"\r?\n[ \t]")
_LINE = re.compile(
    r"([A-Za-z0-9-]{1,60})((?:;[A-Za-z0-9-]{1,60}=(?:\"[^\"]*\"|[^\";:,]|,)*)*):(.*)"
)
_PARAMETER = re.compile(r";([A-Za-z0-9-]{1,60})=(?:\"([^\"]*)\"|([^\";:]*))")
_ESCAPE = re.compile(r"\\([\\;,nN\"])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A line such as `DTSTART;TZID=Europe/Prague:20261121T100000`."""

    name: str
    value: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(slots=True, kw_only=True)
class Component:
    """A VCALENDAR, VEVENT, VTIMEZONE and so on."""

    name: str
    properties: list[Property] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def property(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def text(self, name: str) -> str:
        found = self.property(name)
        return found.text.strip() if found else ""

    def all(self, name: str) -> Iterator["Component"]:
        for child in self.children:
            if child.name == name:
                yield child
            else:
                yield from child.all(name)


def unfolded(raw: bytes) -> bytes:
    """Join the lines that were folded: as bytes, since many programs fold inside of a letter."""
    return _FOLD.sub(b"", raw[:MAX_CALENDAR])


def read_calendar(text: str) -> Component:
    """Read an unfolded calendar; the outermost component stands around whatever was found."""
    root = Component(name="")
    open_ones = [root]
    for line in text[:MAX_CALENDAR].splitlines()[:_MAX_LINES]:
        found = _LINE.match(line.strip("\ufeff"))
        if found is None:
            continue
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            child = Component(name=value.strip().upper())
            if len(open_ones) <= _MAX_DEPTH:
                open_ones[-1].children.append(child)
                open_ones.append(child)
        elif name == "END":
            if len(open_ones) > 1 and open_ones[-1].name == value.strip().upper():
                open_ones.pop()
        else:
            known = {
                one[1].upper(): one[2] if one[2] is not None else one[3]
                for one in _PARAMETER.finditer(parameters)
            }
            open_ones[-1].properties.append(Property(name=name, value=value, parameters=known))
    return root
