package io.photophone.app.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/// A bar on standard error for work that takes longer than a second; nothing for shorter work.
final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int WIDTH = 100;
  private static final int REDRAW_MS = 250;

  private final String task;
  private final long total;
  private final int sampleRateHz;
  private final long began = System.nanoTime();
  private @Nullable ProgressBar bar;

  /// A bar in seconds of audio.
  Progress(String task, long totalSamples, int sampleRateHz) {
    this.task = task;
    this.total = totalSamples;
    this.sampleRateHz = sampleRateHz;
  }

  void at(long samples) {
    if (bar == null && System.nanoTime() - began > PATIENCE.toNanos()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(" s", sampleRateHz)
              .setUpdateIntervalMillis(REDRAW_MS)
              .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
              .build();
    }
    if (bar != null) {
      bar.stepTo(samples);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
