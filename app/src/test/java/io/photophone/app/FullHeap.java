package io.photophone.app;

import org.jspecify.annotations.Nullable;

/// The program on a heap full of small objects that live: a full collection takes long.
final class FullHeap {
  private static final int NODES = 10_000_000;

  /// Keeps the nodes.
  private static @Nullable Node head;

  private FullHeap() {}

  /// One object among many.
  private record Node(@Nullable Node next) {}

  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < NODES; i++) {
      head = new Node(head);
    }
    Main.main(arguments);
  }
}
