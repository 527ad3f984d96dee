package io.photophone.acquisition.source;

import org.jspecify.annotations.Nullable;

/// Opens simulated cells of one configuration, and passes commands to the one that plays. For any
/// thread.
///
/// A cell that is opened begins as configured: what an earlier one was told is gone.
public final class SimulatedSource implements AudioSource.Opener {
  private final SimulatedCellConfig config;
  private @Nullable SimulatedCell cell;

  public SimulatedSource(SimulatedCellConfig config) {
    this.config = config;
  }

  public SimulatedCellConfig config() {
    return config;
  }

  @Override
  public synchronized SimulatedCell open() {
    SimulatedCell opened = new SimulatedCell(config);
    cell = opened;
    return opened;
  }

  /// What is in force in the newest cell.
  public SimulationState state() {
    return playing().state();
  }

  /// Commands the newest cell.
  ///
  /// @return what is in force from the command's sample on
  /// @throws IllegalArgumentException if the cell can't do it, with the value and what is allowed
  public SimulationState command(SimulationCommand command) {
    SimulatedCell playing = playing();
    playing.command(command);
    return playing.state();
  }

  private synchronized SimulatedCell playing() {
    SimulatedCell playing = cell;
    if (playing == null) {
      throw new IllegalStateException("no simulated cell has been opened");
    }
    return playing;
  }
}
