#!/usr/bin/env python3
"""Prints the messages of a ring, one a line, until it is closed: reader.py FILE

Works for both kinds. From a broadcast ring it may miss messages, and says how many.
"""

import sys

import shared_ring as layout
from shared_ring import END, MESSAGE, OPEN, PADDING, Pauses, Ring, RingError, record_bytes


class Reader:
    def __init__(self, path):
        kind = Ring(path, writable=False).kind
        self.ring = Ring(path, writable=kind == layout.ONE_TO_ONE)
        if kind == layout.ONE_TO_ONE:
            self.ring.claim("receiver", layout.RECEIVER_LINE)
        self.resume()

    def resume(self):
        """Goes to the oldest message; in a one-to-one ring that is the next one."""
        while True:
            self.position = self.ring.field(layout.OLDEST_POSITION)
            self.sequence, _ = self.ring.word(self.position)
            if self.is_retained():
                return

    def is_retained(self):
        """Whether what was read at the position was not written over meanwhile."""
        return self.ring.field(layout.OLDEST_POSITION) <= self.position

    def poll(self):
        """A message, the number of missed messages, None if there is nothing, or EOFError."""
        ring = self.ring
        sequence, state = ring.word(self.position)  # first: what it tells is there already
        length = ring.length(self.position) if state == MESSAGE else 0
        begin = ring.offset(self.position) + layout.PAYLOAD
        message = ring.bytes[begin : begin + max(0, length)]
        if not self.is_retained():
            expected = self.sequence
            self.resume()
            return self.sequence - expected or self.poll()
        if sequence != self.sequence or not 0 <= length <= ring.max_message:
            raise RingError(f"{ring.path} is broken at position {self.position}")
        if state == MESSAGE:
            self.position += record_bytes(length)
            self.sequence += 1
        elif state == PADDING:
            self.position += ring.before_end(self.position)
        if ring.kind == layout.ONE_TO_ONE and state in (MESSAGE, PADDING):
            ring.set_field(layout.OLDEST_POSITION, self.position)
        if state == END:
            raise EOFError
        return {MESSAGE: message, PADDING: None, OPEN: None}[state]

    def sender_is_gone(self):
        return layout.is_gone(self.ring.field(layout.SENDER_LINE + layout.PID))


def main():
    reader = Reader(sys.argv[1])
    pauses = Pauses()
    while True:
        try:
            received = reader.poll()
            if received is None and reader.sender_is_gone() and (received := reader.poll()) is None:
                sys.exit("the sender has died")
        except EOFError:
            return
        if isinstance(received, bytes):
            pauses.reset()
            sys.stdout.buffer.write(received + b"\n")
            sys.stdout.flush()
        elif received is not None:
            print("missed", received, flush=True)
        else:
            pauses.wait()


if __name__ == "__main__":
    main()
