#!/usr/bin/env python3
"""Sends the lines of its input into a ring that exists: writer.py FILE < lines

Works for both kinds: a one-to-one ring makes it wait when it is full, a broadcast ring never does.
"""

import struct
import sys

import shared_ring as layout
from shared_ring import END, MESSAGE, OPEN, PADDING, Pauses, Ring, RingError, record_bytes


class Writer:
    def __init__(self, path):
        self.ring = ring = Ring(path, writable=True)
        ring.claim("sender", layout.SENDER_LINE)
        # The end of what was committed: the header may be one record behind if a sender died.
        self.position = ring.field(layout.SENDER_POSITION)
        self.sequence, state = ring.word(self.position)
        while state in (MESSAGE, PADDING):
            self.position = self.behind(self.position, state)
            self.sequence, state = ring.word(self.position)
        if state == END:
            raise RingError(f"{path} is closed")
        ring.set_field(layout.SENDER_POSITION, self.position)

    def behind(self, position, state):
        if state == PADDING:
            return position + self.ring.before_end(position)
        return position + record_bytes(self.ring.length(position))

    def send(self, message):
        ring = self.ring
        if len(message) > ring.max_message:
            raise ValueError(f"message is {len(message)} bytes, allowed: {ring.max_message}")
        size = record_bytes(len(message))
        before_end = ring.before_end(self.position)
        pad = size > before_end
        # The record, padding before it if need be, and the open word behind it.
        end = self.position + (before_end if pad else 0) + size + 8
        self.make_room(end - ring.capacity)
        if pad:
            ring.set_word(self.position + before_end, self.sequence, OPEN)
            ring.set_word(self.position, self.sequence, PADDING)
            self.position += before_end
        ring.set_word(self.position + size, self.sequence + 1, OPEN)
        at = ring.offset(self.position)
        struct.pack_into("<ii", ring.bytes, at + layout.LENGTH, len(message), 0)
        ring.bytes[at + layout.PAYLOAD : at + layout.PAYLOAD + len(message)] = message
        ring.set_word(self.position, self.sequence, MESSAGE)  # last: from now on it is there
        ring.set_field(layout.NEWEST_POSITION, self.position)
        self.position += size
        self.sequence += 1
        ring.set_field(layout.SENDER_POSITION, self.position)

    def make_room(self, first):
        """Everything before a position is no longer needed, or is made so."""
        ring = self.ring
        oldest = ring.field(layout.OLDEST_POSITION)
        if ring.kind == layout.BROADCAST:
            while oldest < first:
                oldest = self.behind(oldest, ring.word(oldest)[1])
            ring.set_field(layout.OLDEST_POSITION, oldest)  # before anything is written over
            return
        pauses = Pauses()
        while oldest < first:
            if layout.is_gone(ring.field(layout.RECEIVER_LINE + layout.PID)):
                raise RingError(f"{ring.path} is full and its receiver has died")
            ring.beat()
            pauses.wait()
            oldest = ring.field(layout.OLDEST_POSITION)

    def close(self):
        self.ring.set_word(self.position, self.sequence, END)
        self.ring.leave()


def main():
    writer = Writer(sys.argv[1])
    for line in sys.stdin.buffer:
        writer.send(line.rstrip(b"\n"))
    writer.close()


if __name__ == "__main__":
    main()
