package io.photophone.app.cli;

import io.photophone.acquisition.source.SampleEncoding;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.source.WavWriter;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.app.wiring.Parts;
import io.photophone.model.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  private static final int READ_SAMPLES = 4096;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Where to write; it must not exist.")
  private Path file;

  @Option(
      names = "--for",
      paramLabel = "S",
      description = "Length in seconds (30).",
      defaultValue = "30")
  private double lengthS;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration with a simulated source.")
  private @Nullable Path config;

  @Override
  public Integer call() throws IOException, ConfigException {
    LENGTH_S.check("--for", lengthS);
    PhotophoneConfig configuration = PhotophoneConfig.read(config, System.getenv(), List.of());
    if (!(configuration.instrument().source()
        instanceof SourceConfig.Simulated(SimulatedCellConfig cell))) {
      throw new IllegalArgumentException("the source of %s is not simulated".formatted(config));
    }
    long total = Math.round(lengthS * cell.sampleRateHz());
    long lost = 0;
    try (SimulatedCell source = new SimulatedCell(cell);
        WavWriter writer = WavWriter.create(file, cell.sampleRateHz(), SampleEncoding.INT24);
        Progress progress = new Progress(file.toString(), total, cell.sampleRateHz())) {
      while (writer.samples() < total) {
        int count = (int) Math.min(READ_SAMPLES, total - writer.samples());
        if (source.read(count) instanceof SourceRead.Samples samples) {
          writer.write(samples.channelA(), samples.channelB());
          lost += samples.lostBefore();
          progress.at(writer.samples());
        }
      }
    }
    spec.commandLine()
        .getErr()
        .println(
            "%s: %s s at %d Hz%s"
                .formatted(
                    file,
                    lengthS,
                    cell.sampleRateHz(),
                    lost == 0 ? "" : ", without %d samples of drop-outs".formatted(lost)));
    PhotophoneConfig measures =
        new PhotophoneConfig(
            configuration.server(),
            configuration.data(),
            Parts.withCalibration(configuration.instrument()),
            configuration.further());
    spec.commandLine().getOut().print(measures.yaml());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
