package io.photophone.events.profile.export;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/// The packets of a Perfetto trace. Packets of one sequence share a clock and tables of names.
final class PerfettoPackets {
  static final int CLOCK_MONOTONIC = 3;

  // Fields of perfetto.protos.TracePacket.
  static final int TRACK_EVENT = 11;
  static final int INTERNED_DATA = 12;
  static final int TRACK_DESCRIPTOR = 60;
  static final int PERF_SAMPLE = 66;
  private static final int CLOCK_SNAPSHOT = 6;
  private static final int TIMESTAMP = 8;
  private static final int SEQUENCE_ID = 10;
  private static final int SEQUENCE_FLAGS = 13;
  private static final int TIMESTAMP_CLOCK_ID = 58;
  private static final int DEFAULTS = 59;

  private static final int TABLES_CLEARED = 1;
  private static final int TABLES_NEEDED = 2;

  private final CodedOutputStream file;
  private final ProtoMessage packet = new ProtoMessage();
  private final ProtoMessage within = new ProtoMessage();
  private final ProtoMessage inmost = new ProtoMessage();

  PerfettoPackets(CodedOutputStream file) {
    this.file = file;
  }

  void writeClock(long nowNanos) throws IOException {
    within.message(1, inmost.number(1, CLOCK_MONOTONIC).number(2, nowNanos));
    within.number(2, CLOCK_MONOTONIC);
    packet.number(SEQUENCE_ID, 1).message(CLOCK_SNAPSHOT, within);
    write();
  }

  /// The first packet of a sequence.
  void begin(int sequence, ProtoMessage defaults) throws IOException {
    packet.number(SEQUENCE_ID, sequence).number(SEQUENCE_FLAGS, TABLES_CLEARED);
    packet.message(DEFAULTS, defaults.number(TIMESTAMP_CLOCK_ID, CLOCK_MONOTONIC));
    write();
  }

  /// A packet without a time.
  void write(int sequence, int field, ProtoMessage message) throws IOException {
    packet.number(SEQUENCE_ID, sequence).number(SEQUENCE_FLAGS, TABLES_NEEDED);
    packet.message(field, message);
    write();
  }

  void write(int sequence, long timeNanos, int field, ProtoMessage message) throws IOException {
    packet.number(TIMESTAMP, timeNanos);
    packet.number(TIMESTAMP_CLOCK_ID, CLOCK_MONOTONIC);
    write(sequence, field, message);
  }

  private void write() throws IOException {
    file.writeByteArray(1, packet.take());
  }
}
