"""Labs: real servers, real phones and a real desktop on loopback, for the tests that need them.

Each lab is a context manager (`DovecotLab`, `AsteriskLab`, `DesktopLab`) that keeps everything in a
temporary folder, takes free ports, and ends only the processes it started. Each is also a command:
`python -m tests.lab.mail start`, `... stop`.
"""
