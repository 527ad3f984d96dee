package io.photophone.acquisition.source;

import io.photophone.acquisition.source.SimulatedCellConfig.Fault;
import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.acquisition.source.SimulatedCellConfig.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Script and faults of a simulated cell as a sequence of spans in which nothing changes, repeated
/// for ever.
final class Schedule {
  private final List<Span> spans;
  private final long periodSamples;

  /// What holds from the end of the span before.
  ///
  /// @param end sample of the period
  record Span(long end, double ppm, Set<FaultKind> faults) {
    boolean has(FaultKind fault) {
      return faults.contains(fault);
    }
  }

  Schedule(SimulatedCellConfig config) {
    int rate = config.sampleRateHz();
    periodSamples = samples(config.period(), rate);
    if (periodSamples == 0) {
      throw new IllegalArgumentException(
          "script lasts %s, allowed: one sample or more".formatted(config.period()));
    }
    TreeSet<Long> ends = new TreeSet<>();
    Duration stepEnd = Duration.ZERO;
    for (Step step : config.script()) {
      stepEnd = stepEnd.plus(step.length());
      ends.add(samples(stepEnd, rate));
    }
    for (Fault fault : config.faults()) {
      ends.add(samples(fault.at(), rate));
      ends.add(samples(fault.at().plus(fault.length()), rate));
    }
    spans = new ArrayList<>();
    long begin = 0;
    for (long end : ends.subSet(1L, true, periodSamples, true)) {
      spans.add(new Span(end, ppmAt(begin, config), faultsAt(begin, config)));
      begin = end;
    }
    if (spans.stream().allMatch(span -> span.has(FaultKind.DROPOUT))) {
      throw new IllegalArgumentException("dropouts leave no sample of the script");
    }
  }

  private static double ppmAt(long sample, SimulatedCellConfig config) {
    Duration end = Duration.ZERO;
    for (Step step : config.script()) {
      end = end.plus(step.length());
      if (sample < samples(end, config.sampleRateHz())) {
        return step.ppm();
      }
    }
    throw new IllegalStateException("sample " + sample + " is beyond the script");
  }

  private static Set<FaultKind> faultsAt(long sample, SimulatedCellConfig config) {
    Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
    for (Fault fault : config.faults()) {
      Duration end = fault.at().plus(fault.length());
      if (sample >= samples(fault.at(), config.sampleRateHz())
          && sample < samples(end, config.sampleRateHz())) {
        faults.add(fault.kind());
      }
    }
    return faults;
  }

  private static long samples(Duration time, int sampleRateHz) {
    return Math.round((time.getSeconds() + time.getNano() / 1e9) * sampleRateHz);
  }

  /// What holds at a sample, counted from the start of the source.
  Span at(long sample) {
    long phase = sample % periodSamples;
    int low = 0;
    int high = spans.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (spans.get(middle).end <= phase) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return spans.get(low);
  }

  /// Where the span of a sample ends, counted from the start of the source.
  long endOf(long sample) {
    return sample - sample % periodSamples + at(sample).end;
  }
}
