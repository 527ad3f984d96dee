package io.photophone.server;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.DaemonCommand;
import io.photophone.acquisition.daemon.DaemonStats;
import io.photophone.acquisition.environment.EnvironmentState;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.FrameLog;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import io.photophone.model.Stability;
import io.photophone.model.Streamed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the server reads of a running instrument, and how it asks it for something.
///
/// @param info what it is at present; another graph or calibration may change it
/// @param targetFps frames a second that are asked for at present
/// @param commands asks the acquisition for something, and no longer than the time given
/// @param frames hears what the server does with the frames
/// @param simulation the source, if it is simulated
/// @param readings retains those that a page asks for when it opens
/// @param environment how the sensor of temperature and pressure is doing
/// @param stability what readings of one gas tell, or an [IllegalArgumentException] that says why
///   they don't
public record LiveInstrument(
    String name,
    Supplier<InstrumentInfo> info,
    StreamingConfig streaming,
    SharedAudioStream audio,
    FrameLog frames,
    Supplier<AcquisitionState> acquisition,
    DoubleSupplier targetFps,
    BiFunction<DaemonCommand, Duration, CompletableFuture<DaemonStats>> commands,
    @Nullable SimulatedSource simulation,
    Sweeps sweeps,
    BroadcastChannel<Streamed<Spectrum>> spectra,
    BroadcastChannel<Streamed<Reading>> readings,
    LiveAnalysis analysis,
    Supplier<EnvironmentState> environment,
    Function<List<Reading>, Stability> stability,
    LiveAlarms alarms,
    LiveCalibration calibration) {}
