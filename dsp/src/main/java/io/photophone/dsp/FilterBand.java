package io.photophone.dsp;

/// Which frequencies a filter passes. What the gain at an edge is, [FilterShape] says.
///
/// Contract: M4.
public sealed interface FilterBand {

  /// Passes what lies below the edge.
  record LowPass(double edgeHz) implements FilterBand {
    public LowPass {
      checkEdge(edgeHz);
    }
  }

  /// Passes what lies above the edge.
  record HighPass(double edgeHz) implements FilterBand {
    public HighPass {
      checkEdge(edgeHz);
    }
  }

  /// Passes what lies between the edges.
  record BandPass(double lowHz, double highHz) implements FilterBand {
    public BandPass {
      checkEdges(lowHz, highHz);
    }
  }

  /// Stops what lies between the edges.
  record BandStop(double lowHz, double highHz) implements FilterBand {
    public BandStop {
      checkEdges(lowHz, highHz);
    }
  }

  private static void checkEdge(double edgeHz) {
    if (!(edgeHz > 0 && edgeHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("edge is %s Hz, allowed: above 0 Hz".formatted(edgeHz));
    }
  }

  private static void checkEdges(double lowHz, double highHz) {
    if (!(0 < lowHz && lowHz < highHz && highHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "band is %s to %s Hz, allowed: rising, above 0 Hz".formatted(lowHz, highHz));
    }
  }
}
