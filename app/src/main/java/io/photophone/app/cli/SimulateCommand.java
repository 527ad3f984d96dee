package io.photophone.app.cli;

import io.photophone.acquisition.source.SampleEncoding;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.source.WavWriter;
import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.app.wiring.Parts;
import io.photophone.app.wiring.SweepRun;
import io.photophone.model.Range;
import java.io.IOException;
import java.nio.file.Path;
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

/// `photophone simulate`: a recording of the simulated cell.
@Command(
    name = "simulate",
    description = {
      "Writes a recording of the simulated cell (WAV, 24 bit), and prints the configuration",
      "that measures it, with the cell's own calibration."
    },
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  private static final Range LENGTH_S = Range.above(0, 86_400);
  private static final double DEFAULT_LENGTH_S = 30;
  private static final int READ_SAMPLES = 4096;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Where to write; it must not exist.")
  private Path file;

  @Option(names = "--for", paramLabel = "S", description = "Length in seconds (30).")
  private @Nullable Double lengthS;

  @Option(
      names = "--sweep",
      description = {
        "Record a stepped sweep over the resonance instead of the script, at the script's highest",
        "concentration and without faults; for `photophone sweep FILE` with the same plan."
      })
  private boolean sweep;

  @Mixin private final SweepOptions sweepOptions = new SweepOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration with a simulated source.")
  private @Nullable Path config;

  @Override
  public Integer call() throws IOException, ConfigException {
    PhotophoneConfig configuration = PhotophoneConfig.read(config, System.getenv(), List.of());
    SimulatedCellConfig cell = simulated(configuration, config);
    if (sweep) {
      recordSweep(cell);
    } else {
      recordScript(cell);
      PhotophoneConfig measures =
          new PhotophoneConfig(
              configuration.server(),
              configuration.security(),
              configuration.streams(),
              configuration.data(),
              configuration.recovery(),
              configuration.logging(),
              configuration.events(),
              Parts.withCalibration(configuration.instrument()),
              configuration.further(),
              configuration.protocols());
      spec.commandLine().getOut().print(measures.yaml());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  /// The simulated cell of a configuration.
  ///
  /// @param file of the configuration, for the message if it has none
  static SimulatedCellConfig simulated(PhotophoneConfig configuration, @Nullable Path file) {
    if (!(configuration.instrument().source()
        instanceof SourceConfig.Simulated(SimulatedCellConfig cell))) {
      throw new IllegalArgumentException(
          "the source of %s is not simulated".formatted(file == null ? "the environment" : file));
    }
    return cell;
  }

  private void recordScript(SimulatedCellConfig cell) throws IOException {
    if (sweepOptions.given()) {
      throw new ParameterException(
          spec.commandLine(),
          "--from, --to, --steps, --dwell and --quality have no meaning without --sweep");
    }
    double seconds = lengthS == null ? DEFAULT_LENGTH_S : LENGTH_S.check("--for", lengthS);
    try (SimulatedCell source = new SimulatedCell(cell)) {
      long lost = write(source, Math.round(seconds * cell.sampleRateHz()));
      tell(
          "%s: %s s at %d Hz%s"
              .formatted(
                  file,
                  seconds,
                  cell.sampleRateHz(),
                  lost == 0 ? "" : ", without %d samples of drop-outs".formatted(lost)));
    }
  }

  private void recordSweep(SimulatedCellConfig cell) throws IOException {
    if (lengthS != null) {
      throw new ParameterException(
          spec.commandLine(), "--for has no meaning with --sweep, whose plan tells its length");
    }
    SweepPlan plan = sweepOptions.plan();
    try (SimulatedCell source = SweepRun.cell(cell.steadyAt(cell.highestPpm()), plan)) {
      write(source, plan.length(cell.sampleRateHz()));
      tell(
          "%s: %d steps from %s Hz to %s Hz, %s s each, at %d Hz"
              .formatted(
                  file,
                  plan.steps(),
                  plan.fromHz(),
                  plan.toHz(),
                  plan.dwell().toNanos() / 1e9,
                  cell.sampleRateHz()));
    }
  }

  private void tell(String text) {
    spec.commandLine().getErr().println(text);
  }

  /// Records so many samples.
  ///
  /// @return how many were lost
  private long write(SimulatedCell source, long total) throws IOException {
    long lost = 0;
    try (WavWriter writer = WavWriter.create(file, source.sampleRateHz(), SampleEncoding.INT24);
        Progress progress = new Progress(file.toString(), total, source.sampleRateHz())) {
      while (writer.samples() < total) {
        int count = (int) Math.min(READ_SAMPLES, total - writer.samples());
        if (source.read(count) instanceof SourceRead.Samples samples) {
          writer.write(samples.channelA(), samples.channelB());
          lost += samples.lostBefore();
          progress.at(writer.samples());
        }
      }
    }
    return lost;
  }
}
