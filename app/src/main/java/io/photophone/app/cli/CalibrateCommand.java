package io.photophone.app.cli;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.CalibrationFit;
import io.photophone.analysis.calibration.CalibrationKind;
import io.photophone.analysis.calibration.CalibrationPlan;
import io.photophone.analysis.calibration.CalibrationPoint;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.Calibrations;
import io.photophone.analysis.calibration.GasBottle;
import io.photophone.app.calibration.CalibrationStore;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.Flag;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.wiring.DataDirectory;
import io.photophone.app.wiring.Parts;
import io.photophone.model.ConcentrationUnit;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `photophone calibrate`: from known gases to a calibration, over a recording or a running server.
@Command(
    name = "calibrate",
    description = {
      "Fits a calibration to known gases: in a recording, or step by step on a running server.",
      "Nothing is kept without --accept or a yes."
    },
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "The recording (WAV).")
  private @Nullable Path file;

  @Option(
      names = "--points",
      paramLabel = "POINTS",
      description = {
        "In a recording: CONCENTRATION[±UNCERTAINTY]:FROM-TO in seconds, as in 0:2-9,100:12-19,",
        "or a CSV file with the columns concentration,uncertainty,from_s,to_s.",
        "On a server: the concentrations, as in 0,10,100."
      })
  private @Nullable String points;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "zero, span or multi_point (multi_point).",
      defaultValue = "multi_point")
  private String kind;

  @Option(names = "--who", paramLabel = "NAME", description = "Who makes the calibration.")
  private @Nullable String who;

  @Option(names = "--bottle", paramLabel = "LABEL", description = "The certified gas.")
  private @Nullable String bottle;

  @Option(
      names = "--bottle-uncertainty",
      paramLabel = "RATIO",
      description = "Relative standard uncertainty of its concentration (0).")
  private @Nullable Double bottleUncertainty;

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description = "Of the concentrations: ppm, ppb or mg/m³ (ppm).",
      defaultValue = "ppm")
  private String unit;

  @Option(names = "--valid-for", paramLabel = "DAYS", description = "Until it expires (never).")
  private @Nullable Double validForDays;

  @Option(names = "--comment", paramLabel = "TEXT", description = "For the record.")
  private @Nullable String comment;

  @Option(
      names = "--readings",
      paramLabel = "N",
      description = "On a server: readings of a point (10).")
  private @Nullable Integer readings;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration with the measurement.")
  private @Nullable Path config;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (./data).")
  private @Nullable String data;

  @Option(names = "--accept", description = "Keep the calibration; it is in force from now on.")
  private boolean accept;

  @Option(names = "--history", description = "List the calibrations of the data directory.")
  private boolean history;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Calibrate on this running server, as in http://127.0.0.1:8080.")
  private @Nullable URI server;

  @Mixin private ServerToken token;
  @Mixin private ServerTrust trust;

  @Override
  public Integer call() throws IOException, ConfigException, InterruptedException {
    if (history) {
      return printHistory();
    }
    if (who == null) {
      throw new ParameterException(spec.commandLine(), "--who is missing: who calibrates?");
    }
    if (bottle == null && bottleUncertainty != null) {
      throw new ParameterException(
          spec.commandLine(), "--bottle-uncertainty is given without --bottle");
    }
    if (readings != null) {
      CalibrationPlan.Procedure.READINGS.check("--readings", readings);
    }
    if (server != null) {
      if (file != null) {
        throw new ParameterException(
            spec.commandLine(),
            "%s is given together with --server, allowed: one of them".formatted(file));
      }
      return onServer(server, who);
    }
    if (file == null || points == null) {
      throw new ParameterException(
          spec.commandLine(),
          "what is calibrated? allowed: FILE with --points, --server URL, or --history");
    }
    if (readings != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--readings has no meaning for a recording: a point has the readings in its window");
    }
    return inRecording(file, points, who);
  }

  private int printHistory() throws IOException, ConfigException {
    PhotophoneConfig configuration =
        PhotophoneConfig.read(
            config, System.getenv(), new Flags().with("--data", "data", data).toList());
    CalibrationText.print(
        out(),
        Parts.calibrations(configuration.data(), configuration.instrument()).calibrations(),
        Instant.now());
    out().flush();
    return 0;
  }

  private int onServer(URI address, String name) throws IOException, InterruptedException {
    CalibrationDialog dialog =
        new CalibrationDialog(trust.client().build(), address, token.text(), System.in, out());
    return dialog.run(
            new CalibrationDialog.Begin(
                kind, name, bottle, bottleUncertainty, unit, validForDays, comment, readings),
            points == null ? List.of() : List.of(points.split(",", -1)),
            accept)
        ? 0
        : PhotophoneCommand.FAILED;
  }

  private int inRecording(Path recording, String windows, String name)
      throws IOException, ConfigException {
    PhotophoneConfig configuration =
        PhotophoneConfig.read(config, System.getenv(), flags(recording));
    InstrumentConfig instrument = configuration.instrument();
    String gas = instrument.measurement().gas();
    CalibrationPlan plan = plan(gas, name);
    List<PointWindow> wanted = PointWindow.all(windows);
    MeasuredRecording measured = MeasuredRecording.of(instrument);
    PointWindow.check(wanted, measured.lengthS());
    List<CalibrationPoint> fitted = new ArrayList<>();
    for (PointWindow window : wanted) {
      fitted.add(
          window.measured(
              measured.readings().stream().filter(reading -> reading.gas().equals(gas)).toList(),
              plan.unit()));
    }
    Calibrations before = Parts.calibrations(configuration.data(), instrument).calibrations();
    CalibrationFit fit = CalibrationFit.of(plan, fitted, before.inForce(gas, null));
    CalibrationText.print(out(), fit);
    measured.damages().forEach(damage -> spec.commandLine().getErr().println(damage));
    if (accept) {
      accept(configuration, plan, fit);
    } else {
      out().println("not kept; --accept keeps it");
    }
    out().flush();
    return 0;
  }

  private CalibrationPlan plan(String gas, String name) {
    return new CalibrationPlan(
        CalibrationKind.named(kind),
        gas,
        name,
        bottle == null
            ? null
            : new GasBottle(bottle, bottleUncertainty == null ? 0 : bottleUncertainty),
        ConcentrationUnit.named(unit),
        validForDays == null ? null : Duration.ofSeconds(Math.round(validForDays * 86_400)),
        comment == null ? "" : comment,
        CalibrationPlan.Procedure.DEFAULT);
  }

  private void accept(PhotophoneConfig configuration, CalibrationPlan plan, CalibrationFit fit)
      throws IOException {
    try (DataDirectory held = DataDirectory.open(configuration.data())) {
      CalibrationStore store = Parts.calibrations(configuration.data(), configuration.instrument());
      Calibration adjusted = store.calibrations().inForce(plan.gas(), null);
      CalibrationRecord record =
          CalibrationRecord.of(
              configuration.instrument().name(),
              plan,
              fit,
              adjusted,
              store.calibrations().nextId(plan.gas()),
              Instant.now().truncatedTo(ChronoUnit.MICROS));
      store.add(record);
      out()
          .println(
              "%s is in force from %s on, kept in %s"
                  .formatted(record.calibration().id(), record.validFrom(), held.path()));
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private List<Flag> flags(Path recording) {
    return new Flags()
        .with("FILE", "source.type", "file")
        .with("FILE", "source.path", recording.toString())
        .with("--data", "data", data)
        .toList();
  }
}
