package io.photophone.app.calibration;

import io.photophone.acquisition.supervision.Task;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.CalibrationFit;
import io.photophone.analysis.calibration.CalibrationKind;
import io.photophone.analysis.calibration.CalibrationPlan;
import io.photophone.analysis.calibration.CalibrationPlan.Procedure;
import io.photophone.analysis.calibration.CalibrationPoint;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.CalibrationRun;
import io.photophone.analysis.calibration.CalibrationState;
import io.photophone.analysis.calibration.Calibrations;
import io.photophone.analysis.calibration.GasBottle;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.CalibrationCommand;
import io.photophone.server.LiveCalibration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Calibrates a running instrument: takes people's commands and the instrument's readings, and
/// keeps what is accepted, which is in force from the next window on.
///
/// For any thread; commands and readings take turns.
///
/// Contract: M8.
public final class Calibrator {
  private static final System.Logger LOG = System.getLogger(Calibrator.class.getName());

  private final String instrument;
  private final List<String> gases;
  private final CalibrationStore store;
  private final InstantSource clock;
  private final CalibrationRun run;

  /// What the measurement asks; written with the lock held.
  private volatile Calibrations calibrations;

  /// Instead of how the last calibration ended, once one was restored; null as soon as another
  /// begins. Guarded by this object's lock.
  private CalibrationState.@Nullable Idle restored;

  /// Whether the newest reading couldn't be taken, which is logged once; guarded likewise.
  private boolean failing;

  /// When the newest reading ended, where its source tells.
  private @Nullable Instant newestEnd;

  /// @param gases that the instrument measures
  /// @param clock tells when a calibration is accepted
  public Calibrator(List<String> gases, CalibrationStore store, InstantSource clock) {
    this.instrument = store.calibrations().instrument();
    this.gases = List.copyOf(gases);
    this.store = store;
    this.clock = clock;
    this.run = new CalibrationRun(instrument);
    this.calibrations = store.calibrations();
  }

  /// All calibrations as they are now.
  public Calibrations calibrations() {
    return calibrations;
  }

  /// What the server sees of it.
  public LiveCalibration live() {
    return new LiveCalibration(this::history, this::state, this::carryOut);
  }

  /// Starts the task that takes readings until their channel is closed.
  public void start(BroadcastChannel<Streamed<Reading>> readings, TaskSupervisor tasks) {
    Receiver<Streamed<Reading>> receiver = readings.subscribeAt("calibration", Resume.NEWEST, 0);
    tasks.start(
        new Task(
            "calibration of " + instrument,
            Task.Kind.RESTARTABLE,
            true,
            () -> feed(receiver),
            receiver::close));
  }

  private void feed(Receiver<Streamed<Reading>> receiver) throws InterruptedException {
    while (true) {
      switch (receiver.receive()) {
        case Received.Message<Streamed<Reading>> message -> {
          if (message.value() instanceof Streamed.Item<Reading>(Reading reading)) {
            addOrCancel(reading);
          }
        }
        case Received.Lagged<Streamed<Reading>>(long missed) -> beginPointAnew(missed);
        case Received.Empty<Streamed<Reading>> _ -> {}
        case Received.Closed<Streamed<Reading>> _ -> {
          receiver.close();
          return;
        }
      }
    }
  }

