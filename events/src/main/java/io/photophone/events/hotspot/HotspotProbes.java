package io.photophone.events.hotspot;

import io.photophone.events.linux.Uprobes;
import io.photophone.events.symbols.ElfImage;
import io.photophone.events.symbols.UsdtOperand;
import io.photophone.events.symbols.UsdtProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The probes that tell of compiled code, set in each different `libjvm.so` of some processes. One
/// library tells of all JVMs that run in it, those that start later too.
///
/// The JVM fires them as it installs and frees code, whether anyone listens or not: they cost a
/// trap for each compiled method while they are recorded, and nothing otherwise.
///
/// Not safe for several threads.
///
/// Contract: V19.
public final class HotspotProbes {
  /// What a probe of compiled code has as arguments, in their order; unloading ends after six.
  private static final List<String> TEXTS = List.of("class", "method", "signature");

  private static final String PROVIDER = "hotspot";
  private static final String LOAD = "compiled__method__load";
  private static final String UNLOAD = "compiled__method__unload";

  private final Uprobes uprobes;
  private final Set<Object> libraries = new HashSet<>();
  private final List<String> names = new ArrayList<>();
  private final Map<Object, String> refused = new LinkedHashMap<>();

  /// None set yet.
  public HotspotProbes(Uprobes uprobes) {
    this.uprobes = uprobes;
  }

  /// Sets the probes of the JVM that a process runs in, if that hasn't been done.
  ///
  /// @return why its compiled code won't be told of, or empty
  public Optional<String> addProcess(long pid) {
    try {
      Optional<JvmLibrary> library = JvmLibrary.ofProcess(pid);
      return library.isEmpty()
          ? Optional.of("process %d runs no HotSpot JVM: it has no libjvm.so mapped".formatted(pid))
          : addLibrary(library.get().file());
    } catch (IOException e) {
      return Optional.of("mappings of process %d can't be read: %s".formatted(pid, e.getMessage()));
    }
  }

  /// Sets the probes of a library, whether a process runs in it yet or not.
  ///
  /// @return why its compiled code won't be told of, or empty
  public Optional<String> addLibrary(Path libjvm) {
    Object identity = identity(libjvm);
    if (libraries.add(identity)) {
      try {
        define(libjvm, ElfImage.of(libjvm).probes());
      } catch (IOException e) {
        refused.put(identity, "%s: %s".formatted(libjvm, e.getMessage()));
      }
    }
    return Optional.ofNullable(refused.get(identity));
  }

  /// Device and inode, however many paths lead there.
  private static Object identity(Path file) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file : key;
    } catch (IOException e) {
      // The same is told when it is read.
      return file;
    }
  }

  private void define(Path file, List<UsdtProbe> probes) throws IOException {
    List<Uprobes.Definition> definitions = definitions(file, probes, libraries.size());
    for (Uprobes.Definition definition : definitions) {
      names.add(uprobes.define(definition));
    }
  }

  /// What to define for a library's probes.
  ///
  /// @param number of the library, which names of several differ by
  /// @throws IOException that tells why its compiled code can't be told of
  static List<Uprobes.Definition> definitions(Path file, List<UsdtProbe> probes, int number)
      throws IOException {
    var definitions = new ArrayList<Uprobes.Definition>();
    int loads = 0;
    for (UsdtProbe probe : probes) {
      boolean load = probe.name().equals(LOAD);
      if (probe.provider().equals(PROVIDER) && (load || probe.name().equals(UNLOAD))) {
        String name =
            "%s_%d_%d".formatted(load ? "load" : "unload", number, definitions.size() + 1);
        definitions.add(Uprobes.Definition.at(name, file, probe.place(), arguments(probe, load)));
        loads += load ? 1 : 0;
      }
    }
    if (loads == 0) {
      throw new IOException(
          "this JVM was built without the probe hotspot:compiled__method__load (of %d probes in"
                  .formatted(probes.size())
              + " all); take a perf map instead: jcmd PID Compiler.perfmap");
    }
    return definitions;
  }

  private static List<String> arguments(UsdtProbe probe, boolean load) throws IOException {
    List<UsdtOperand> operands = probe.operands();
    int expected = load ? 8 : 6;
    if (probe.fileOffset() < 0 || operands.size() != expected) {
      throw new IOException(
          "probe %s has %d arguments at offset %d, allowed: %d at an offset in the file"
              .formatted(probe.name(), operands.size(), probe.fileOffset(), expected));
    }
    var arguments = new ArrayList<String>();
    for (int i = 0; i < TEXTS.size(); i++) {
      String text = TEXTS.get(i);
      UsdtOperand size = operands.get(2 * i + 1);
      arguments.add(argument(probe, text, operands.get(2 * i).fetchPointee("ustring")));
      arguments.add(argument(probe, text + "_size", size.fetchArgument()));
    }
    if (load) {
      arguments.add(argument(probe, "code", operands.get(6).fetchArgument()));
      arguments.add(argument(probe, "code_size", operands.get(7).fetchArgument()));
    }
    return arguments;
  }

  private static String argument(UsdtProbe probe, String name, Optional<String> fetched)
      throws IOException {
    return name
        + "="
        + fetched.orElseThrow(() ->
            new IOException(
                "the kernel can't fetch %s of probe %s from '%s'"
                    .formatted(name, probe.name(), probe.arguments())));
  }

  /// The tracepoints that a session is to record, `GROUP:NAME` each.
  public List<String> names() {
    return List.copyOf(names);
  }

  /// Why libraries won't tell of their compiled code.
  public List<String> refusals() {
    return List.copyOf(refused.values());
  }
}
