package io.photophone.events.profile.export;

import io.photophone.events.InternedSlices;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Sample;
import io.photophone.events.profile.SampleKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The samples of a Perfetto trace. Each kind is a sequence of packets of its own with its own
/// tables. The format knows no value of a sample, but the reading of the processor's counter at its
/// time: the values of the samples there, added up.
final class PerfettoSamples {
  private static final int FIRST_SEQUENCE = 100;

  private final Profile profile;
  private final Locations locations;
  private final PerfettoPackets packets;
  private final ProtoMessage message = new ProtoMessage();
  private final ProtoMessage within = new ProtoMessage();

  PerfettoSamples(Profile profile, FrameNames names, PerfettoPackets packets) {
    this.profile = profile;
    this.locations = new Locations(profile, names);
    this.packets = packets;
  }

  Losses write() throws IOException {
    Map<SampleKind, Sequence> sequences = new HashMap<>();
    for (SampleKind kind : profile.kinds()) {
      sequences.put(kind, begin(kind, FIRST_SEQUENCE + sequences.size()));
    }
    for (Sample sample : profile.samples()) {
      Sequence sequence = sequences.get(sample.kind());
      if (sequence != null) {
        sequence.write(sample);
      }
    }
    Losses losses = locations.losses();
    long lost = losses.count(Loss.LOST_RECORDS);
    if (lost > 0 && !sequences.isEmpty()) {
      packets.write(
          FIRST_SEQUENCE, 0, PerfettoPackets.PERF_SAMPLE, message.number(1, 0).number(17, lost));
    }
    return losses;
  }

  private Sequence begin(SampleKind kind, int number) throws IOException {
    ProtoMessage timebase =
        within.number(1, 1).text(10, kind.name() + " (" + kind.unit().text() + ")");
    ProtoMessage defaults = message.message(1, timebase);
    packets.begin(number, new ProtoMessage().message(12, defaults));
    return new Sequence(number);
  }

  private record Relative(String function, int mapping, long address) {}

  /// The tables of one kind of sample.
  private final class Sequence {
    private final int number;
    private final Map<Integer, Long> readings = new HashMap<>();
    private final Numbered<String> functions = new Numbered<>(1);
    private final Numbered<String> paths = new Numbered<>(1);
    private final Numbered<String> buildIds = new Numbered<>(1);
    private final Numbered<Mapping> mappings = new Numbered<>(1);
    private final Numbered<Relative> frames = new Numbered<>(1);
    private final InternedSlices stacks = new InternedSlices(Long.MAX_VALUE);
    private final ProtoMessage tables = new ProtoMessage();

    Sequence(int number) {
      this.number = number;
    }

    void write(Sample sample) throws IOException {
      int stack = stack(locations.of(sample));
      if (!tables.isEmpty()) {
        packets.write(number, PerfettoPackets.INTERNED_DATA, tables);
      }
      int cpu = Math.max(0, sample.cpu());
      long reading = readings.merge(cpu, sample.value(), Math::addExact);
      message.number(1, cpu).number(2, sample.pid());
      message.number(3, sample.tid()).number(4, stack).number(6, reading);
      packets.write(number, sample.timeNanos(), PerfettoPackets.PERF_SAMPLE, message);
    }

    /// The outermost frame stands first.
    private int stack(List<Location> innermostFirst) throws IOException {
      long[] numbers = new long[innermostFirst.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = frame(innermostFirst.get(numbers.length - 1 - i));
      }
      int known = stacks.size();
      int stack = stacks.intern(numbers, 0, numbers.length);
      if (stack > known) {
        within.number(1, stack);
        for (long frame : numbers) {
          within.number(2, frame);
        }
        tables.message(7, within);
      }
      return stack;
    }

    private int frame(Location location) throws IOException {
      Mapping mapping = location.mapping();
      Relative frame =
          new Relative(
              location.frame().name(),
              mapping == null ? mapping(location) : mapping(mapping),
              mapping == null ? location.address() : mapping.offsetInFile(location.address()));
      if (!frames.has(frame)) {
        int function = name(5, functions, frame.function());
        within.number(1, frames.of(frame)).number(2, function);
        within.number(3, frame.mapping()).number(4, frame.address());
        tables.message(6, within);
      }
      return frames.of(frame);
    }

    /// A frame without a mapping, such as one of the kernel, is shown in one of its module's name.
    private int mapping(Location location) throws IOException {
      return mapping(new Mapping(0, -1, 0, location.frame().module(), "", Long.MIN_VALUE));
    }

    private int mapping(Mapping mapping) throws IOException {
      if (!mappings.has(mapping)) {
        int path = name(17, paths, mapping.file());
        int buildId = buildId(mapping.buildId());
        within.number(1, mappings.of(mapping)).number(2, buildId);
        within.number(3, mapping.fileOffset()).number(4, mapping.startAddress());
        within.number(5, mapping.endAddress()).number(7, path).number(8, mapping.fileOffset());
        tables.message(19, within);
      }
      return mappings.of(mapping);
    }

    private int name(int field, Numbered<String> names, String name) throws IOException {
      if (!names.has(name)) {
        tables.message(field, within.number(1, names.of(name)).text(2, name));
      }
      return names.of(name);
    }

    private int buildId(String digits) throws IOException {
      if (!buildIds.has(digits)) {
        within.number(1, buildIds.of(digits)).bytes(2, bytes(digits));
        tables.message(16, within);
      }
      return buildIds.of(digits);
    }
  }

  private static byte[] bytes(String digits) {
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException notHexadecimal) {
      return digits.getBytes(StandardCharsets.UTF_8);
    }
  }
}
