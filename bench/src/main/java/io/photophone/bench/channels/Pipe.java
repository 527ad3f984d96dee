package io.photophone.bench.channels;

import java.util.function.Consumer;

/// What is measured: a channel or a peer, with the loop that its users would write.
abstract class Pipe {
  /// Most messages of one batch.
  static final int BATCH = 64;

  /// Sends, waiting for room as this pipe waits.
  abstract void send(int sender, Message message) throws InterruptedException;

  /// Receives what there is, at least one if this pipe waits.
  ///
  /// @return messages received, or known to be lost; 0 if there was nothing
  abstract int receive(int receiver, Reader reader) throws InterruptedException;

  /// Between two attempts that found nothing, where the pipe doesn't wait by itself.
  void idle() {
    Thread.onSpinWait();
  }

  void close() {}

  /// One receiver's sum over what it read, so that reading can't be left out.
  static final class Reader implements Consumer<Message> {
    long sum;

    @Override
    public void accept(Message message) {
      sum += message.value();
    }
  }
}
