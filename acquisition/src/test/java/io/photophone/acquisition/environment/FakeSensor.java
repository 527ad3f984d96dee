package io.photophone.acquisition.environment;

import io.photophone.model.Environment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Function;

/// A sensor that answers when, and what, a test says.
final class FakeSensor implements EnvironmentSensor {
  private final Semaphore asked = new Semaphore(0);
  private final SynchronousQueue<Function<Instant, Object>> answers = new SynchronousQueue<>();
  volatile boolean closed;

  @Override
  public String name() {
    return "a test";
  }

  @Override
  public TimedEnvironment read(Instant now) throws IOException {
    asked.release();
    Object answer;
    try {
      answer = answers.take().apply(now);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    return switch (answer) {
      case TimedEnvironment told -> told;
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new AssertionError(answer);
    };
  }

  /// Answers the present question, and returns once the answer has been dealt with.
  private void answer(Function<Instant, Object> answer) throws InterruptedException {
    asked.acquire();
    answers.put(answer);
    asked.acquire();
    asked.release();
  }

  void tells(double temperatureC) throws InterruptedException {
    answer(now -> new TimedEnvironment(now, of(temperatureC)));
  }

  void tells(Instant time, double temperatureC) throws InterruptedException {
    answer(_ -> new TimedEnvironment(time, of(temperatureC)));
  }

  void fails(Exception failure) throws InterruptedException {
    answer(_ -> failure);
  }

  static Environment of(double temperatureC) {
    return new Environment(temperatureC, 0.5, 1000, 1);
  }

  @Override
  public void close() {
    closed = true;
  }
}
