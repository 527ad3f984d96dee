package io.photophone.dsp;

/// How a filter falls from what it passes to what it stops, before its band is chosen.
///
/// The order is that of the low-pass prototype; band-passes and band-stops have twice as many
/// poles. A steeper shape pays with ripple and a longer memory. Ripple is the loss between the
/// highest and the lowest gain of the pass-band, whose highest gain is 1; attenuation is the least
/// loss in the stop-band.
///
/// Contract: M4.
public sealed interface FilterShape {
  int HIGHEST_ORDER = 12;
  double LARGEST_RIPPLE_DB = 10;
  double LARGEST_ATTENUATION_DB = 200;

  /// From 1 to 12.
  int order();

  /// Flat at the band's centre and monotonic; the edges lie at −3.01 dB.
  record Butterworth(int order) implements FilterShape {
    public Butterworth {
      checkOrder(order);
    }
  }

  /// Ripples in the pass-band; the edges lie at −`rippleDb`, where the pass-band ends.
  record ChebyshevOne(int order, double rippleDb) implements FilterShape {
    public ChebyshevOne {
      checkOrder(order);
      checkRipple(rippleDb);
    }
  }

  /// Ripples in the stop-band; the edges lie at −`attenuationDb`, where the stop-band begins.
  record ChebyshevTwo(int order, double attenuationDb) implements FilterShape {
    public ChebyshevTwo {
      checkOrder(order);
      checkAttenuation(attenuationDb, 0);
    }
  }

  /// Cauer's: ripples in both bands, the steepest; the edges lie at −`rippleDb`, where the
  /// pass-band ends.
  record Elliptic(int order, double rippleDb, double attenuationDb) implements FilterShape {
    public Elliptic {
      checkOrder(order);
      checkRipple(rippleDb);
      checkAttenuation(attenuationDb, rippleDb);
    }
  }

  private static void checkOrder(int order) {
    if (order < 1 || order > HIGHEST_ORDER) {
      throw new IllegalArgumentException(
          "order is %d, allowed: 1 to %d".formatted(order, HIGHEST_ORDER));
    }
  }

  private static void checkRipple(double rippleDb) {
    if (!(rippleDb > 0 && rippleDb <= LARGEST_RIPPLE_DB)) {
      throw new IllegalArgumentException(
          "ripple is %s dB, allowed: above 0 to %s dB".formatted(rippleDb, LARGEST_RIPPLE_DB));
    }
  }

  private static void checkAttenuation(double attenuationDb, double aboveDb) {
    if (!(attenuationDb > aboveDb && attenuationDb <= LARGEST_ATTENUATION_DB)) {
      throw new IllegalArgumentException(
          "attenuation is %s dB, allowed: above %s to %s dB"
              .formatted(attenuationDb, aboveDb, LARGEST_ATTENUATION_DB));
    }
  }
}
