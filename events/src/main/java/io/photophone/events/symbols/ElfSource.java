package io.photophone.events.symbols;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Where the bytes of an ELF image are, which are there only while it is parsed.
sealed interface ElfSource {
  /// What it is, for messages.
  String name();

  <T> T parse(Parser<T> parser) throws IOException;

  /// Makes something of an ELF image whose bytes are gone when it returns.
  @FunctionalInterface
  interface Parser<T> {
    T parse(Elf elf) throws IOException;
  }

  /// A file, mapped while it is parsed.
  record File(Path path) implements ElfSource {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public <T> T parse(Parser<T> parser) throws IOException {
      // A pipe or a device could block us for ever.
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw SymbolException.of(name(), "no file", "a regular file");
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
          Arena arena = Arena.ofConfined()) {
        MemorySegment data = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        return parser.parse(Elf.of(new Bytes(data, name())));
      } catch (InternalError e) {
        // The JVM's word for a page of a mapped file that is gone.
        throw new SymbolException(name() + ": the file became shorter while it was read", e);
      }
    }
  }

  /// Bytes in memory, as of the kernel's own image in each process.
  record InMemory(String name, MemorySegment data) implements ElfSource {
    @Override
    public <T> T parse(Parser<T> parser) throws IOException {
      return parser.parse(Elf.of(new Bytes(data, name)));
    }
  }
}
