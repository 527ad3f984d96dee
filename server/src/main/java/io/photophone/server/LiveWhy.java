package io.photophone.server;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the server asks of the notes that the program takes of itself. For any thread.
///
/// @param why throws [Unknown] where the notes don't tell
/// @param disturbances whose notes are kept, the oldest first
public record LiveWhy(
    Function<WhyQuestion, WhyAnswer> why, Supplier<List<Disturbance>> disturbances) {

  /// How the message of [Unknown] ends where the notes will tell soon.
  public static final String LATER = "ask again in 3 s";

  /// Notes nothing and knows nothing.
  public static LiveWhy none(String reason) {
    return new LiveWhy(
        question -> {
          throw new Unknown(reason);
        },
        List::of);
  }

  /// A late frame, a lag or a gap whose notes are kept.
  ///
  /// @param step what happened to the frame
  /// @param frame its number; -1 where it isn't known
  /// @param amount what the step says it is
  public record Disturbance(Instant time, String step, long frame, long amount) {}

  /// The notes don't tell; the message says why and what would let them.
  public static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unknown(String reason) {
      super(reason, null, false, false);
    }
  }
}
