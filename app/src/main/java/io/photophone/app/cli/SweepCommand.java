package io.photophone.app.cli;

import io.photophone.acquisition.source.FileSource;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.analysis.resonance.SweepResult;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.app.wiring.SweepReport;
import io.photophone.app.wiring.SweepRun;
import io.photophone.app.wiring.SweepStore;
import io.photophone.model.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `photophone sweep`: resonance frequency and quality, with their uncertainties.
@Command(
    name = "sweep",
    description = {
      "Fits the resonance that a sweep of the laser shows: of the simulated cell, of a recording",
      "of such a sweep (WAV), or of a table (CSV)."
    },
    mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
  private static final Range START_S = Range.closed(0, 86_400);

  @Spec private CommandSpec spec;

  @Mixin private final SweepOptions options = new SweepOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description =
          "Recording of a stepped sweep with this plan (WAV), or a table with the columns"
              + " frequency_hz, amplitude[, phase_deg] (CSV).")
  private @Nullable Path file;

  @Option(
      names = "--start",
      paramLabel = "S",
      description = "Where the sweep begins in the recording, in seconds (0).")
  private @Nullable Double startS;

  @Option(
      names = "--channels",
      paramLabel = "A[,B]",
      description = "Channels of the file that are microphones A and B, from 1.")
  private @Nullable String channels;

  @Option(
      names = "--magnitudes",
      description = "Fit amplitudes alone, for a laser whose phase isn't known.")
  private boolean magnitudes;

  @Option(
      names = "--ppm",
      paramLabel = "C",
      description = "Gas in the simulated cell (the script's highest).")
  private @Nullable Double ppm;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration with the instrument and its simulated source.")
  private @Nullable Path config;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (./data).")
  private @Nullable String data;

  @Option(names = "--store", description = "Keep the result in the data directory.")
  private boolean store;

  @Option(
      names = "--format",
      description = "One of ${COMPLETION-CANDIDATES} (table).",
      defaultValue = "table")
  private ReadingsText.Format format;

  @Override
  public Integer call() throws IOException, ConfigException, InterruptedException {
    PhotophoneConfig configuration =
        PhotophoneConfig.read(config, System.getenv(), flags().toList());
    SweepReport report = report(configuration);
    SweepText.write(spec.commandLine().getOut(), format, report);
    report
        .warnings()
        .forEach(warning -> spec.commandLine().getErr().println("photophone: " + warning));
    if (store) {
      Path kept = new SweepStore(configuration.data(), report.instrument()).add(report.json());
      spec.commandLine().getErr().println("kept as " + kept);
    }
    return report.result().resonance() == null ? PhotophoneCommand.FAILED : 0;
  }

  private Flags flags() {
    Flags flags = new Flags().with("--data", "data", data);
    if (file == null) {
      refuse("--start", startS, "a simulated cell");
      refuse("--channels", channels, "a simulated cell");
      return flags;
    }
    refuse("--ppm", ppm, "a file");
    if (isTable(file)) {
      refuse("--start", startS, "a table");
      refuse("--channels", channels, "a table");
      refuse("--from, --to, --steps, --dwell or --quality", options.given() ? "" : null, "a table");
      return flags;
    }
    return flags
        .with("FILE", "source.type", "file")
        .with("FILE", "source.path", file.toString())
        .with("--channels", "source.channels", channels);
  }

  private void refuse(String option, @Nullable Object given, String of) {
    if (given != null) {
      throw new ParameterException(
          spec.commandLine(), "%s has no meaning for a sweep of %s".formatted(option, of));
    }
  }

  private static boolean isTable(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private SweepReport report(PhotophoneConfig configuration)
      throws IOException, InterruptedException {
    String instrument = configuration.instrument().name();
    Path given = file;
    if (given == null) {
      SweepPlan plan = options.plan();
      return new SweepReport(
          instrument, Instant.now(), "simulated cell", plan, ofCell(configuration, plan));
    }
    if (isTable(given)) {
      SweepCsv table = SweepCsv.read(given);
      return new SweepReport(
          instrument,
          Instant.now(),
          given.toString(),
          null,
          SweepResult.of(table.points(), table.hasPhases() && !magnitudes));
    }
    SweepPlan plan = options.plan();
    return new SweepReport(
        instrument, Instant.now(), given.toString(), plan, ofRecording(configuration, given, plan));
  }

  private SweepResult ofCell(PhotophoneConfig configuration, SweepPlan plan)
      throws IOException, InterruptedException {
    SimulatedCellConfig cell = SimulateCommand.simulated(configuration, config);
    try (SimulatedCell source =
            SweepRun.cell(cell.steadyAt(ppm == null ? cell.highestPpm() : ppm), plan);
        Progress progress =
            new Progress("sweep", plan.length(cell.sampleRateHz()), cell.sampleRateHz())) {
      return SweepResult.of(plan, SweepRun.measure(source, plan, 0, progress::at), !magnitudes);
    }
  }

  private SweepResult ofRecording(PhotophoneConfig configuration, Path wav, SweepPlan plan)
      throws IOException, InterruptedException {
    if (!(configuration.instrument().source() instanceof SourceConfig.File recording)) {
      throw new IllegalStateException(
          "the source is set to a file: " + configuration.instrument().source());
    }
    try (FileSource source = FileSource.open(wav, recording.channelChoice(), false);
        Progress progress =
            new Progress(wav.toString(), source.totalSamples(), source.sampleRateHz())) {
      double seconds = startS == null ? 0 : START_S.check("--start", startS);
      long start = Math.round(seconds * source.sampleRateHz());
      return SweepResult.of(plan, SweepRun.measure(source, plan, start, progress::at), !magnitudes);
    }
  }
}
