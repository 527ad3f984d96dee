package io.photophone.acquisition.source;

import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.model.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a simulated cell can be told while it plays.
public sealed interface SimulationCommand {

  /// Something goes wrong from now on, beside the configured faults.
  ///
  /// @param length null for until it is cleared, which a dropout can't be: no sample comes before
  ///   its end
  record RaiseFault(FaultKind kind, @Nullable Duration length) implements SimulationCommand {
    public static final Range DROPOUT_S = Range.above(0, 60);

    public RaiseFault {
      if (length != null) {
        Range allowed = kind == FaultKind.DROPOUT ? DROPOUT_S : SimulatedCellConfig.STEP_S;
        allowed.check("for_s", length.toNanos() / 1e9);
      } else if (kind == FaultKind.DROPOUT) {
        throw new IllegalArgumentException("for_s is missing for a dropout, allowed: " + DROPOUT_S);
      }
    }
  }

  /// A fault that was raised ends; a configured one goes on.
  record ClearFault(FaultKind kind) implements SimulationCommand {}

  /// This concentration, whatever the script says.
  record SetConcentration(double ppm) implements SimulationCommand {
    public SetConcentration {
      SimulatedCellConfig.PPM.check("ppm", ppm);
    }
  }

  /// The concentration of the script again.
  record FollowScript() implements SimulationCommand {}

  /// Another temperature, reached in a straight line.
  ///
  /// @param over how long that takes; zero for at once
  record SetTemperature(double celsius, Duration over) implements SimulationCommand {
    public static final Range OVER_S = Range.closed(0, 86_400);

    public SetTemperature {
      SimulatedCellConfig.TEMPERATURE_C.check("celsius", celsius);
      OVER_S.check("over_s", over.toNanos() / 1e9);
    }
  }

  /// Another frequency of the laser's modulation, whose phase goes on without a jump.
  record SetModulation(double hz) implements SimulationCommand {
    public SetModulation {
      SimulatedCellConfig.FREQUENCY_HZ.check("hz", hz);
    }
  }
}
