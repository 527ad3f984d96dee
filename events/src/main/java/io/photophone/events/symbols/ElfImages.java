package io.photophone.events.symbols;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The programs and libraries of all processes, each once, however many processes and paths lead to
/// it. Safe for all threads. It keeps what it has read as long as it lives.
///
/// Contract: V12.
public final class ElfImages {
  /// What tells files apart; a file that was replaced is another.
  private record Identity(Object file, FileTime modified, long size) {}

  private final ConcurrentMap<Identity, ElfImage> images = new ConcurrentHashMap<>();

  /// None yet.
  public ElfImages() {}

  /// The image of a file; nothing of it is read here. A file that can't be found gives an image
  /// that tells so when it is used.
  public ElfImage get(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = attributes.fileKey() == null ? file : attributes.fileKey();
      var identity = new Identity(key, attributes.lastModifiedTime(), attributes.size());
      return images.computeIfAbsent(identity, _ -> ElfImage.of(file));
    } catch (IOException e) {
      return ElfImage.of(file);
    }
  }

  public int size() {
    return images.size();
  }
}
