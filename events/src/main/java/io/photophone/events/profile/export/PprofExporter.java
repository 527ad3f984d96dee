package io.photophone.events.profile.export;

import com.google.protobuf.CodedOutputStream;
import io.photophone.events.InternedSlices;
import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Sample;
import io.photophone.events.profile.SampleKind;
import io.photophone.events.profile.TracedProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// pprof's `Profile` message, compressed: a value for each kind of sample, and the process, thread
/// and thread's name as labels. Samples of one thread with the same frames are added up. What is
/// missing, and the attributes of processes, are comments.
final class PprofExporter implements Exporter {
  // Fields of perftools.profiles.Profile.
  private static final int SAMPLE_TYPE = 1;
  private static final int SAMPLE = 2;
  private static final int MAPPING = 3;
  private static final int LOCATION = 4;
  private static final int FUNCTION = 5;
  private static final int STRING_TABLE = 6;
  private static final int DURATION_NANOS = 10;
  private static final int COMMENT = 13;

  @Override
  public String suffix() {
    return ".pb.gz";
  }

  @Override
  public Losses write(Profile profile, FrameNames names, OutputStream out) throws IOException {
    GZIPOutputStream zip = new GZIPOutputStream(out, 1 << 16);
    CodedOutputStream file = CodedOutputStream.newInstance(zip, 1 << 16);
    Losses losses = new Writing(profile, names, file).write();
    file.flush();
    zip.finish();
    return losses;
  }

  private record Function(String name, String file) {}

  /// The tables of one file.
  private static final class Writing {
    private final Profile profile;
    private final Locations frames;
    private final CodedOutputStream file;
    private final Numbered<String> strings = new Numbered<>(0);
    private final Numbered<Function> functions = new Numbered<>(1);
    private final Numbered<Mapping> mappings = new Numbered<>(1);
    private final Numbered<Location> locations = new Numbered<>(1);
    private final ProtoMessage message = new ProtoMessage();
    private final ProtoMessage within = new ProtoMessage();

    /// A thread and the numbers of its locations: { pid, tid, thread's name, location... }.
    private final InternedSlices keys = new InternedSlices(Long.MAX_VALUE);

    /// By key: a sum for each kind.
    private final List<long[]> sums = new ArrayList<>();

    Writing(Profile profile, FrameNames names, CodedOutputStream file) {
      this.profile = profile;
      this.frames = new Locations(profile, names);
      this.file = file;
      strings.of("");
    }

    Losses write() throws IOException {
      List<SampleKind> kinds = profile.kinds();
      for (SampleKind kind : kinds) {
        message.number(1, strings.of(kind.name())).number(2, strings.of(kind.unit().text()));
        file.writeByteArray(SAMPLE_TYPE, message.take());
      }
      file.writeUInt64(DURATION_NANOS, addUp(kinds));
      for (int key = 1; key <= keys.size(); key++) {
        writeSample(keys.toArray(key), sums.get(key - 1));
      }
      for (Map.Entry<Location, Integer> location : locations.all().entrySet()) {
        writeLocation(location.getKey(), location.getValue());
      }
      for (Map.Entry<Mapping, Integer> mapping : mappings.all().entrySet()) {
        writeMapping(mapping.getKey(), mapping.getValue());
      }
      for (Map.Entry<Function, Integer> function : functions.all().entrySet()) {
        int name = strings.of(function.getKey().name());
        message.number(1, function.getValue()).number(2, name).number(3, name);
        message.number(4, strings.of(function.getKey().file()));
        file.writeByteArray(FUNCTION, message.take());
      }
      Losses losses = frames.losses();
      writeComments(losses);
      for (String string : strings.all().keySet()) {
        file.writeString(STRING_TABLE, string);
      }
      return losses;
    }

    /// Adds the values up by key; returns the time from the first sample to the last.
    private long addUp(List<SampleKind> kinds) {
      Numbered<SampleKind> columns = new Numbered<>(0);
      kinds.forEach(columns::of);
      long first = 0;
      long last = 0;
      boolean any = false;
      for (Sample sample : profile.samples()) {
        if (!any) {
          first = sample.timeNanos();
          any = true;
        }
        last = sample.timeNanos();
        int key = intern(sample);
        if (key > sums.size()) {
          sums.add(new long[kinds.size()]);
        }
        long[] sum = sums.get(key - 1);
        int column = columns.of(sample.kind());
        sum[column] = Math.addExact(sum[column], sample.value());
      }
      return Math.max(0, last - first);
    }

    private int intern(Sample sample) {
      List<Location> stack = frames.of(sample);
      long[] key = new long[3 + stack.size()];
      key[0] = sample.pid();
      key[1] = sample.tid();
      key[2] = strings.of(frames.threadName(sample.pid(), sample.tid(), sample.timeNanos()));
      for (int i = 0; i < stack.size(); i++) {
        key[3 + i] = locations.of(stack.get(i));
      }
      return keys.intern(key, 0, key.length);
    }

    private void writeSample(long[] key, long[] values) throws IOException {
      long[] stack = new long[key.length - 3];
      System.arraycopy(key, 3, stack, 0, stack.length);
      message.packed(1, stack).packed(2, values);
      message.message(3, within.number(1, strings.of("pid")).number(3, key[0]));
      message.message(3, within.number(1, strings.of("tid")).number(3, key[1]));
      message.message(3, within.number(1, strings.of("thread")).number(2, key[2]));
      file.writeByteArray(SAMPLE, message.take());
    }

    private void writeLocation(Location location, int number) throws IOException {
      Frame frame = location.frame();
      int function = functions.of(new Function(frame.name(), frame.module()));
      message.number(1, number);
      if (location.mapping() != null) {
        message.number(2, mappings.of(location.mapping()));
      }
      message.number(3, location.address()).message(4, within.number(1, function));
      file.writeByteArray(LOCATION, message.take());
    }

    private void writeMapping(Mapping mapping, int number) throws IOException {
      message.number(1, number);
      message.number(2, mapping.startAddress()).number(3, mapping.endAddress());
      message.number(4, mapping.fileOffset()).number(5, strings.of(mapping.file()));
      message.number(6, strings.of(mapping.buildId())).number(7, 1);
      file.writeByteArray(MAPPING, message.take());
    }

    private void writeComments(Losses losses) throws IOException {
      file.writeInt64(COMMENT, strings.of(losses.text()));
      for (TracedProcess process : profile.processes()) {
        for (Map.Entry<String, String> attribute : process.attributes().entrySet()) {
          String text =
              "process " + process.pid() + " " + attribute.getKey() + ": " + attribute.getValue();
          file.writeInt64(COMMENT, strings.of(text));
        }
      }
    }
  }
}
