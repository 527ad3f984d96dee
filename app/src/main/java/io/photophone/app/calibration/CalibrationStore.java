package io.photophone.app.calibration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.Calibrations;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The accepted calibrations of one instrument, each a file of its own that is never written again:
/// `calibrations/INSTRUMENT/000001.json`, `000002.json`, … in the order of acceptance.
///
/// A file gets its name when it is complete and on the disk, so that a name that is there holds a
/// whole calibration, whenever the machine stops. What a stop leaves unnamed was never accepted.
/// For the one process that holds the data directory, and one thread at a time.
///
/// Contract: M8.
public final class CalibrationStore {
  private static final System.Logger LOG = System.getLogger(CalibrationStore.class.getName());
  private static final Pattern NAME = Pattern.compile("[0-9]{6,}\\.json");
  private static final String UNFINISHED = ".unfinished";

  private final Path data;
  private final Path folder;
  private final FolderSync sync;
  private Calibrations calibrations;

  /// Makes the names in a folder survive a power failure.
  @FunctionalInterface
  interface FolderSync {
    void sync(Path folder) throws IOException;
  }

  private CalibrationStore(Path data, Path folder, FolderSync sync, Calibrations calibrations) {
    this.data = data;
    this.folder = folder;
    this.sync = sync;
    this.calibrations = calibrations;
  }

  /// Reads what is there; makes nothing.
  ///
  /// @param data the data directory
  /// @param configured by gas
  /// @throws IOException if a file can't be read, is damaged, missing in the row, or not ours: with
  ///   its name. Going on without it could measure with the wrong calibration
  public static CalibrationStore open(
      Path data, String instrument, Map<String, Calibration> configured) throws IOException {
    return open(data, instrument, configured, CalibrationStore::sync);
  }

  static CalibrationStore open(
      Path data, String instrument, Map<String, Calibration> configured, FolderSync sync)
      throws IOException {
    Path folder = data.resolve("calibrations").resolve(folderName(instrument));
    Calibrations calibrations = Calibrations.configured(instrument, configured);
    int number = 1;
    for (Path file : files(folder)) {
      if (!file.getFileName().toString().equals(name(number))) {
        throw new IOException(
            "%s is missing: calibrations are numbered without a hole, and %s is there; put it back"
                .formatted(folder.resolve(name(number)), file.getFileName()));
      }
      try {
        calibrations = calibrations.with(CalibrationJson.read(Files.readAllBytes(file)));
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "%s can't be used: %s; restore it from a copy, or move it and all later ones away"
                .formatted(file, e.getMessage()),
            e);
      }
      number++;
    }
    return new CalibrationStore(data, folder, sync, calibrations);
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!Files.exists(folder)) {
      return files;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(UNFINISHED)) {
          LOG.log(
              System.Logger.Level.WARNING,
              "{0} is a calibration whose acceptance was cut short: it is not in force",
              file);
        } else if (NAME.matcher(name).matches()) {
          files.add(file);
        } else {
          throw new IOException(
              "%s is no calibration, allowed here: %s, %s, …; move it away"
                  .formatted(file, name(1), name(2)));
        }
      }
    }
    return files;
  }

  /// Any name as that of one folder, `.` and `..` too.
  private static String folderName(String instrument) {
    return URLEncoder.encode(instrument, UTF_8).replace(".", "%2E").replace("*", "%2A");
  }

  private static String name(int number) {
    return "%06d.json".formatted(number);
  }

  public Calibrations calibrations() {
    return calibrations;
  }

  /// Keeps one more; it is safe on the disk when this returns, but for a warning in the log: a file
  /// that has its name counts, whether the disk is known to hold the name or not.
  ///
  /// @throws IllegalArgumentException if it doesn't follow those that are there
  /// @throws IOException if it can't be written; it isn't kept then
  public void add(CalibrationRecord record) throws IOException {
    Calibrations with = calibrations.with(record);
    Files.createDirectories(folder);
    Path file = folder.resolve(name(with.records().size()));
    if (Files.exists(file)) {
      throw new IOException(file + " is there already and is not overwritten");
    }
    Path unfinished = folder.resolve(file.getFileName() + UNFINISHED);
    write(unfinished, CalibrationJson.file(record));
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    calibrations = with;
    syncNames();
  }

  /// With the folders above, which the first calibration may have made.
  private void syncNames() {
    for (Path each : List.of(folder, data.resolve("calibrations"), data)) {
      try {
        sync.sync(each);
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a calibration is in force, but may be lost in a power failure: "
                + each
                + " can't be synced",
            e);
      }
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /// Windows opens no folders and needs no such thing.
  private static void sync(Path folder) throws IOException {
    if (File.separatorChar == '/') {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
