package io.photophone.server;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/// Values collected for one answer, each under the name of its family, which begins with its first
/// value.
///
/// Names are without `_total` and `_info`, which the formats append. Labels are names and values in
/// turn; two values of a family differ in them.
final class Metrics {
  private final Map<String, MetricSnapshot.Builder<?>> families = new LinkedHashMap<>();

  /// A count: what only grows while the program runs.
  void counter(String name, String help, long value, String... labels) {
    counter(name, help, (double) value, labels);
  }

  /// What only grows while the program runs.
  void counter(String name, String help, double value, String... labels) {
    CounterSnapshot.Builder family =
        (CounterSnapshot.Builder)
            families.computeIfAbsent(name, _ -> CounterSnapshot.builder().name(name).help(help));
    family.dataPoint(
        CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
  }

  /// A number of things.
  void gauge(String name, String help, long value, String... labels) {
    gauge(name, help, (double) value, labels);
  }

  /// What rises and falls.
  void gauge(String name, String help, double value, String... labels) {
    GaugeSnapshot.Builder family =
        (GaugeSnapshot.Builder)
            families.computeIfAbsent(name, _ -> GaugeSnapshot.builder().name(name).help(help));
    family.dataPoint(
        GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
  }

  void summary(
      String name, String help, long count, double sum, Quantiles quantiles, String... labels) {
    SummarySnapshot.Builder family =
        (SummarySnapshot.Builder)
            families.computeIfAbsent(name, _ -> SummarySnapshot.builder().name(name).help(help));
    family.dataPoint(
        SummaryDataPointSnapshot.builder()
            .count(count)
            .sum(sum)
            .quantiles(quantiles)
            .labels(Labels.of(labels))
            .build());
  }

  /// Facts in words, which are the labels.
  void info(String name, String help, String... labels) {
    InfoSnapshot.Builder family =
        (InfoSnapshot.Builder)
            families.computeIfAbsent(name, _ -> InfoSnapshot.builder().name(name).help(help));
    family.dataPoint(InfoDataPointSnapshot.builder().labels(Labels.of(labels)).build());
  }

  MetricSnapshots snapshots() {
    return new MetricSnapshots(
        families.values().stream().<MetricSnapshot>map(MetricSnapshot.Builder::build).toList());
  }
}
