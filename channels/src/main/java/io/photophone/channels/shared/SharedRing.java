package io.photophone.channels.shared;

import java.nio.file.Path;

/// What a ring file is made for: who reads it and how much it holds.
///
/// A message of n bytes takes `recordBytes(n)`: 16 bytes and n, rounded up to a multiple of 8. A
/// message is accepted if its record and 8 bytes more are free. A record never goes over the end of
/// the ring: if it does not fit there, the bytes up to the end are left out and have to be free
/// too. In a one-to-one ring everything is free that was received; in a broadcast ring the sender
/// drops the oldest messages until there is room.
///
/// @param kind one-to-one or broadcast
/// @param capacity bytes for records, a multiple of 8 in [64, 2³⁰]
/// @param maxMessage longest message, bytes, in [0, capacity / 2 - 16], so that an empty ring takes
///   it wherever it is
public record SharedRing(Kind kind, int capacity, int maxMessage) {
  static final int MIN_CAPACITY = 64;
  static final int MAX_CAPACITY = 1 << 30;

  public SharedRing {
    if (capacity < MIN_CAPACITY
        || capacity > MAX_CAPACITY
        || capacity % RingLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "capacity of a shared ring is %d bytes, allowed: multiples of %d in [%d, %d]"
              .formatted(capacity, RingLayout.ALIGNMENT, MIN_CAPACITY, MAX_CAPACITY));
    }
    int longest = RingLayout.longestMessage(capacity);
    if (maxMessage < 0 || maxMessage > longest) {
      throw new IllegalArgumentException(
          "maximum message of a shared ring of %d bytes is %d bytes, allowed: [0, %d]"
              .formatted(capacity, maxMessage, longest));
    }
  }

  /// One sender and one receiver, nothing is lost.
  public static SharedRing oneToOne(int capacity, int maxMessage) {
    return new SharedRing(Kind.ONE_TO_ONE, capacity, maxMessage);
  }

  /// One sender that never waits, any number of receivers.
  public static SharedRing broadcast(int capacity, int maxMessage) {
    return new SharedRing(Kind.BROADCAST, capacity, maxMessage);
  }

  /// What an existing file holds.
  ///
  /// @throws SharedRingException if it isn't a ring that this version reads
  public static SharedRing of(Path file) {
    return RingFile.shape(file);
  }

  /// Makes the file, empty and readable by its owner alone. It appears complete or not at all, and
  /// its bytes are allocated: a full disk shows here and not later.
  ///
  /// @throws SharedRingException if the file exists or can't be made
  public void create(Path file) {
    RingFile.create(file, this);
  }

  /// Bytes that a message takes in any ring.
  public static int recordBytes(int length) {
    return RingLayout.recordBytes(length);
  }

  /// Who reads a ring.
  public enum Kind {
    /// One receiver, that the sender waits for.
    ONE_TO_ONE(1),
    /// Any number of receivers, that the sender does not know.
    BROADCAST(2);

    final int code;

    Kind(int code) {
      this.code = code;
    }
  }
}
