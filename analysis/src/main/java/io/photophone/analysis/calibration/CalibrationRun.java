package io.photophone.analysis.calibration;

import io.photophone.analysis.calibration.CalibrationState.AwaitingPoint;
import io.photophone.analysis.calibration.CalibrationState.Collecting;
import io.photophone.analysis.calibration.CalibrationState.Idle;
import io.photophone.analysis.calibration.CalibrationState.Review;
import io.photophone.analysis.calibration.CalibrationState.Settling;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.LineFit;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A calibration of one instrument, step by step: it is told what people do and fed the readings
/// that come in, and says what it waits for.
///
/// A command that the state doesn't allow throws an [IllegalStateException] that names the state
/// and what is allowed, and changes nothing; a command with a wrong value throws an
/// [IllegalArgumentException] and changes nothing. One thread at a time.
///
/// Contract: M8.
public final class CalibrationRun {
  private static final double SIGNIFICANT_SIGMAS = 3;

  /// Below any converter's resolution, so that a computed signal without noise has weights.
  private static final double LEAST_UNCERTAINTY = 0x1p-32;

  private final String instrument;
  private CalibrationState state = new Idle("");

  /// Of the plan's gas, when the calibration began.
  private @Nullable Calibration inForce;

  /// Readings that settle, and then those that are collected.
  private final List<Reading> readings = new ArrayList<>();

  /// No calibration is under way.
  public CalibrationRun(String instrument) {
    this.instrument = instrument;
  }

  public CalibrationState state() {
    return state;
  }

  /// Begins a calibration.
  ///
  /// @param inForce of the plan's gas: what a zero or span adjusts, and whose reference conditions
  ///   are kept; null if there is none
  /// @param at now; null where nobody tells, and then nothing has expired
  public void begin(CalibrationPlan plan, @Nullable Calibration inForce, @Nullable Instant at) {
    checkAllowed("begin");
    if (plan.kind() != CalibrationKind.MULTI_POINT) {
      if (inForce == null) {
        throw new IllegalStateException(
            "%s has no calibration that a %s could adjust, needed: a multi-point calibration"
                .formatted(plan.gas(), plan.kind().wireName()));
      }
      // Refuses units that can't be converted before anybody opens a bottle.
      plan.unit().in(inForce.unit(), null);
      Instant until = inForce.validUntil();
      // A zero doesn't prolong the validity, so nothing could be accepted.
      if (plan.kind() == CalibrationKind.ZERO
          && until != null
          && at != null
          && !at.isBefore(until)) {
        throw new IllegalStateException(
            "%s of %s expired on %s, needed: a span or multi-point calibration"
                .formatted(inForce.id(), plan.gas(), until));
      }
    }
    this.inForce = inForce;
    state = new AwaitingPoint(plan, List.of(), "");
  }

  /// The gas has been switched to a concentration, in the plan's unit; also replaces the point that
  /// is being measured.
  ///
  /// @param uncertainty its standard uncertainty without the bottle's
  public void point(double concentration, double uncertainty) {
    checkAllowed("point");
    CalibrationPoint.CONCENTRATION.check("concentration", concentration);
    CalibrationPoint.CONCENTRATION.check("concentration_uncertainty", uncertainty);
    CalibrationPlan plan = plan();
    if (plan.kind() == CalibrationKind.ZERO && concentration != 0) {
      throw new IllegalArgumentException(
          "concentration is %s, allowed for a zero: 0".formatted(concentration));
    }
    if (plan.kind() == CalibrationKind.SPAN && concentration == 0) {
      throw new IllegalArgumentException("concentration is 0, allowed for a span: above 0");
    }
    readings.clear();
    state = new Settling(plan, points(), concentration, uncertainty, 0, 0);
  }

