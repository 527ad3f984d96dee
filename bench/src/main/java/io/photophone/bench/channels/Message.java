package io.photophone.bench.channels;

import java.util.SplittableRandom;

/// What travels: one of a few that exist already, so that the channel alone is measured.
record Message(long value, int rank) implements Comparable<Message> {
  private static final int COUNT = 1024;

  /// @param ranks classes, uniformly mixed
  static Message[] made(int ranks) {
    SplittableRandom random = new SplittableRandom(1);
    Message[] messages = new Message[COUNT];
    for (int i = 0; i < COUNT; i++) {
      messages[i] = new Message(i, random.nextInt(ranks));
    }
    return messages;
  }

  @Override
  public int compareTo(Message other) {
    return Integer.compare(rank, other.rank);
  }
}
