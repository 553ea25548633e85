"""Bytes and ticks in, events and commands out; never a socket."""
