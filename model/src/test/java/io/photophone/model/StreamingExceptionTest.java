package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Tag("B23")
final class StreamingExceptionTest {
  record Example(IOException failure, String kind, boolean retryable) {}

  static final List<Example> EXAMPLES =
      List.of(
          new Example(new IOException("unplugged"), "audio_source", true),
          new Example(new ConnectException("refused"), "network", true),
          new Example(new SocketTimeoutException("too late"), "timeout", true),
          new Example(new EOFException("too short"), "serialization", false),
          new Example(new StreamingException.StreamClosed("closed"), "stream_closed", false),
          new Example(
              new StreamingException.Configuration("no channel 3", null), "configuration", false));

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void each_kind_keeps_its_cause_and_says_whether_to_try_again_can_help(Example example) {
    StreamingException error = StreamingException.of(example.failure());
    assertEquals(example.kind(), error.kind());
    assertEquals(example.retryable(), error.retryable());
    assertEquals(example.failure().getMessage(), error.getMessage());
    if (example.failure() instanceof StreamingException known) {
      assertSame(known, error);
    } else {
      assertSame(example.failure(), error.getCause());
    }
  }
}