  /// A reading that can't be taken ends the calibration under way; the next one can begin.
  private synchronized void addOrCancel(Reading reading) {
    try {
      add(reading);
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.log(System.Logger.Level.ERROR, "the calibration of " + instrument + " failed", e);
      }
      failing = true;
      if (!(run.state() instanceof CalibrationState.Idle)) {
        run.end("The calibration was cancelled: a reading could not be taken: " + e + ".");
      }
    }
  }

  /// A mean over readings of which some are missing would hide that the gas wasn't steady.
  ///
  /// @param missed readings that were overwritten before they could be taken
  synchronized void beginPointAnew(long missed) {
    switch (run.state()) {
      case CalibrationState.Settling settling ->
          beginPointAnew(missed, settling.concentration(), settling.concentrationUncertainty());
      case CalibrationState.Collecting collecting ->
          beginPointAnew(missed, collecting.concentration(), collecting.concentrationUncertainty());
      case CalibrationState.Idle _,
          CalibrationState.AwaitingPoint _,
          CalibrationState.Review _ -> {}
    }
  }

  private void beginPointAnew(long missed, double concentration, double uncertainty) {
    LOG.log(
        System.Logger.Level.WARNING,
        "the calibration of {0} missed {1} readings; the point {2} begins anew",
        instrument,
        missed,
        concentration);
    run.point(concentration, uncertainty);
  }

  /// Takes the instrument's next reading.
  synchronized void add(Reading reading) {
    Instant start = reading.startTime();
    if (start != null) {
      long nanos = Math.round((reading.toSeconds() - reading.fromSeconds()) * 1e9);
      newestEnd = start.plusNanos(nanos);
    }
    run.add(reading);
  }

  /// Carries out what a client asks for, as [LiveCalibration] says.
  synchronized void carryOut(CalibrationCommand command) {
    switch (command) {
      case CalibrationCommand.Begin begin -> {
        CalibrationPlan plan = plan(begin);
        run.begin(plan, calibrations.inForce(plan.gas(), null), from());
        restored = null;
      }
      case CalibrationCommand.Point(Double concentration, Double uncertainty) ->
          run.point(given("concentration", concentration), uncertainty == null ? 0 : uncertainty);
      case CalibrationCommand.Fit() -> run.fit();
      case CalibrationCommand.Accept() -> accept();
      case CalibrationCommand.Cancel() -> run.end("The calibration was cancelled.");
      case CalibrationCommand.Restore(String id, String who, String comment) ->
          restore(given("id", id), given("who", who), comment == null ? "" : comment);
    }
  }

  private CalibrationPlan plan(CalibrationCommand.Begin begin) {
    String gas = begin.gas() == null && gases.size() == 1 ? gases.getFirst() : begin.gas();
    if (gas == null || !gases.contains(gas)) {
      throw new IllegalArgumentException(
          "gas is %s, allowed: %s"
              .formatted(gas == null ? "missing" : gas, String.join(", ", gases)));
    }
    Double days = begin.validForDays();
    return new CalibrationPlan(
        CalibrationKind.named(given("kind", begin.kind())),
        gas,
        given("who", begin.who()),
        bottle(begin),
        ConcentrationUnit.named(given("unit", begin.unit())),
        days == null ? null : duration(days),
        begin.comment() == null ? "" : begin.comment(),
        new Procedure(
            orElse(begin.settledOver(), Procedure.DEFAULT.settledOver()),
            orElse(begin.readings(), Procedure.DEFAULT.readings()),
            orElse(begin.patience(), Procedure.DEFAULT.patience())));
  }

  private static @Nullable GasBottle bottle(CalibrationCommand.Begin begin) {
    Double relative = begin.bottleRelativeUncertainty();
    if (begin.bottle() == null) {
      if (relative != null) {
        throw new IllegalArgumentException(
            "bottle_relative_uncertainty is %s without a bottle".formatted(relative));
      }
      return null;
    }
    return new GasBottle(begin.bottle(), relative == null ? 0 : relative);
  }

  private static Duration duration(double days) {
    CalibrationPlan.VALID_FOR_DAYS.check("valid_for_days", days);
    return Duration.ofSeconds(Math.round(days * 86_400));
  }

  private static int orElse(@Nullable Integer value, int preset) {
    return value == null ? preset : value;
  }

  private static <T> T given(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private void accept() {
    CalibrationRecord record = run.accepted(calibrations::nextId, from());
    keep(record);
    run.end("%s is in force since %s.".formatted(record.calibration().id(), record.validFrom()));
  }

  private void restore(String id, String who, String comment) {
    if (!run.state().allowed().contains("restore")) {
      throw new IllegalStateException(
          "the calibration is %s, which doesn't allow restore; allowed: %s"
              .formatted(run.state().name(), String.join(", ", run.state().allowed())));
    }
    CalibrationRecord record = calibrations.restoring(id, who, comment, from());
    keep(record);
    restored =
        new CalibrationState.Idle(
            "%s, which restores %s, is in force since %s."
                .formatted(record.calibration().id(), id, record.validFrom()));
  }

  /// A window that has begun keeps the calibration that was in force then; a recording that is
  /// played faster than real time is ahead of the clock.
  private Instant from() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return newestEnd != null && newestEnd.isAfter(now) ? newestEnd : now;
  }

  private void keep(CalibrationRecord record) {
    try {
      store.add(record);
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
    calibrations = store.calibrations();
  }

  /// All calibrations, oldest first, and those in force now.
  ObjectNode history() {
    Calibrations all = calibrations;
    Instant now = clock.instant();
    ObjectNode json = JsonMapper.shared().createObjectNode().put("instrument", instrument);
    ArrayNode inForce = json.putArray("in_force");
    Set<String> known = new TreeSet<>(gases);
    known.addAll(all.configured().keySet());
    all.records().forEach(record -> known.add(record.gas()));
    for (String gas : known) {
      Calibration calibration = all.inForce(gas, null);
      if (calibration != null) {
        inForce.add(
            all.records().stream()
                .filter(record -> record.calibration().equals(calibration))
                .findFirst()
                .map(CalibrationJson::of)
                .orElseGet(() -> CalibrationJson.configured(instrument, gas, calibration))
                .put("expired", calibration.isExpired(now)));
      }
    }
    ArrayNode records = json.putArray("calibrations");
    all.records().forEach(record -> records.add(CalibrationJson.of(record)));
    return json;
  }

  /// Where the calibration under way is. What a state doesn't have is null.
  synchronized ObjectNode state() {
    CalibrationState state = restored == null ? run.state() : restored;
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("state", state.name());
    ArrayNode allowed = json.putArray("allowed");
    state.allowed().forEach(allowed::add);
    json.put("instruction", state.instruction());
    ArrayNode known = json.putArray("gases");
    gases.forEach(known::add);
    switch (state) {
      case CalibrationState.Idle _ -> {}
      case CalibrationState.AwaitingPoint(CalibrationPlan plan, List<CalibrationPoint> points, _) ->
          addPlan(json, plan, points);
      case CalibrationState.Settling settling -> {
        addPlan(json, settling.plan(), settling.points());
        json.put("concentration", settling.concentration())
            .put("steady", settling.steady())
            .put("seen", settling.seen());
      }
      case CalibrationState.Collecting collecting -> {
        addPlan(json, collecting.plan(), collecting.points());
        json.put("concentration", collecting.concentration())
            .put("collected", collecting.collected())
            .put("seen", collecting.seen());
      }
      case CalibrationState.Review(CalibrationPlan plan, CalibrationFit fit) -> {
        addPlan(json, plan, fit.points());
        json.set("fit", CalibrationJson.of(fit));
        json.put("sensitivity", fit.response().sensitivity())
            .put("offset", fit.response().offset())
            .put("phase_deg", fit.phaseDeg())
            .put("relative_uncertainty", fit.response().relativeUncertainty())
            .put("offset_uncertainty", fit.response().offsetUncertainty());
      }
    }
    return json;
  }

  private static void addPlan(
      ObjectNode json, CalibrationPlan plan, List<CalibrationPoint> points) {
    GasBottle bottle = plan.bottle();
    Duration validFor = plan.validFor();
    json.put("kind", plan.kind().wireName())
        .put("gas", plan.gas())
        .put("who", plan.who())
        .put("bottle", bottle == null ? null : bottle.label())
        .put("unit", plan.unit().wireName())
        .put("valid_for_days", validFor == null ? null : validFor.toSeconds() / 86_400.0)
        .put("settled_over", plan.procedure().settledOver())
        .put("readings", plan.procedure().readings())
        .put("patience", plan.procedure().patience());
    ArrayNode measured = json.putArray("points");
    points.forEach(point -> measured.add(CalibrationJson.of(point)));
  }
}
