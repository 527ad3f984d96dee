package io.photophone.app.notes;

import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.FrameLog;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.LiveWhy;

/// What a server notes of itself, so that it can say afterwards why a reading was late.
public interface Notes extends AutoCloseable {

  /// Begins to note, until the tasks are stopped.
  void start(TaskSupervisor tasks);

  /// Hears of the frames of an instrument.
  FrameLog frames(String instrument);

  /// What explains the readings of an instrument.
  ///
  /// @param readings retains those that can be asked about
  LiveWhy why(String instrument, BroadcastChannel<Streamed<Reading>> readings);

  @Override
  void close();

  /// Notes nothing.
  ///
  /// @param reason for whoever asks
  record Off(String reason) implements Notes {
    @Override
    public void start(TaskSupervisor tasks) {}

    @Override
    public FrameLog frames(String instrument) {
      return FrameLog.NONE;
    }

    @Override
    public LiveWhy why(String instrument, BroadcastChannel<Streamed<Reading>> readings) {
      return LiveWhy.none(reason);
    }

    @Override
    public void close() {}
  }
}
