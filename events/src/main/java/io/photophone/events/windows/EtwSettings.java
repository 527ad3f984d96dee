package io.photophone.events.windows;

import java.util.List;
import java.util.Set;

/// What a session is made of.
record EtwSettings(
    String name,
    List<EtwProvider> providers,
    Set<KernelFlag> kernel,
    int bufferKib,
    int minimumBuffers,
    int maximumBuffers,
    int chunks,
    int chunkKib) {
  private static final int LONGEST_NAME = 1023;
  private static final int LARGEST_BUFFER_KIB = 16 << 10;
  private static final int MOST_BUFFERS = 1 << 16;
  private static final int MOST_MEMORY_KIB = 1 << 20;

  /// A chunk holds the largest event.
  private static final int SMALLEST_CHUNK_KIB = 128;

  EtwSettings {
    if (name.isBlank() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the session's name is '%s', allowed: 1 to %d characters".formatted(name, LONGEST_NAME));
    }
    if (providers.isEmpty() && kernel.isEmpty()) {
      throw new IllegalArgumentException(
          "session %s asks for no events: it needs a provider or a kernel flag".formatted(name));
    }
    check("bufferKib", bufferKib, 1, LARGEST_BUFFER_KIB);
    check("minimumBuffers", minimumBuffers, 2, MOST_BUFFERS);
    check("maximumBuffers", maximumBuffers, minimumBuffers, MOST_BUFFERS);
    check("KiB of all buffers", (long) bufferKib * maximumBuffers, 1, MOST_MEMORY_KIB);
    check("chunks", chunks, 2, MOST_BUFFERS);
    check("chunkKib", chunkKib, SMALLEST_CHUNK_KIB, LARGEST_BUFFER_KIB);
    check("KiB of all chunks", (long) chunks * chunkKib, 1, MOST_MEMORY_KIB);
    providers = List.copyOf(providers);
    kernel = Set.copyOf(kernel);
  }

  private static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, allowed: %d to %d".formatted(what, value, least, most));
    }
  }

  int kernelBits() {
    return kernel.stream().mapToInt(KernelFlag::bit).reduce(0, (a, b) -> a | b);
  }
}
