package io.photophone.channels;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Waits on several receivers at once and tells which has something to receive, be it a message, a
/// loss or the end. Used by the one thread that uses the receivers, platform or virtual; waits as
/// the channel of the first receiver does. Neither a poll nor an await that finds something
/// allocates. Contract: C8.
///
/// A receiver that has told its end is left out from then on. Where receivers share one queue,
/// another one may be faster: then the poll that follows is empty, and one selects again.
public final class Select {
  /// Nothing now, or within the time given.
  public static final int NONE = -1;

  /// Every receiver has told its end.
  public static final int ALL_ENDED = -2;

  private final List<Receiver<?>> receivers;
  private final Waiter[] places;
  private final boolean fair;
  private final WaitStrategy.Ready ready = () -> look() != NONE;

  /// Where the next look begins.
  private int first;

  private Select(boolean fair, Receiver<?>... receivers) {
    if (receivers.length == 0) {
      throw new IllegalArgumentException("a select has 0 receivers, allowed: 1 or more");
    }
    this.receivers = List.of(receivers);
    if (this.receivers.stream().distinct().count() != receivers.length) {
      throw new IllegalArgumentException(
          "a select has a receiver twice: " + this.receivers.stream().map(Receiver::name).toList());
    }
    this.places = Arrays.stream(receivers).map(Receiver::waiter).toArray(Waiter[]::new);
    this.fair = fair;
  }

  /// Prefers an earlier receiver to a later one.
  public static Select inOrder(Receiver<?>... receivers) {
    return new Select(false, receivers);
  }

  /// Takes turns: the receiver behind the one chosen last is preferred.
  public static Select fairly(Receiver<?>... receivers) {
    return new Select(true, receivers);
  }

  /// The index of a receiver whose poll has something to tell, without waiting.
  ///
  /// @return or [#NONE] or [#ALL_ENDED]
  public int poll() {
    return chosen(look());
  }

  /// The index of a receiver whose poll has something to tell, waiting for as long as it takes.
  ///
  /// @return or [#ALL_ENDED]
  public int await() throws InterruptedException {
    return await(WaitStrategy.FOR_EVER);
  }

  /// The index of a receiver whose poll has something to tell, waiting at most for the time given.
  ///
  /// @return or [#NONE] or [#ALL_ENDED]
  public int await(Duration timeout) throws InterruptedException {
    return await(Waits.nanos(timeout));
  }

  private int await(long timeoutNanos) throws InterruptedException {
    int index = look();
    if (index == NONE) {
      long deadline = System.nanoTime() + timeoutNanos;
      while (index == NONE && receivers.getFirst().waiting().await(ready, deadline, places)) {
        index = look();
      }
    }
    return chosen(index);
  }

  private int look() {
    int count = receivers.size();
    int ended = 0;
    for (int i = 0; i < count; i++) {
      int index = first + i < count ? first + i : first + i - count;
      Receiver<?> receiver = receivers.get(index);
      if (receiver.hasEnded()) {
        ended++;
      } else if (receiver.isReady()) {
        return index;
      }
    }
    return ended == count ? ALL_ENDED : NONE;
  }

  private int chosen(int index) {
    if (fair && index >= 0) {
      first = index + 1 == receivers.size() ? 0 : index + 1;
    }
    return index;
  }
}
