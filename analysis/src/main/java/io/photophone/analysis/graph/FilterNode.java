package io.photophone.analysis.graph;

import io.photophone.analysis.graph.Output.Signal;
import io.photophone.dsp.SosFilter;
import java.util.ArrayList;
import java.util.List;

/// A recursive filter. It starts anew behind a gap, and marks what it gives until it has settled,
/// from there and from a clipped sample. Allocates nothing.
final class FilterNode implements Node {
  /// Of the filter's first answer to a jump, what may be left when it counts as settled.
  private static final double SETTLED = 1e-6;

  private final Signal input;
  private final Signal output;
  private final SosFilter filter;
  private final int settlingSamples;

  /// Index of the sample that comes next.
  private long next = -1;

  /// From this sample on the filter has settled.
  private long settledFrom;

  /// Up to this sample it rings from one that was clipped.
  private long clippedUntil;

  /// @throws IllegalArgumentException for a band that the rate doesn't carry
  FilterNode(NodeKind.Filter kind, Signal input, int sampleRateHz) {
    this.input = input;
    filter = SosFilter.of(kind.shape(), kind.band(), sampleRateHz);
    settlingSamples = filter.settlingSamples(SETTLED);
    List<NodeKind.Filter> before = input.filters();
    List<NodeKind.Filter> passed = before == null ? null : new ArrayList<>(before);
    if (passed != null) {
      passed.add(kind);
    }
    output = new Signal(input.frames(), passed);
  }

  @Override
  public Signal output() {
    return output;
  }

  @Override
  public void process() {
    long first = input.frame().firstSampleIndex();
    if (first != next) {
      restart(first);
    }
    double[] from = input.samples();
    byte[] fromMarks = input.marks();
    double[] samples = output.samples();
    byte[] marks = output.marks();
    int length = input.length();
    for (int i = 0; i < length; i++) {
      byte mark = fromMarks[i];
      if ((mark & Signal.MISSING) != 0) {
        restart(first + i + 1);
        samples[i] = Double.NaN;
        marks[i] = (byte) (mark | Signal.SETTLING);
      } else {
        samples[i] = filter.next(from[i]);
        if ((mark & Signal.SETTLING) != 0) {
          settledFrom = first + i + 1 + settlingSamples;
        }
        if ((mark & Signal.CLIPPED) != 0) {
          clippedUntil = first + i + 1 + settlingSamples;
        } else if (first + i < clippedUntil) {
          mark |= Signal.CLIPPED;
        }
        marks[i] = first + i < settledFrom ? (byte) (mark | Signal.SETTLING) : mark;
      }
    }
    next = first + length;
  }

  private void restart(long index) {
    filter.reset();
    settledFrom = index + settlingSamples;
    clippedUntil = 0;
  }
}
