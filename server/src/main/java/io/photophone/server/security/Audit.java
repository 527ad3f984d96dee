package io.photophone.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.core.JacksonException;

/// Who changed what: a file with one JSON object a line, each on the disk before the next.
///
/// A full file becomes `audit.1.jsonl`, and that one `audit.2.jsonl`, and so on; the oldest goes.
final class Audit implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Audit.class.getName());
  private static final int FILES = 10;

  private final PrivateFolder folder;
  private final long mostBytes;
  private final LongAdder lost = new LongAdder();
  private FileChannel file;

  /// @param mostBytes of a file
  Audit(PrivateFolder folder, long mostBytes) throws IOException {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.file = folder.appendTo(name(0));
    if (file.size() > 0) {
      endLine();
    }
  }

  /// What a crash has cut short is no part of the next line.
  private void endLine() throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    try (FileChannel reading = FileChannel.open(folder.file(name(0)))) {
      reading.read(last, reading.size() - 1);
    }
    if (last.get(0) != '\n') {
      file.write(UTF_8.encode("\n"));
    }
  }

  private static String name(int age) {
    return age == 0 ? "audit.jsonl" : "audit.%d.jsonl".formatted(age);
  }

  /// Adds a line. What can't be written is logged instead, and counted: what it tells of has
  /// happened.
  synchronized void add(AuditEntry entry) {
    ByteBuffer line = UTF_8.encode(PrivateFolder.JSON.writeValueAsString(entry) + "\n");
    try {
      if (file.size() > 0 && file.size() + line.remaining() > mostBytes) {
        rotate();
      }
      while (line.hasRemaining()) {
        file.write(line);
      }
      file.force(false);
    } catch (IOException e) {
      lost.increment();
      LOG.log(System.Logger.Level.ERROR, "the audit can't be written; it lacks: " + entry, e);
    }
  }

  private void rotate() throws IOException {
    file.close();
    for (int age = FILES - 1; age > 0; age--) {
      if (Files.exists(folder.file(name(age - 1)))) {
        Files.move(
            folder.file(name(age - 1)),
            folder.file(name(age)),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    file = folder.appendTo(name(0));
  }

  /// The newest lines, oldest first. A line that a crash has cut short is left out.
  synchronized List<AuditEntry> newest(int limit) throws IOException {
    List<AuditEntry> newest = new ArrayList<>();
    for (int age = 0; age < FILES && newest.size() < limit; age++) {
      if (!Files.exists(folder.file(name(age)))) {
        break;
      }
      List<String> lines = Files.readAllLines(folder.file(name(age)));
      for (int i = lines.size() - 1; i >= 0 && newest.size() < limit; i--) {
        try {
          newest.add(PrivateFolder.JSON.readValue(lines.get(i), AuditEntry.class));
        } catch (JacksonException e) {
          LOG.log(System.Logger.Level.WARNING, "{0} has a damaged line", folder.file(name(age)));
        }
      }
    }
    return newest.reversed();
  }

  /// Lines that couldn't be written.
  long lost() {
    return lost.sum();
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
