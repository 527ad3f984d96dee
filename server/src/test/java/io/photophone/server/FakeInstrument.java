package io.photophone.server;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.DaemonStats;
import io.photophone.acquisition.environment.ConstantEnvironment;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.AlarmEvent;
import io.photophone.model.FrameLog;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import io.photophone.model.Streamed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/// A further instrument of a server: it has a name, and streams that a test publishes to.
final class FakeInstrument {
  private static final JsonMapper JSON = JsonMapper.shared();

  final String name;
  final SharedAudioStream audio;
  final SharedAudioStream.Publisher publisher;
  final BroadcastChannel<Streamed<Spectrum>> spectra;
  final BroadcastChannel<Streamed<Reading>> readings;
  final BroadcastChannel<Streamed<NodeOutput>> outputs;
  final BroadcastChannel<Streamed<AlarmEvent>> alarms;

  FakeInstrument(String name) {
    this.name = name;
    audio = new SharedAudioStream(name + "/frames", LiveServer.BUFFER_FRAMES, StreamClock.SYSTEM);
    publisher = audio.attach("a test");
    spectra = new BroadcastChannel<>(name + "/spectra", LiveServer.BUFFER_FRAMES);
    readings = new BroadcastChannel<>(name + "/readings", LiveServer.RETAINED_READINGS);
    outputs = new BroadcastChannel<>(name + "/nodes", 16);
    alarms = new BroadcastChannel<>(name + "/alarms", LiveServer.RETAINED_READINGS);
  }

  /// What the server gets. Every answer that isn't of a stream has the instrument's name in it.
  LiveInstrument live() {
    AcquisitionState running =
        new AcquisitionState(AcquisitionState.Phase.RUNNING, "of " + name, 0, 0, 0);
    return new LiveInstrument(
        name,
        () ->
            new InstrumentInfo(
                name,
                "CO2",
                null,
                1000,
                1,
                new InstrumentInfo.Source("of " + name, false, true),
                LiveServer.RATE_HZ,
                30,
                null,
                "0.1.0"),
        LiveServer.QUIET,
        audio,
        FrameLog.NONE,
        () -> running,
        () -> 30,
        (_, _) -> CompletableFuture.completedFuture(new DaemonStats(running, audio.stats(), 30, 0)),
        null,
        new FakeSweeps(),
        spectra,
        readings,
        new LiveAnalysis(
            () -> JSON.createArrayNode().addObject().put("name", "of " + name),
            () -> List.of(new NodeTiming("tone", "lock_in", 1, 2000, 2000)),
            _ -> CompletableFuture.failedFuture(new IllegalStateException("asked of " + name)),
            _ -> {},
            outputs),
        ConstantEnvironment.UNKNOWN::state,
        _ -> {
          throw new IllegalArgumentException("asked of " + name);
        },
        new LiveAlarms(List::of, alarms, (_, _) -> false),
        new LiveCalibration(
            () -> JSON.createObjectNode().put("of", name),
            () -> JSON.createObjectNode().put("of", name),
            _ -> {}));
  }
}
