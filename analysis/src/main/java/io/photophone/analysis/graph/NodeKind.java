package io.photophone.analysis.graph;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.dsp.RcLowPass;
import io.photophone.dsp.Window;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.GasDensity;
import io.photophone.model.Range;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node of the analysis does, with its settings.
public sealed interface NodeKind {
  /// From one result of a meter to the next.
  Range INTERVAL_S = Range.closed(0.01, 3600);

  /// The type in a configuration, as in `lock_in`.
  String type();

  /// One microphone, or the difference of both: frames to a signal.
  record Channel(MeasurementConfig.Channel channel) implements NodeKind {
    @Override
    public String type() {
      return "channel";
    }
  }

  /// The weighted sum of its inputs: signals to a signal.
  ///
  /// @param weights one for each input
  record Mix(List<Double> weights) implements NodeKind {
    public static final Range WEIGHT = Range.closed(-1000, 1000);

    public Mix {
      weights = List.copyOf(weights);
      for (double weight : weights) {
        WEIGHT.check("weights", weight);
      }
    }

    @Override
    public String type() {
      return "mix";
    }
  }

  /// A constant factor: signal to signal.
  ///
  /// @param gainDb 20 dB are a factor of ten
  record Gain(double gainDb) implements NodeKind {
    public static final Range GAIN_DB = Range.closed(-120, 120);

    public Gain {
      GAIN_DB.check("gain_db", gainDb);
    }

    @Override
    public String type() {
      return "gain";
    }
  }

  /// A recursive filter whose state crosses frames: signal to signal. A lock-in behind it divides
  /// its response out.
  record Filter(FilterShape shape, FilterBand band) implements NodeKind {
    @Override
    public String type() {
      return "filter";
    }
  }

  /// A dual-phase lock-in, one value for each window of whole modulation periods: signal to
  /// phasors.
  ///
  /// Another modulation that the filters before it let through counts as noise in the uncertainty.
  ///
  /// @param harmonic 1 for the modulation itself, 2 for 2f
  /// @param integration length of a window, rounded to whole periods of the modulation
  /// @param lowPass what the value at a window's end has passed; null for the mean over the window
  record LockIn(
      double modulationHz, int harmonic, Duration integration, @Nullable RcLowPass lowPass)
      implements NodeKind {
    public static final Range HARMONIC = Range.closed(1, 8);

    public LockIn {
      MeasurementConfig.MODULATION_HZ.check("modulation_hz", modulationHz);
      HARMONIC.check("harmonic", harmonic);
      MeasurementConfig.INTEGRATION_S.check("integration_s", integration.toNanos() / 1e9);
    }

    @Override
    public String type() {
      return "lock_in";
    }
  }

  /// From amplitude to concentration: phasors to readings.
  ///
  /// @param unit of the readings; null for that of the calibration
  /// @param density for units that the gas's mass decides; null without
  /// @param calibration for as long as no other is in force; null without
  record Concentration(
      String gas,
      @Nullable ConcentrationUnit unit,
      @Nullable GasDensity density,
      @Nullable Calibration calibration)
      implements NodeKind {
    public Concentration {
      if (gas.isBlank()) {
        throw new IllegalArgumentException("gas has no name");
      }
      if (unit != null && calibration != null) {
        calibration.unit().in(unit, density);
      }
    }

    @Override
    public String type() {
      return "concentration";
    }
  }

  /// Amplitude and phase over frequency, for display: frames to spectra.
  ///
  /// @param size samples of one spectrum, a power of two
  record Spectrum(int size, Window window) implements NodeKind {
    @Override
    public String type() {
      return "spectrum";
    }
  }

  /// Follows the cell's resonance by the phase of the gas signal: phasors to phasors that tell it.
  ///
  /// @param quality of the resonance, as a sweep tells it
  /// @param phaseAtResonanceDeg of the gas signal if the modulation were at the resonance
  record Resonance(Estimate quality, Estimate phaseAtResonanceDeg) implements NodeKind {
    public static final Range QUALITY = Range.closed(1, 100_000);
    public static final Range UNCERTAINTY = Range.closed(0, 100_000);

    public Resonance {
      QUALITY.check("quality", quality.value());
      UNCERTAINTY.check("quality_uncertainty", quality.standardUncertainty());
      Calibration.PHASE_DEG.check("phase_at_resonance_deg", phaseAtResonanceDeg.value());
      UNCERTAINTY.check("phase_uncertainty_deg", phaseAtResonanceDeg.standardUncertainty());
    }

    @Override
    public String type() {
      return "resonance";
    }
  }

  /// Takes each gas's share in the others' signals out: readings to readings, of windows that all
  /// inputs have in common.
  ///
  /// @param matrix row by row in the order of the inputs: element (i, j) is what one unit of gas j
  ///   adds to the apparent concentration of gas i
  /// @param uncertainties standard uncertainties of the elements; empty for none
  record Interference(List<List<Double>> matrix, List<List<Double>> uncertainties)
      implements NodeKind {
    public static final Range ELEMENT = Range.closed(-1e6, 1e6);

    public Interference {
      matrix = matrix.stream().map(List::copyOf).toList();
      uncertainties = uncertainties.stream().map(List::copyOf).toList();
    }

    @Override
    public String type() {
      return "interference";
    }
  }

  /// Level, offset and clipping of both microphones: frames to levels.
  record Level(Duration interval) implements NodeKind {
    public Level {
      INTERVAL_S.check("interval_s", interval.toNanos() / 1e9);
    }

    @Override
    public String type() {
      return "level";
    }
  }

  /// The strongest tone of a band: signal to peaks.
  ///
  /// @param size samples that a peak is told from, a power of two
  record Peak(int size, Duration interval, double lowHz, double highHz) implements NodeKind {
    public Peak {
      INTERVAL_S.check("interval_s", interval.toNanos() / 1e9);
    }

    @Override
    public String type() {
      return "peak";
    }
  }

  /// Welch's power density, averaged over each interval: signal to densities.
  ///
  /// @param size samples of one segment, a power of two
  record Density(int size, Window window, Duration interval) implements NodeKind {
    public Density {
      INTERVAL_S.check("interval_s", interval.toNanos() / 1e9);
    }

    @Override
    public String type() {
      return "density";
    }
  }
}
