package io.photophone.server;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.stream.StreamStats;
import io.photophone.acquisition.supervision.TaskState;
import io.photophone.model.CaptureTime;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.security.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/health/live` and `/health/ready`: whether the process does its work, and whether it has what
/// it needs for it. Contract: B6.
final class HealthResource {
  private static final String TAG = "Health";

  static final Operation LIVE =
      Operation.get("/health/live", TAG, "Whether the process is to be left running")
          .open(new Access.Anyone())
          .json("it is", Live.class)
          .answering(
              new Outcome.Json(
                  HttpStatus.SERVICE_UNAVAILABLE_503, "a critical task has failed", Live.class));
  static final Operation READY =
      Operation.get("/health/ready", TAG, "Whether audio comes and is measured")
          .open(new Access.Anyone())
          .json("it does, perhaps with a warning", Ready.class)
          .answering(
              new Outcome.Json(
                  HttpStatus.SERVICE_UNAVAILABLE_503, "it does not, and why", Ready.class));

  /// Room on the disk below which it is told, and below which nothing can be kept.
  private static final long LITTLE_ROOM_BYTES = 100L << 20;

  private static final long NO_ROOM_BYTES = 1L << 20;

  /// A running source's newest frame may be so many periods old, and so long in any case.
  private static final double PERIODS = 5;

  private static final double FRAME_AGE_S = 2;

  private final List<LiveInstrument> instruments;
  private final LiveSystem system;
  private final @Nullable ServerCertificate certificate;
  private final InstantSource clock;

  /// @param certificate null where connections aren't encrypted
  HealthResource(
      List<LiveInstrument> instruments,
      LiveSystem system,
      @Nullable ServerCertificate certificate,
      InstantSource clock) {
    this.instruments = List.copyOf(instruments);
    this.system = system;
    this.certificate = certificate;
    this.clock = clock;
  }

  /// How it stands; the worst of the parts is that of the whole.
  enum Status {
    PASS,
    WARN,
    FAIL
  }

  record Live(Status status, @Nullable String reason) {}

  /// @param reasons what is not as it should be, for people
  /// @param certificate null where connections aren't encrypted
  record Ready(
      Status status,
      List<String> reasons,
      List<Instrument> instruments,
      List<Task> tasks,
      Disk disk,
      @Nullable Certificate certificate) {}

  /// @param source state of the source
  /// @param breaker whether a source that fails is tried
  /// @param frameAgeS since the newest frame; null before the first
  record Instrument(
      String name,
      Status status,
      String source,
      String breaker,
      @Nullable String error,
      double fps,
      double expectedFps,
      @Nullable Double frameAgeS) {}

  record Task(
      String name, String kind, String state, long restarts, @Nullable String lastFailure) {}

  /// @param freeBytes null where it can't be told
  record Disk(Status status, @Nullable Long freeBytes) {}

  /// That of the server. One that is out of force keeps clients away.
  record Certificate(Status status, Instant validUntil) {}

  void live(Request request, Response response, Callback callback) {
    String reason = system.tasks().failureNow();
    write(
        response,
        callback,
        new Live(reason == null ? Status.PASS : Status.FAIL, reason),
        reason == null);
  }

  void ready(Request request, Response response, Callback callback) {
    Ready ready = now();
    write(response, callback, ready, ready.status() != Status.FAIL);
  }

  private static void write(Response response, Callback callback, Object body, boolean well) {
    response.setStatus(well ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503);
    Routes.writeJson(response, callback, body);
  }

  /// How it stands.
  Ready now() {
    List<String> reasons = new ArrayList<>();
    Status worst = Status.PASS;
    List<Instrument> told = new ArrayList<>();
    for (LiveInstrument live : instruments) {
      Instrument instrument = instrument(live, reasons);
      told.add(instrument);
      worst = worse(worst, instrument.status());
    }
    if (instruments.isEmpty()) {
      reasons.add("no source is configured");
      worst = Status.WARN;
    }
    List<Task> tasks = new ArrayList<>();
    for (TaskState task : system.tasks().tasks()) {
      tasks.add(
          new Task(
              task.name(),
              task.kind().wireName(),
              task.stage().wireName(),
              task.restarts(),
              task.lastFailure()));
      Status status =
          switch (task.stage()) {
            case RUNNING -> Status.PASS;
            case PAUSED -> Status.WARN;
            case FAILED -> Status.FAIL;
          };
      if (status != Status.PASS) {
        reasons.add(
            "%s is %s: %s".formatted(task.name(), task.stage().wireName(), task.lastFailure()));
      }
      worst = worse(worst, status);
    }
    Disk disk = disk(reasons);
    worst = worse(worst, disk.status());
    Certificate shown = certificate(reasons);
    if (shown != null) {
      worst = worse(worst, shown.status());
    }
    return new Ready(worst, reasons, told, tasks, disk, shown);
  }

  private static Status worse(Status a, Status b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Instrument instrument(LiveInstrument live, List<String> reasons) {
    AcquisitionState state = live.acquisition().get();
    StreamStats stream = live.audio().stats();
    CaptureTime last = stream.lastUpdate();
    Double ageS = last == null ? null : (System.nanoTime() - last.monotonicNanos()) / 1e9;
    double fps = live.targetFps().getAsDouble();
    Status status =
        switch (state.phase()) {
          case RUNNING -> {
            if (ageS != null && ageS > Math.max(FRAME_AGE_S, PERIODS / fps)) {
              reasons.add("%s: the newest frame is %.1f s old".formatted(live.name(), ageS));
              yield Status.FAIL;
            }
            yield Status.PASS;
          }
          case STOPPED, STOPPING, ENDED -> {
            reasons.add("%s: the source is %s".formatted(live.name(), state.phase().wireName()));
            yield Status.WARN;
          }
          case STARTING, RETRYING, STALLED, ERROR -> {
            reasons.add(
                "%s: the source is %s%s"
                    .formatted(
                        live.name(),
                        state.phase().wireName(),
                        state.error() == null ? "" : ", " + state.error()));
            yield Status.FAIL;
          }
        };
    return new Instrument(
        live.name(),
        status,
        state.phase().wireName(),
        state.breaker().wireName(),
        state.error(),
        stream.framesPerSecond(),
        fps,
        ageS);
  }

  private @Nullable Certificate certificate(List<String> reasons) {
    if (certificate == null) {
      return null;
    }
    Instant now = clock.instant();
    List<String> complaints = certificate.complaints(now);
    reasons.addAll(complaints);
    Status status =
        !certificate.isInForce(now)
            ? Status.FAIL
            : complaints.isEmpty() ? Status.PASS : Status.WARN;
    return new Certificate(status, certificate.validUntil());
  }

  private Disk disk(List<String> reasons) {
    try {
      long free = Files.getFileStore(system.data()).getUsableSpace();
      Status status =
          free < NO_ROOM_BYTES ? Status.FAIL : free < LITTLE_ROOM_BYTES ? Status.WARN : Status.PASS;
      if (status != Status.PASS) {
        reasons.add("the data directory has %.1f MB left".formatted(free / 1e6));
      }
      return new Disk(status, free);
    } catch (IOException e) {
      reasons.add("the data directory can't be asked for its room: " + e.getMessage());
      return new Disk(Status.FAIL, null);
    }
  }
}
