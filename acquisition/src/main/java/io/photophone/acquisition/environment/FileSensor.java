package io.photophone.acquisition.environment;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/// A text file that another program rewrites or appends to; its last whole line counts.
///
/// A line is `time,temperature_c,pressure_hpa`, the time with its offset as in
/// `2030-01-31T00:00:00Z`, or the two numbers alone, which hold since the file's last change. An
/// empty field is not known. A line is whole once its newline has come. Contract: M8.
public final class FileSensor implements EnvironmentSensor {
  /// What is read of the file's end. A line is shorter.
  static final int LONGEST_LINE_BYTES = 1024;

  private static final Pattern BETWEEN = Pattern.compile("\\s*[,;\\t]\\s*|\\s+");
  private static final String LINE_IN_WORDS =
      "time,temperature_c,pressure_hpa or temperature_c,pressure_hpa";

  private final Path file;
  private final SensorUncertainty uncertainty;

  public FileSensor(Path file, SensorUncertainty uncertainty) {
    this.file = file;
    this.uncertainty = uncertainty;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public TimedEnvironment read(Instant now) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      long size = channel.size();
      long from = Math.max(0, size - 2 * LONGEST_LINE_BYTES);
      ByteBuffer end = ByteBuffer.allocate((int) (size - from));
      while (end.hasRemaining() && channel.read(end, from + end.position()) >= 0) {}
      String text = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
      int newline = text.lastIndexOf('\n');
      int start = text.lastIndexOf('\n', newline - 1) + 1;
      if (newline < 0) {
        throw new IOException(
            "%s has no whole line, allowed: %s, with a newline".formatted(file, LINE_IN_WORDS));
      }
      if (start == 0 && from > 0) {
        throw new IOException(
            "%s: the last line is longer than %d bytes".formatted(file, LONGEST_LINE_BYTES));
      }
      long before = from + text.substring(0, newline).getBytes(StandardCharsets.UTF_8).length;
      return parsed(text.substring(start, newline).strip(), changed, before);
    } catch (NoSuchFileException e) {
      throw new IOException("%s does not exist".formatted(file), e);
    }
  }

  private TimedEnvironment parsed(String line, Instant changed, long before) throws IOException {
    String[] fields = BETWEEN.split(line, -1);
    if (fields.length != 2 && fields.length != 3) {
      throw refused(before, "the line is \"%s\", allowed: %s".formatted(line, LINE_IN_WORDS));
    }
    Instant time = changed;
    if (fields.length == 3) {
      try {
        time = OffsetDateTime.parse(fields[0]).toInstant();
      } catch (DateTimeParseException e) {
        throw refused(
            before,
            "time is \"%s\", allowed: a time such as 2030-01-31T00:00:00Z".formatted(fields[0]));
      }
    }
    double temperature = number("temperature_c", fields[fields.length - 2], before);
    double pressure = number("pressure_hpa", fields[fields.length - 1], before);
    try {
      return new TimedEnvironment(time, uncertainty.of(temperature, pressure));
    } catch (IllegalArgumentException e) {
      throw refused(before, String.valueOf(e.getMessage()));
    }
  }

  private double number(String name, String field, long before) throws IOException {
    if (field.isEmpty()) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(field);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number that isn't finite is.
    }
    throw refused(before, "%s is \"%s\", allowed: a number, or nothing".formatted(name, field));
  }

  /// Counts lines only now that somebody wants to know.
  private IOException refused(long before, String complaint) throws IOException {
    long line = 1;
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
      for (long position = 0; position < before; position++) {
        if (bytes.read() == '\n') {
          line++;
        }
      }
    }
    return new IOException("%s, line %d: %s".formatted(file, line, complaint));
  }

  @Override
  public void close() {}
}
