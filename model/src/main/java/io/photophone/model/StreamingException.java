package io.photophone.model;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/// What can go wrong between a source and its readers, by kind; each kind says whether to try again
/// can help. Contract: B23.
public abstract sealed class StreamingException extends IOException {
  private static final long serialVersionUID = 1;

  private final String kind;
  private final boolean retryable;

  private StreamingException(
      String kind, boolean retryable, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryable = retryable;
  }

  /// The name in answers, as in `audio_source`.
  public String kind() {
    return kind;
  }

  /// Whether the same may succeed when it is tried again, without anybody changing something.
  public boolean retryable() {
    return retryable;
  }

  /// The failure by its kind, with itself as the cause where it had none; what can't be told apart
  /// is the source's.
  public static StreamingException of(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case StreamingException known -> known;
      case InterruptedIOException e -> new TimedOut(message, e);
      case SocketException e -> new Network(message, e);
      case UnknownHostException e -> new Network(message, e);
      case CharacterCodingException e -> new Serialization(message, e);
      case EOFException e -> new Serialization(message, e);
      default -> new AudioSource(message, failure);
    };
  }

  /// A device or file that doesn't deliver.
  public static final class AudioSource extends StreamingException {
    private static final long serialVersionUID = 1;

    public AudioSource(String message, @Nullable Throwable cause) {
      super("audio_source", true, message, cause);
    }
  }

  /// A connection that broke or can't be made.
  public static final class Network extends StreamingException {
    private static final long serialVersionUID = 1;

    public Network(String message, @Nullable Throwable cause) {
      super("network", true, message, cause);
    }
  }

  /// Bytes that aren't what their format says.
  public static final class Serialization extends StreamingException {
    private static final long serialVersionUID = 1;

    public Serialization(String message, @Nullable Throwable cause) {
      super("serialization", false, message, cause);
    }
  }

  /// A stream that takes or gives nothing any more.
  public static final class StreamClosed extends StreamingException {
    private static final long serialVersionUID = 1;

    public StreamClosed(String message) {
      super("stream_closed", false, message, null);
    }
  }

  /// What did not happen in its time.
  public static final class TimedOut extends StreamingException {
    private static final long serialVersionUID = 1;

    public TimedOut(String message, @Nullable Throwable cause) {
      super("timeout", true, message, cause);
    }
  }

  /// A setting that the source can't meet.
  public static final class Configuration extends StreamingException {
    private static final long serialVersionUID = 1;

    public Configuration(String message, @Nullable Throwable cause) {
      super("configuration", false, message, cause);
    }
  }
}