  /// Fits the line to the points of a multi-point calibration.
  public void fit() {
    checkAllowed("fit");
    CalibrationPlan plan = plan();
    try {
      state = new Review(plan, CalibrationFit.of(plan, points(), inForce));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "the line can't be fitted: %s; allowed: %s"
              .formatted(e.getMessage(), String.join(", ", state.allowed())),
          e);
    }
  }

  /// Gives up the calibration, or ends it once its record is kept.
  ///
  /// @param note how it ended, for people
  public void end(String note) {
    checkAllowed("cancel");
    readings.clear();
    state = new Idle(note);
  }

  /// What accepting the reviewed calibration adds to the instrument's; the review goes on until it
  /// is ended, so that a record that can't be kept isn't lost.
  ///
  /// @param id gives the calibration's, for its gas
  /// @param from when it comes in force
  public CalibrationRecord accepted(UnaryOperator<String> id, Instant from) {
    checkAllowed("accept");
    if (!(state instanceof Review(CalibrationPlan plan, CalibrationFit fit))) {
      throw new IllegalStateException("a calibration is accepted in review alone: " + state);
    }
    return CalibrationRecord.of(instrument, plan, fit, inForce, id.apply(plan.gas()), from);
  }

  /// Takes the next reading. Those of other instruments and gases are ignored.
  public void add(Reading reading) {
    if (state instanceof Settling settling && isOurs(reading, settling.plan())) {
      settle(reading, settling);
    } else if (state instanceof Collecting collecting && isOurs(reading, collecting.plan())) {
      collect(reading, collecting);
    }
  }

  private boolean isOurs(Reading reading, CalibrationPlan plan) {
    return reading.instrument().equals(instrument) && reading.gas().equals(plan.gas());
  }

  private void settle(Reading reading, Settling settling) {
    if (CalibrationPoint.counts(reading)) {
      readings.add(reading);
    } else if (reading.has(ReadingFlag.SETTLING)) {
      readings.clear();
    }
    CalibrationPlan.Procedure procedure = settling.plan().procedure();
    if (readings.size() > procedure.settledOver()) {
      readings.removeFirst();
    }
    int seen = settling.seen() + 1;
    if (readings.size() == procedure.settledOver() && !isTrending(readings)) {
      readings.clear();
      state =
          new Collecting(
              settling.plan(),
              settling.points(),
              settling.concentration(),
              settling.concentrationUncertainty(),
              0,
              seen);
    } else if (seen >= procedure.patience()) {
      giveUp(
          "%s %s was given up: it had not settled after %d readings, the last with the flags %s."
              .formatted(
                  settling.concentration(),
                  settling.plan().unit().wireName(),
                  seen,
                  flags(reading)));
    } else {
      state =
          new Settling(
              settling.plan(),
              settling.points(),
              settling.concentration(),
              settling.concentrationUncertainty(),
              readings.size(),
              seen);
    }
  }

  private void collect(Reading reading, Collecting collecting) {
    CalibrationPlan.Procedure procedure = collecting.plan().procedure();
    int seen = collecting.seen() + 1;
    if (reading.has(ReadingFlag.SETTLING) && !reading.has(ReadingFlag.GAP)) {
      giveUp(
          "%s %s was given up: the signal changed while its readings were collected."
              .formatted(collecting.concentration(), collecting.plan().unit().wireName()));
      return;
    }
    if (CalibrationPoint.counts(reading)) {
      readings.add(reading);
    }
    if (readings.size() == procedure.readings()) {
      if (isTrending(readings)) {
        readings.clear();
        state =
            new Settling(
                collecting.plan(),
                collecting.points(),
                collecting.concentration(),
                collecting.concentrationUncertainty(),
                0,
                seen);
      } else {
        endPoint(collecting);
      }
    } else if (seen >= procedure.patience()) {
      giveUp(
          "%s %s was given up: %d of %d readings were collected after %d, the last had the flags %s."
              .formatted(
                  collecting.concentration(),
                  collecting.plan().unit().wireName(),
                  readings.size(),
                  procedure.readings(),
                  seen,
                  flags(reading)));
    } else {
      state =
          new Collecting(
              collecting.plan(),
              collecting.points(),
              collecting.concentration(),
              collecting.concentrationUncertainty(),
              readings.size(),
              seen);
    }
  }

  private void endPoint(Collecting collecting) {
    CalibrationPlan plan = collecting.plan();
    List<CalibrationPoint> points = new ArrayList<>(collecting.points());
    points.add(
        CalibrationPoint.of(
            collecting.concentration(),
            collecting.concentrationUncertainty(),
            plan.unit(),
            List.copyOf(readings)));
    readings.clear();
    if (plan.kind() == CalibrationKind.MULTI_POINT) {
      state = new AwaitingPoint(plan, List.copyOf(points), "");
      return;
    }
    try {
      state = new Review(plan, CalibrationFit.of(plan, points, inForce));
    } catch (IllegalArgumentException e) {
      state =
          new AwaitingPoint(plan, List.of(), "The point can't be used: " + e.getMessage() + ".");
    }
  }

  private void giveUp(String note) {
    CalibrationPlan plan = plan();
    List<CalibrationPoint> points = points();
    readings.clear();
    state = new AwaitingPoint(plan, points, note);
  }

  private void checkAllowed(String command) {
    if (!state.allowed().contains(command)) {
      throw new IllegalStateException(
          "the calibration is %s, which doesn't allow %s; allowed: %s"
              .formatted(state.name(), command, String.join(", ", state.allowed())));
    }
  }

  private CalibrationPlan plan() {
    return switch (state) {
      case Idle idle -> throw new IllegalStateException("no calibration is under way: " + idle);
      case AwaitingPoint awaiting -> awaiting.plan();
      case Settling settling -> settling.plan();
      case Collecting collecting -> collecting.plan();
      case Review review -> review.plan();
    };
  }

  private List<CalibrationPoint> points() {
    return switch (state) {
      case Idle idle -> throw new IllegalStateException("no calibration is under way: " + idle);
      case AwaitingPoint awaiting -> awaiting.points();
      case Settling settling -> settling.points();
      case Collecting collecting -> collecting.points();
      case Review review -> review.fit().points();
    };
  }

  /// Whether X or Y rises or falls by more than its noise explains.
  private static boolean isTrending(List<Reading> readings) {
    return isTrending(readings, Phasor::inPhase) || isTrending(readings, Phasor::quadrature);
  }

  private static boolean isTrending(List<Reading> readings, ToDoubleFunction<Phasor> component) {
    double[] x = new double[readings.size()];
    double[] y = new double[x.length];
    double[] uncertainties = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      Phasor phasor = readings.get(i).phasor();
      x[i] = i;
      y[i] = component.applyAsDouble(phasor);
      uncertainties[i] = Math.max(phasor.standardUncertainty(), LEAST_UNCERTAINTY);
    }
    Estimate slope = LineFit.weighted(x, y, uncertainties).slope();
    return Math.abs(slope.value()) > SIGNIFICANT_SIGMAS * slope.standardUncertainty();
  }

  private static String flags(Reading reading) {
    Set<ReadingFlag> flags = reading.flags();
    return flags.isEmpty()
        ? "none"
        : String.join(", ", flags.stream().map(ReadingFlag::wireName).toList());
  }
}
