package io.photophone.app.cli;

import io.photophone.analysis.StabilityAnalysis;
import io.photophone.app.cli.ReadingsText.Recording;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.Flag;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.wiring.Parts;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `photophone analyze`: the readings of recordings.
@Command(
    name = "analyze",
    description = "Prints the readings of WAV recordings.",
    mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recordings (WAV).")
  private List<Path> files;

  @Option(names = "--modulation", paramLabel = "HZ", description = "Modulation frequency (2000).")
  private @Nullable String modulation;

  @Option(
      names = "--integration",
      paramLabel = "S",
      description = "Span of a reading in seconds (1).")
  private @Nullable String integration;

  @Option(
      names = "--channels",
      paramLabel = "A[,B]",
      description = "Channels of the file that are microphones A and B, from 1.")
  private @Nullable String channels;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration with the measurement and its calibration.")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory whose newest calibration is used, if it has one.")
  private @Nullable Path data;

  @Option(
      names = "--format",
      description = "One of ${COMPLETION-CANDIDATES} (table).",
      defaultValue = "table")
  private ReadingsText.Format format;

  @Option(
      names = "--from",
      paramLabel = "S",
      description = "Only readings that begin at this second or later.")
  private @Nullable Double from;

  @Option(
      names = "--to",
      paramLabel = "S",
      description = "Only readings that end at this second or earlier.")
  private @Nullable Double to;

  @Option(
      names = "--allan",
      description = "Allan deviation and detection limit of the readings instead of the readings.")
  private boolean allan;

  @Override
  public Integer call() throws IOException, ConfigException {
    List<Recording> recordings = new ArrayList<>();
    List<String> damages = new ArrayList<>();
    for (Path file : files) {
      recordings.add(new Recording(file.toString(), analyze(file, damages)));
    }
    if (allan) {
      StabilityText.write(spec.commandLine().getOut(), format, stabilities(recordings, damages));
    } else {
      ReadingsText.write(spec.commandLine().getOut(), format, recordings);
    }
    if (format == ReadingsText.Format.TABLE && hasUncalibrated(recordings)) {
      spec.commandLine()
          .getErr()
          .println(
              "photophone: without a calibration there are amplitudes and no concentrations;"
                  + " give a configuration that has one with --config");
    }
    damages.forEach(damage -> spec.commandLine().getErr().println("photophone: " + damage));
    return damages.isEmpty() ? 0 : PhotophoneCommand.FAILED;
  }

  /// One for each gas of each recording; what can't be told is told as a damage.
  private static List<StabilityText.Found> stabilities(
      List<Recording> recordings, List<String> damages) {
    List<StabilityText.Found> found = new ArrayList<>();
    for (Recording recording : recordings) {
      Map<String, List<Reading>> byGas =
          recording.readings().stream()
              .collect(
                  Collectors.groupingBy(Reading::gas, LinkedHashMap::new, Collectors.toList()));
      byGas.forEach((gas, readings) -> {
        try {
          found.add(new StabilityText.Found(recording.file(), StabilityAnalysis.of(readings)));
        } catch (IllegalArgumentException e) {
          damages.add("%s, %s: %s".formatted(recording.file(), gas, e.getMessage()));
        }
      });
    }
    return found;
  }

  private boolean isChosen(Reading reading) {
    return (from == null || reading.fromSeconds() >= from)
        && (to == null || reading.toSeconds() <= to);
  }

  private static boolean hasUncalibrated(List<Recording> recordings) {
    return recordings.stream()
        .flatMap(recording -> recording.readings().stream())
        .anyMatch(reading -> reading.has(ReadingFlag.UNCALIBRATED));
  }

  private List<Reading> analyze(Path file, List<String> damages)
      throws IOException, ConfigException {
    InstrumentConfig configuration =
        PhotophoneConfig.read(config, System.getenv(), flags(file)).instrument();
    MeasuredRecording measured =
        data == null
            ? MeasuredRecording.of(configuration)
            : MeasuredRecording.of(
                configuration,
                Parts.calibrations(data, configuration).calibrations()::acceptedInForce);
    damages.addAll(measured.damages());
    List<Reading> chosen = measured.readings().stream().filter(this::isChosen).toList();
    if (chosen.isEmpty() && !measured.readings().isEmpty()) {
      damages.add(
          "%s has no reading from %s to %s; its readings are from %s s to %s s"
              .formatted(
                  file,
                  from == null ? "its start" : from + " s",
                  to == null ? "its end" : to + " s",
                  measured.readings().getFirst().fromSeconds(),
                  measured.readings().getLast().toSeconds()));
    }
    return chosen;
  }

  private List<Flag> flags(Path file) {
    return new Flags()
        .with("FILE", "source.type", "file")
        .with("FILE", "source.path", file.toString())
        .with("--channels", "source.channels", channels)
        .with("--modulation", "measurement.modulation_hz", modulation)
        .with("--integration", "measurement.integration_s", integration)
        .toList();
  }
}
