"""The bytes of a shared ring, version 1, for plain Python 3: docs/formats/shared-ring.md.

Ordering. A sender stores the payload first and the word of the record last; a receiver loads the
word first. The other side relies on that order. Python has no fences, so this module relies on two
things instead:

* CPython stores and loads an item of a memoryview of format "q" with one 8-byte move, if it is
  aligned, as all words of a ring are. (struct.pack_into("<q") would store byte by byte: the other
  side could see half a word.)
* x86 keeps stores in order, and loads in order. aarch64 keeps neither, so the module refuses to run
  there: use C, whose atomics say what is meant (reader.c), or Java.
"""

import fcntl
import mmap
import os
import platform
import struct
import sys
import time

MAGIC, VERSION = b"PPSHRING", 1
ONE_TO_ONE, BROADCAST = 1, 2
HEADER_BYTES = 768
SENDER_POSITION, NEWEST_POSITION, OLDEST_POSITION = 128, 136, 256
SENDER_LINE, RECEIVER_LINE = 384, 512
PID, START, HEARTBEAT = 0, 8, 16
OPEN, MESSAGE, PADDING, END = 0, 1, 2, 3
LENGTH, PAYLOAD = 8, 16


class RingError(Exception):
    """A file that is no ring, or a ring that is held or broken."""


class Ring:
    """A mapped ring file: words, lengths and bytes by position."""

    def __init__(self, path, writable):
        if platform.machine() not in ("x86_64", "AMD64") or sys.byteorder != "little":
            raise RingError("plain Python can't order its memory accesses on " + platform.machine())
        self.path = path
        with open(path, "r+b" if writable else "rb") as file:
            header = file.read(HEADER_BYTES)
            if len(header) < HEADER_BYTES:
                raise RingError(f"{path} is cut off: {len(header)} bytes")
            magic, version, self.kind, self.capacity, self.max_message = struct.unpack_from("<8siiqi", header)
            size = os.fstat(file.fileno()).st_size
            if magic != MAGIC or version != VERSION or size != HEADER_BYTES + self.capacity:
                raise RingError(f"{path} is no ring of version {VERSION}: {magic}, {version}, {size} bytes")
            access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
            self.bytes = mmap.mmap(file.fileno(), size, access=access)
        self.longs = memoryview(self.bytes).cast("q")

    def field(self, offset):
        return self.longs[offset // 8]

    def set_field(self, offset, value):
        self.longs[offset // 8] = value

    def offset(self, position):
        return HEADER_BYTES + position % self.capacity

    def before_end(self, position):
        return self.capacity - position % self.capacity

    def word(self, position):
        """Sequence and state of the record at a position, in one load."""
        word = self.longs[self.offset(position) // 8]
        return word >> 2, word & 3

    def set_word(self, position, sequence, state):
        self.longs[self.offset(position) // 8] = sequence << 2 | state

    def length(self, position):
        if self.before_end(position) < PAYLOAD:
            return -1
        return struct.unpack_from("<i", self.bytes, self.offset(position) + LENGTH)[0]

    def claim(self, name, line):
        """Becomes the ring's sender or receiver. The kernel releases the lock when we die."""
        # fcntl locks are of the process: never open and close the lock file a second time in it.
        self.lock = open(f"{self.path}.{name}", "a", opener=lambda p, flags: os.open(p, flags, 0o600))
        try:
            fcntl.lockf(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RingError(f"{self.path} has a {name} already, process {self.field(line + PID)}") from None
        self.line = line
        self.set_field(line + START, start_millis())
        self.beat()
        self.set_field(line + PID, os.getpid())

    def beat(self):
        self.set_field(self.line + HEARTBEAT, time.time_ns() // 1_000_000)

    def leave(self):
        self.set_field(self.line + PID, 0)
        self.lock.close()


def record_bytes(length):
    return PAYLOAD + length + 7 & -8


def start_millis():
    """When this process began, ms since 1970: tells us from a later process with the same pid."""
    with open("/proc/self/stat") as stat:
        ticks = int(stat.read().rpartition(")")[2].split()[19])
    with open("/proc/stat") as stat:
        boot = next(int(line.split()[1]) for line in stat if line.startswith("btime"))
    return boot * 1000 + ticks * 1000 // os.sysconf("SC_CLK_TCK")


def is_gone(pid):
    """Whether a process that attached has died; 0 means that there is none."""
    try:
        return pid != 0 and open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


class Pauses:
    """Growing pauses up to a millisecond: nobody can wake us."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.seconds = 1e-6

    def wait(self):
        time.sleep(self.seconds)
        self.seconds = min(2 * self.seconds, 1e-3)
