package io.photophone.events.windows;

import io.photophone.events.RecordConsumer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Makes records by hand: in a row, and as Windows holds them in memory.
final class TestRecord {
  static final UUID THREAD = UUID.fromString("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");
  static final UUID PROCESS = UUID.fromString("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
  static final UUID IMAGE = UUID.fromString("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");
  static final UUID OWN = UUID.fromString("01234567-89ab-cdef-fedc-ba9876543210");

  private static final int CLASSIC = 0x100 | 0x40;

  private record Item(int type, byte[] content) {}

  private final UUID provider;
  private final int id;
  private final int version;
  private final int opcode;
  private int flags;
  private byte[] data = {};
  private long ticks = 1000;
  private int pid = 11;
  private int tid = 22;
  private int processor = 3;
  private final List<Item> items = new ArrayList<>();

  private TestRecord(UUID provider, int flags, int id, int version, int opcode) {
    this.provider = provider;
    this.flags = flags;
    this.id = id;
    this.version = version;
    this.opcode = opcode;
  }

  static TestRecord classic(UUID provider, int opcode, int version) {
    return new TestRecord(provider, CLASSIC, 0, version, opcode);
  }

  static TestRecord manifest(UUID provider, int id, int version) {
    return new TestRecord(provider, 0x40, id, version, 0);
  }

  static TestRecord contextSwitch(int newThread, int oldThread) {
    return classic(THREAD, 36, 4)
        .data(new Blob().u32(newThread).u32(oldThread).zeros(16).toBytes());
  }

  static TestRecord selfDescribing(byte[] description) {
    return manifest(OWN, 0, 0).item(11, description);
  }

  TestRecord data(byte[] value) {
    data = value;
    return this;
  }

  TestRecord ticks(long value) {
    ticks = value;
    return this;
  }

  TestRecord threads(int process, int thread) {
    pid = process;
    tid = thread;
    return this;
  }

  TestRecord processorIndex(int value) {
    flags |= 0x200;
    processor = value;
    return this;
  }

  TestRecord item(int type, byte[] content) {
    items.add(new Item(type, content));
    return this;
  }

  private Blob start(int userLength) {
    return new Blob()
        .u16(0)
        .u16(0)
        .u16(flags)
        .u16(0)
        .u32(tid)
        .u32(pid)
        .u64(ticks)
        .guid(provider)
        .u16(id)
        .u8(version)
        .u8(0)
        .u8(0)
        .u8(opcode)
        .u16(0)
        .u64(0)
        .u64(0)
        .zeros(16)
        .u16(processor)
        .u16(0)
        .u16(items.size())
        .u16(userLength);
  }

  byte[] toBytes() {
    Blob blob = start(data.length).raw(data);
    for (Item item : items) {
      blob.u16(item.type).u16(item.content.length).raw(item.content);
    }
    return blob.toBytes();
  }

  void to(RecordConsumer consumer) {
    to(consumer, toBytes());
  }

  /// Hands over bytes from the middle of a segment.
  static void to(RecordConsumer consumer, byte[] record) {
    byte[] within = new Blob().zeros(7).raw(record).zeros(5).toBytes();
    consumer.record(MemorySegment.ofArray(within), 7, record.length);
  }

  /// Writes an `EVENT_RECORD` and what it points at, each address being a place in the memory.
  ///
  /// @return the address of the record
  long toMemory(MemorySegment memory, long from) {
    long dataAt = from + 112;
    long itemsAt = dataAt + data.length;
    long contentAt = itemsAt + 16L * items.size();
    Blob blob = start(data.length).u64(itemsAt).u64(dataAt).u64(0).raw(data);
    long next = contentAt;
    for (Item item : items) {
      blob.u16(0).u16(item.type).u16(0).u16(item.content.length).u64(next);
      next += item.content.length;
    }
    items.forEach(item -> blob.raw(item.content));
    byte[] bytes = blob.toBytes();
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, from, bytes.length);
    return from;
  }
}
