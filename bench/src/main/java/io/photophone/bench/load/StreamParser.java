package io.photophone.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes what a stream's server sends apart and counts the frames. One for each connection; used by
/// one thread at a time.
sealed interface StreamParser permits EventParser, MessageParser {
  /// Takes all of the bytes.
  ///
  /// @throws IOException if they are no such stream
  void accept(ByteBuffer bytes, Tally tally) throws IOException;

  /// Whether the response has begun.
  boolean answered();

  /// False once the server has ended the stream.
  boolean open();

  /// Number of the last frame; [StreamRequest#NOTHING_SEEN] before the first.
  long seen();
}
