package io.photophone.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// `/api/system`: what the program does and takes, sampled once a second. Contract: A39.
final class SystemResource implements MetricSource {
  static final Operation SYSTEM =
      Operation.get("/api/system", "Program", "What the program does and what it takes for it")
          .json("over the last second", SystemMetrics.class);

  private static final double NANOS_PER_SECOND = 1e9;

  private final DoubleSupplier framesPerSecond;
  private final IntSupplier consumers;
  private final LongSupplier sentBytes;
  private final LongSupplier cpuNanos;
  private final LongSupplier clock;
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

  /// Of the last sample; of the thread that samples.
  private long atNanos;

  private long atCpuNanos;
  private long atSentBytes;

  private volatile SystemMetrics latest;

  /// @param framesPerSecond of all instruments
  /// @param consumers of all instruments' frames
  /// @param sentBytes that the server has written
  SystemResource(DoubleSupplier framesPerSecond, IntSupplier consumers, LongSupplier sentBytes) {
    this(framesPerSecond, consumers, sentBytes, SystemResource::ownCpuNanos, System::nanoTime);
  }

  /// The same by other clocks of the processor and the wall.
  SystemResource(
      DoubleSupplier framesPerSecond,
      IntSupplier consumers,
      LongSupplier sentBytes,
      LongSupplier cpuNanos,
      LongSupplier clock) {
    this.framesPerSecond = framesPerSecond;
    this.consumers = consumers;
    this.sentBytes = sentBytes;
    this.cpuNanos = cpuNanos;
    this.clock = clock;
    this.atNanos = clock.getAsLong();
    this.atCpuNanos = cpuNanos.getAsLong();
    this.atSentBytes = sentBytes.getAsLong();
    this.latest = metrics(0, 0);
  }

  private static long ownCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /// Takes a sample; called by one thread, once a second.
  void sample() {
    long now = clock.getAsLong();
    long cpu = cpuNanos.getAsLong();
    long sent = sentBytes.getAsLong();
    double seconds = Math.max(1, now - atNanos) / NANOS_PER_SECOND;
    latest =
        metrics(
            100 * (cpu - atCpuNanos) / NANOS_PER_SECOND / seconds,
            8 * (sent - atSentBytes) / 1e6 / seconds);
    atNanos = now;
    atCpuNanos = cpu;
    atSentBytes = sent;
  }

  private SystemMetrics metrics(double cpuPercent, double networkMbitPerS) {
    return new SystemMetrics(
        framesPerSecond.getAsDouble(),
        consumers.getAsInt(),
        (memory.getHeapMemoryUsage().getUsed() + memory.getNonHeapMemoryUsage().getUsed()) / 1e6,
        cpuPercent,
        networkMbitPerS);
  }

  SystemMetrics latest() {
    return latest;
  }

  @Override
  public void addTo(Metrics metrics) {
    SystemMetrics now = latest;
    metrics.gauge(
        "photophone_system_frames_per_second",
        "Frames a second of all instruments.",
        now.framesPerSecond());
    metrics.gauge(
        "photophone_system_consumers",
        "Consumers of all instruments' frames, clients included.",
        now.activeConsumers());
    metrics.gauge(
        "photophone_system_memory_megabytes",
        "Memory that the virtual machine uses.",
        now.memoryMb());
    metrics.gauge(
        "photophone_system_cpu_percent",
        "Processor time over time; 100 is one processor.",
        now.cpuPercent());
    metrics.gauge(
        "photophone_system_network_megabits_per_second",
        "What the server wrote to its clients.",
        now.networkMbitPerS());
    metrics.counter(
        "photophone_web_sent_bytes",
        "Bytes that the server wrote to its clients.",
        sentBytes.getAsLong());
  }
}
