package io.photophone.analysis.graph;

import static io.photophone.analysis.graph.LockInNode.addIf;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Locked;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// From amplitude to concentration, by the calibration that was in force when the window began.
///
/// Contract: M8, M12.
final class ConcentrationNode implements Node {
  private static final double SIGNIFICANT_SIGMAS = 3;

  /// Across the calibrated phase there is only noise as long as the resonance stays; at 5° the
  /// detuned cell already reads 0.8 % low. The signal at zero gas turns with it.
  private static final double ACROSS_IN_SIGMAS = 6;

  private static final double ACROSS_OVER_ALONG = StrictMath.tan(StrictMath.toRadians(5));

  private final NodeKind.Concentration kind;
  private final Results<Locked> input;
  private final GraphContext context;
  private final Results<Reading> output = new Results<>();

  ConcentrationNode(NodeKind.Concentration kind, Results<Locked> input, GraphContext context) {
    this.kind = kind;
    this.input = input;
    this.context = context;
  }

  @Override
  public Results<Reading> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    input.values().forEach(locked -> output.values().add(reading(locked)));
  }

  private Reading reading(Locked locked) {
    Calibration calibration = calibration(locked.startTime());
    Environment environment = context.environments().at(locked.startTime());
    Phasor phasor = locked.phasor();
    Concentration concentration =
        calibration == null ? null : calibration.concentration(phasor, environment);
    Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
    flags.addAll(locked.flags());
    addIf(calibration == null, ReadingFlag.UNCALIBRATED, flags);
    addIf(context.simulated(), ReadingFlag.SIMULATED, flags);
    if (calibration != null) {
      addIf(calibration.lacks(environment), ReadingFlag.NO_ENVIRONMENT, flags);
      addIf(isOffResonance(phasor, calibration), ReadingFlag.OFF_RESONANCE, flags);
      addIf(isOutOfRange(concentration, calibration), ReadingFlag.OUT_OF_RANGE, flags);
      addIf(calibration.isExpired(locked.startTime()), ReadingFlag.CALIBRATION_EXPIRED, flags);
    }
    return new Reading(
        context.instrument(),
        kind.gas(),
        locked.fromSample(),
        locked.toSample(),
        context.sampleRateHz(),
        locked.startTime(),
        locked.frequencyHz(),
        phasor,
        locked.noiseDensity(),
        environment,
        locked.resonance(),
        concentration == null ? null : inUnit(concentration),
        flags);
  }

  /// Null too for one whose unit can't be told in this node's.
  private @Nullable Calibration calibration(@Nullable Instant at) {
    Calibration calibration = context.calibrations().inForce(kind.gas(), at);
    if (calibration == null) {
      calibration = kind.calibration();
    }
    boolean convertible =
        calibration != null
            && (kind.unit() == null
                || kind.density() != null
                || calibration.unit().isMass() == kind.unit().isMass());
    return convertible ? calibration : null;
  }

  private Concentration inUnit(Concentration concentration) {
    ConcentrationUnit unit = kind.unit();
    if (unit == null) {
      return concentration;
    }
    double factor = concentration.unit().in(unit, kind.density());
    return new Concentration(
        concentration.value() * factor,
        concentration.standardUncertainty() * factor,
        unit,
        concentration.calibrationId());
  }

  private static boolean isOffResonance(Phasor phasor, Calibration calibration) {
    double along = Math.abs(phasor.projectedOn(calibration.phaseDeg()));
    double across =
        Math.abs(
            phasor.projectedOn(calibration.phaseDeg() + 90)
                - calibration.response().offsetAcross());
    return across > ACROSS_IN_SIGMAS * phasor.standardUncertainty()
        && across > ACROSS_OVER_ALONG * along;
  }

  private static boolean isOutOfRange(
      @Nullable Concentration concentration, Calibration calibration) {
    return concentration != null
        && (concentration.value() > calibration.highest()
            || concentration.value()
                < calibration.lowest() - SIGNIFICANT_SIGMAS * concentration.standardUncertainty());
  }
}
