package io.photophone.analysis.calibration;

import java.util.ArrayList;
import java.util.List;

/// Where a calibration is, and what comes next.
public sealed interface CalibrationState {

  /// As in `awaiting_point`.
  String name();

  /// The commands that are allowed.
  List<String> allowed();

  /// What to do next, for people.
  String instruction();

  /// None is under way.
  ///
  /// @param note how the last one ended; may be empty
  record Idle(String note) implements CalibrationState {
    @Override
    public String name() {
      return "idle";
    }

    @Override
    public List<String> allowed() {
      return List.of("begin", "restore");
    }

    @Override
    public String instruction() {
      return joined(note, "Begin a zero, span or multi-point calibration.");
    }
  }

  /// The gas is to be switched.
  ///
  /// @param note why the last point was given up; may be empty
  record AwaitingPoint(CalibrationPlan plan, List<CalibrationPoint> points, String note)
      implements CalibrationState {
    @Override
    public String name() {
      return "awaiting_point";
    }

    @Override
    public List<String> allowed() {
      List<String> allowed = new ArrayList<>(List.of("point", "cancel"));
      if (plan.kind() == CalibrationKind.MULTI_POINT && points.size() > 1) {
        allowed.add("fit");
      }
      return List.copyOf(allowed);
    }

    @Override
    public String instruction() {
      String next =
          switch (plan.kind()) {
            case ZERO -> "Switch to zero gas, then give the point 0.";
            case SPAN -> "Switch to the span gas, then give its concentration.";
            case MULTI_POINT ->
                points.size() < 2
                    ? "Switch to the gas of point %d, then give its concentration."
                        .formatted(points.size() + 1)
                    : "Switch to the next gas and give its concentration, or fit the line.";
            case RESTORED -> throw new IllegalStateException("a plan is of a measured kind");
          };
      return joined(note, next);
    }
  }

  /// The gas was switched; its signal still changes, or hasn't been watched for long enough.
  ///
  /// @param concentration that was given for it
  /// @param concentrationUncertainty its standard uncertainty
  /// @param steady readings in a row that count
  /// @param seen readings since the point was given
  record Settling(
      CalibrationPlan plan,
      List<CalibrationPoint> points,
      double concentration,
      double concentrationUncertainty,
      int steady,
      int seen)
      implements CalibrationState {
    @Override
    public String name() {
      return "settling";
    }

    @Override
    public List<String> allowed() {
      return List.of("point", "cancel");
    }

    @Override
    public String instruction() {
      return "Wait until %s %s has settled: %d of %d steady readings, %d of at most %d seen."
          .formatted(
              concentration,
              plan.unit().wireName(),
              steady,
              plan.procedure().settledOver(),
              seen,
              plan.procedure().patience());
    }
  }

  /// The gas has settled; readings are collected.
  ///
  /// @param collected so many so far
  record Collecting(
      CalibrationPlan plan,
      List<CalibrationPoint> points,
      double concentration,
      double concentrationUncertainty,
      int collected,
      int seen)
      implements CalibrationState {
    @Override
    public String name() {
      return "collecting";
    }

    @Override
    public List<String> allowed() {
      return List.of("point", "cancel");
    }

    @Override
    public String instruction() {
      return "Keep the gas at %s %s: %d of %d readings collected."
          .formatted(concentration, plan.unit().wireName(), collected, plan.procedure().readings());
    }
  }

  /// The line is fitted and waits for somebody's judgement.
  record Review(CalibrationPlan plan, CalibrationFit fit) implements CalibrationState {
    @Override
    public String name() {
      return "review";
    }

    @Override
    public List<String> allowed() {
      return plan.kind() == CalibrationKind.MULTI_POINT
          ? List.of("accept", "point", "cancel")
          : List.of("accept", "cancel");
    }

    @Override
    public String instruction() {
      return fit.warnings().isEmpty()
          ? "Look at the residuals, then accept the calibration or cancel it."
          : "Read the warnings and look at the residuals, then accept the calibration or cancel"
              + " it.";
    }
  }

  private static String joined(String note, String next) {
    return note.isEmpty() ? next : note + " " + next;
  }
}
