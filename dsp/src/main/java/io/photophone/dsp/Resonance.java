package io.photophone.dsp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A resonance as a sweep over frequency shows it: amplitude · e^(i·phase) / (1 + 2iQ(f − f0)/f0) +
/// offset.
///
/// Fitted by least squares with equal weights, from the best of a grid of starts; the uncertainties
/// follow from the scatter around the fit. A fit to phasors uses the phase too and tells the
/// resonance from a coherent background; one to magnitudes is for signals without a phase
/// reference, and for magnitudes well above their noise.
///
/// Sources: Petersan and Anlage, J. Appl. Phys. 84, 3392 (1998) for models and methods; Golub and
/// Pereyra, SIAM J. Numer. Anal. 10, 413 (1973) for eliminating the linear parameters in the grid.
///
/// Contract: M10.
///
/// @param amplitude at the resonance frequency, above the offset; above 0
/// @param phaseRad at the resonance frequency, in (−π, π]; 0, of uncertainty 0, if fitted to
///   magnitudes
/// @param offset what remains far away; real if fitted to magnitudes
/// @param offsetUncertainty of each of its parts that was fitted
/// @param residualDeviation standard deviation of the data around the fit, for each real number
public record Resonance(
    Estimate frequencyHz,
    Estimate quality,
    Estimate amplitude,
    Estimate phaseRad,
    Complex offset,
    double offsetUncertainty,
    double residualDeviation) {
  private static final int FEWEST_FREQUENCIES = 5;

  /// A smaller amplitude, in its standard uncertainties, is no resonance.
  private static final double SIGNIFICANT_SIGMAS = 3;

  private static final int MOST_START_FREQUENCIES = 200;
  private static final double START_WIDTH_RATIO = 1.4;

  /// A fit to the phasors that a lock-in had at these frequencies; null if they show no resonance
  /// between the lowest and the highest of them, or one less than three standard uncertainties
  /// high.
  ///
  /// @param frequenciesHz above 0, in any order, five different ones or more
  public static @Nullable Resonance ofPhasors(double[] frequenciesHz, Complex[] phasors) {
    double[] re = new double[phasors.length];
    double[] im = new double[phasors.length];
    for (int i = 0; i < phasors.length; i++) {
      re[i] = phasors[i].re();
      im[i] = phasors[i].im();
    }
    check(frequenciesHz, re, im);
    double[] start = start(frequenciesHz, new PhasorProjection(frequenciesHz, re, im));
    LevenbergMarquardt.Minimum minimum =
        LevenbergMarquardt.search(new PhasorModel(frequenciesHz, re, im), start);
    if (minimum == null) {
      return null;
    }
    double[] p = minimum.parameters();
    double[] u = minimum.standardUncertainties();
    // A negative amplitude is a positive one half a turn away.
    double phase = p[3] + (p[2] < 0 ? Math.PI : 0);
    phase -= 2 * Math.PI * Math.ceil(phase / (2 * Math.PI) - 0.5);
    return significant(
        frequenciesHz,
        new Resonance(
            new Estimate(p[0], u[0]),
            new Estimate(p[1], u[1]),
            new Estimate(Math.abs(p[2]), u[2]),
            new Estimate(phase, u[3]),
            new Complex(p[4], p[5]),
            Math.sqrt((u[4] * u[4] + u[5] * u[5]) / 2),
            minimum.residualDeviation()));
  }

  /// A fit to magnitudes: amplitude / √(1 + (2Q(f − f0)/f0)²) + offset; null if they show no peak
  /// between the lowest and the highest frequency, or one less than three standard uncertainties
  /// high.
  ///
  /// @param frequenciesHz above 0, in any order, five different ones or more
  public static @Nullable Resonance ofMagnitudes(double[] frequenciesHz, double[] magnitudes) {
    check(frequenciesHz, magnitudes, magnitudes);
    double[] start = start(frequenciesHz, new MagnitudeProjection(frequenciesHz, magnitudes));
    LevenbergMarquardt.Minimum minimum =
        LevenbergMarquardt.search(new MagnitudeModel(frequenciesHz, magnitudes), start);
    if (minimum == null) {
      return null;
    }
    double[] p = minimum.parameters();
    double[] u = minimum.standardUncertainties();
    return significant(
        frequenciesHz,
        new Resonance(
            new Estimate(p[0], u[0]),
            new Estimate(Math.abs(p[1]), u[1]),
            new Estimate(p[2], u[2]),
            new Estimate(0, 0),
            new Complex(p[3], 0),
            u[3],
            minimum.residualDeviation()));
  }

  /// What the amplitude is multiplied by at this frequency: 1 at the resonance.
  public double gainAt(double hz) {
    double detuning = detuning(hz, frequencyHz.value(), quality.value());
    return 1 / Math.sqrt(1 + detuning * detuning);
  }

  /// The fitted curve: amplitude · e^(i·phase) / (1 + 2iQ(f − f0)/f0) + offset, or for a fit to
  /// magnitudes its real counterpart.
  ///
  /// @param byPhasors whether it was fitted to phasors
  public Complex signalAt(double hz, boolean byPhasors) {
    if (!byPhasors) {
      return new Complex(amplitude.value() * gainAt(hz), 0).plus(offset);
    }
    double detuning = detuning(hz, frequencyHz.value(), quality.value());
    return Complex.atCycles(phaseRad.value() / (2 * Math.PI))
        .times(amplitude.value())
        .dividedBy(new Complex(1, detuning))
        .plus(offset);
  }

  private static double detuning(double hz, double resonanceHz, double quality) {
    return 2 * quality * (hz - resonanceHz) / resonanceHz;
  }

  private static void check(double[] frequenciesHz, double[] re, double[] im) {
    if (frequenciesHz.length != re.length) {
      throw new IllegalArgumentException(
          "%d frequencies for %d values".formatted(frequenciesHz.length, re.length));
    }
    for (int i = 0; i < re.length; i++) {
      double hz = frequenciesHz[i];
      if (!(hz > 0 && hz < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "frequency %d is %s Hz, allowed: above 0 Hz".formatted(i, hz));
      }
      if (!Double.isFinite(re[i]) || !Double.isFinite(im[i])) {
        throw new IllegalArgumentException(
            "value %d, at %s Hz, is (%s, %s), allowed: finite numbers"
                .formatted(i, hz, re[i], im[i]));
      }
    }
    long different = Arrays.stream(frequenciesHz).distinct().count();
    if (different < FEWEST_FREQUENCIES) {
      throw new IllegalArgumentException(
          "%d different frequencies, needed: %d".formatted(different, FEWEST_FREQUENCIES));
    }
  }

  /// The resonance, if it lies between the frequencies and stands out of its uncertainty.
  private static @Nullable Resonance significant(double[] frequenciesHz, Resonance resonance) {
    double hz = resonance.frequencyHz.value();
    boolean found =
        resonance.quality.value() > 0
            && resonance.amplitude.value() > 0
            && resonance.amplitude.value()
                >= SIGNIFICANT_SIGMAS * resonance.amplitude.standardUncertainty()
            && hz >= Arrays.stream(frequenciesHz).min().orElseThrow()
            && hz <= Arrays.stream(frequenciesHz).max().orElseThrow();
    return found ? resonance : null;
  }

  /// The best parameters of a grid of resonance frequencies and widths, from half the mean distance
  /// of the data to their span.
  private static double[] start(double[] frequenciesHz, Projection projection) {
    double low = Arrays.stream(frequenciesHz).min().orElseThrow();
    double high = Arrays.stream(frequenciesHz).max().orElseThrow();
    int steps = Math.min(2 * frequenciesHz.length, MOST_START_FREQUENCIES);
    double narrowest = (high - low) / frequenciesHz.length / 2;
    double[] best = new double[0];
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step <= steps; step++) {
      double hz = low + (high - low) * step / steps;
      for (double width = narrowest; width < high - low; width *= START_WIDTH_RATIO) {
        double quality = hz / (2 * width);
        double squares = projection.squares(hz, quality);
        if (squares < least) {
          least = squares;
          best = projection.parameters(hz, quality);
        }
      }
    }
    return best.length == 0 ? projection.parameters((low + high) / 2, low / (high - low)) : best;
  }

  /// The best linear parameters for a resonance frequency and a quality.
  private sealed interface Projection {
    /// What they leave; NaN if they are undetermined.
    double squares(double hz, double quality);

    /// All parameters of the model.
    double[] parameters(double hz, double quality);
  }

  private record PhasorProjection(double[] hz, double[] re, double[] im) implements Projection {
    @Override
    public double squares(double resonanceHz, double quality) {
      return projected(resonanceHz, quality)[4];
    }

    @Override
    public double[] parameters(double resonanceHz, double quality) {
      double[] p = projected(resonanceHz, quality);
      return new double[] {
        resonanceHz, quality, Math.hypot(p[0], p[1]), Math.atan2(p[1], p[0]), p[2], p[3]
      };
    }

    /// Amplitude and offset by their parts, and the sum of squares.
    private double[] projected(double resonanceHz, double quality) {
      int count = hz.length;
      Complex meanLine = Complex.ZERO;
      Complex mean = Complex.ZERO;
      for (int i = 0; i < count; i++) {
        meanLine = meanLine.plus(line(i, resonanceHz, quality).times(1.0 / count));
        mean = mean.plus(new Complex(re[i], im[i]).times(1.0 / count));
      }
      double lineSquares = 0;
      double squares = 0;
      Complex product = Complex.ZERO;
      for (int i = 0; i < count; i++) {
        Complex line = line(i, resonanceHz, quality).minus(meanLine);
        Complex value = new Complex(re[i], im[i]).minus(mean);
        lineSquares += line.squaredMagnitude();
        squares += value.squaredMagnitude();
        product = product.plus(line.conjugate().times(value));
      }
      Complex amplitude = product.times(1 / lineSquares);
      Complex offset = mean.minus(amplitude.times(meanLine));
      return new double[] {
        amplitude.re(),
        amplitude.im(),
        offset.re(),
        offset.im(),
        squares - product.squaredMagnitude() / lineSquares
      };
    }

    private Complex line(int i, double resonanceHz, double quality) {
      return Complex.ONE.dividedBy(new Complex(1, detuning(hz[i], resonanceHz, quality)));
    }
  }

  private record MagnitudeProjection(double[] hz, double[] magnitudes) implements Projection {
    @Override
    public double squares(double resonanceHz, double quality) {
      return projected(resonanceHz, quality)[2];
    }

    @Override
    public double[] parameters(double resonanceHz, double quality) {
      double[] p = projected(resonanceHz, quality);
      return new double[] {resonanceHz, quality, p[0], p[1]};
    }

    private double[] projected(double resonanceHz, double quality) {
      double[] lines = new double[hz.length];
      for (int i = 0; i < lines.length; i++) {
        double detuning = detuning(hz[i], resonanceHz, quality);
        lines[i] = 1 / Math.sqrt(1 + detuning * detuning);
      }
      LineFit fit = LineFit.unweighted(lines, magnitudes);
      double squares = 0;
      for (double residual : fit.residuals()) {
        squares += residual * residual;
      }
      // A dip is no resonance, however well it fits.
      return new double[] {
        fit.slope().value(),
        fit.offset().value(),
        fit.slope().value() > 0 ? squares : Double.POSITIVE_INFINITY
      };
    }
  }

  /// Parameters: f0, Q, amplitude, phase, offset's parts.
  private record PhasorModel(double[] hz, double[] re, double[] im)
      implements LevenbergMarquardt.Model {
    @Override
    public int residuals() {
      return 2 * hz.length;
    }

    @Override
    public void evaluate(double[] p, double[] residuals, double[][] jacobian) {
      Complex direction = new Complex(Math.cos(p[3]), Math.sin(p[3]));
      for (int i = 0; i < hz.length; i++) {
        Complex line = Complex.ONE.dividedBy(new Complex(1, detuning(hz[i], p[0], p[1])));
        Complex unit = direction.times(line);
        Complex value = unit.times(p[2]);
        // The derivative of 1 / (1 + iD) by D is −i / (1 + iD)².
        Complex byDetuning = value.times(line).times(new Complex(0, -1));
        double[] rowRe = jacobian[2 * i];
        double[] rowIm = jacobian[2 * i + 1];
        put(byDetuning.times(-2 * p[1] * hz[i] / (p[0] * p[0])), 0, rowRe, rowIm);
        put(byDetuning.times(2 * (hz[i] - p[0]) / p[0]), 1, rowRe, rowIm);
        put(unit, 2, rowRe, rowIm);
        put(new Complex(-value.im(), value.re()), 3, rowRe, rowIm);
        put(Complex.ONE, 4, rowRe, rowIm);
        put(new Complex(0, 1), 5, rowRe, rowIm);
        residuals[2 * i] = value.re() + p[4] - re[i];
        residuals[2 * i + 1] = value.im() + p[5] - im[i];
      }
    }

    private static void put(Complex derivative, int column, double[] rowRe, double[] rowIm) {
      rowRe[column] = derivative.re();
      rowIm[column] = derivative.im();
    }
  }

  /// Parameters: f0, Q, amplitude, offset.
  private record MagnitudeModel(double[] hz, double[] magnitudes)
      implements LevenbergMarquardt.Model {
    @Override
    public int residuals() {
      return hz.length;
    }

    @Override
    public void evaluate(double[] p, double[] residuals, double[][] jacobian) {
      for (int i = 0; i < hz.length; i++) {
        double detuning = detuning(hz[i], p[0], p[1]);
        double line = 1 / Math.sqrt(1 + detuning * detuning);
        double byDetuning = -p[2] * detuning * line * line * line;
        jacobian[i][0] = byDetuning * (-2 * p[1] * hz[i] / (p[0] * p[0]));
        jacobian[i][1] = byDetuning * 2 * (hz[i] - p[0]) / p[0];
        jacobian[i][2] = line;
        jacobian[i][3] = 1;
        residuals[i] = p[2] * line + p[3] - magnitudes[i];
      }
    }
  }
}
