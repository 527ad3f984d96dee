package io.photophone.bench.load;

import java.io.IOException;
import java.time.Duration;

/// What so many clients of a server got in a span of time, and what that took of the machine.
///
/// @param server its title
/// @param answered clients whose response had begun when the measurement did
/// @param connectS how long that took
/// @param share frames delivered, of all that came about at 30 a second and client
/// @param lost frames that clients saw missing in the numbers
/// @param unexplained frames missing that the server didn't tell of
/// @param ended streams that ended or broke
/// @param p50Ms from the last sample of a frame to the read of its last byte; so is the next
/// @param cpuS processor time of the server
/// @param residentBytes memory of the server at the end
/// @param bytesPerClient memory for each client beyond that of the server without any
record Measurement(
    String server,
    int clients,
    int round,
    int answered,
    double connectS,
    double seconds,
    long frames,
    double share,
    long lost,
    long told,
    long unexplained,
    long ended,
    long bytes,
    double p50Ms,
    double p99Ms,
    double cpuS,
    double cpuSPerGb,
    long residentBytes,
    double bytesPerClient) {

  /// Connects the clients, lets the server warm up, measures, and disconnects them.
  static Measurement of(
      Contender contender,
      Contender.Running server,
      int clients,
      int round,
      long emptyBytes,
      Span span)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (Subscribers subscribers =
        Subscribers.connect(server.stream(), clients, span.connectLimit())) {
      double connectS = (System.nanoTime() - begin) / 1e9;
      Thread.sleep(span.warmUp());
      int answered = subscribers.answered();
      subscribers.take();
      Duration cpuBefore = server.process().cpu();
      long from = System.nanoTime();
      Thread.sleep(span.window());
      Tally tally = subscribers.take();
      double seconds = (System.nanoTime() - from) / 1e9;
      double cpuS = server.process().cpu().minus(cpuBefore).toNanos() / 1e9;
      long resident = server.process().residentBytes();
      return new Measurement(
          contender.title,
          clients,
          round,
          answered,
          connectS,
          seconds,
          tally.frames,
          tally.frames / (seconds * FrameText.FPS * clients),
          tally.lost,
          tally.told,
          tally.unexplained,
          tally.ended,
          tally.bytes,
          tally.delayMs(50),
          tally.delayMs(99),
          cpuS,
          cpuS / (tally.bytes / 1e9),
          resident,
          (double) (resident - emptyBytes) / clients);
    }
  }

  /// How long the parts of a measurement take.
  record Span(Duration connectLimit, Duration warmUp, Duration window) {}
}
