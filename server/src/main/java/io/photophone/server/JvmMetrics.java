package io.photophone.server;

import io.prometheus.metrics.model.snapshots.Quantiles;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;

/// The virtual machine and its process, by the names that dashboards for Java programs expect.
final class JvmMetrics implements MetricSource {
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final double startSeconds = ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0;

  @Override
  public void addTo(Metrics metrics) {
    add(metrics, memory.getHeapMemoryUsage(), "heap");
    add(metrics, memory.getNonHeapMemoryUsage(), "nonheap");
    metrics.gauge("jvm_threads_current", "Platform threads.", threads.getThreadCount());
    metrics.gauge("jvm_threads_daemon", "Daemon threads.", threads.getDaemonThreadCount());
    metrics.gauge("jvm_threads_peak", "Most threads at once.", threads.getPeakThreadCount());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      metrics.summary(
          "jvm_gc_collection_seconds",
          "Time spent in garbage collections.",
          Math.max(0, collector.getCollectionCount()),
          Math.max(0, collector.getCollectionTime()) / 1000.0,
          Quantiles.EMPTY,
          "gc",
          collector.getName());
    }
    metrics.gauge(
        "process_start_time_seconds", "When the process started, since 1970.", startSeconds);
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(cpu ->
            metrics.counter(
                "process_cpu_seconds", "Processor time of the process.", cpu.toNanos() / 1e9));
  }

  private static void add(Metrics metrics, MemoryUsage usage, String area) {
    metrics.gauge(
        "jvm_memory_used_bytes",
        "Memory in use, of the heap or beside it.",
        usage.getUsed(),
        "area",
        area);
    metrics.gauge(
        "jvm_memory_committed_bytes",
        "Memory that the virtual machine has of the system.",
        usage.getCommitted(),
        "area",
        area);
    metrics.gauge(
        "jvm_memory_max_bytes",
        "Memory that may be used at most; -1 where there is no limit.",
        usage.getMax(),
        "area",
        area);
  }
}
