package io.photophone.events.profile.export;

import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Sample;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collapsed stacks, as flame graph scripts read them: on each line the frames from the outermost
/// on, with semicolons between, and the sum of the values.
///
/// The process stands first, and before it the kind of sample if there are several. Kernel
/// functions end in `_[k]` and Java's in `_[j]`, by which the scripts colour them. The first line
/// tells what is missing; it does not end in a number, so readers pass over it.
final class CollapsedExporter implements Exporter {
  @Override
  public String suffix() {
    return ".folded";
  }

  @Override
  public Losses write(Profile profile, FrameNames names, OutputStream out) throws IOException {
    Locations locations = new Locations(profile, names);
    boolean severalKinds = profile.kinds().size() > 1;
    Map<String, Long> sums = new LinkedHashMap<>();
    for (Sample sample : profile.samples()) {
      String line = line(sample, locations, severalKinds);
      sums.merge(line, sample.value(), Math::addExact);
    }
    Losses losses = locations.losses();
    line(out, "# " + losses.text() + ".");
    for (Map.Entry<String, Long> sum : sums.entrySet()) {
      line(out, sum.getKey() + " " + sum.getValue());
    }
    return losses;
  }

  private static String line(Sample sample, Locations locations, boolean severalKinds) {
    StringBuilder line = new StringBuilder();
    if (severalKinds) {
      line.append(clean(sample.kind().name() + " (" + sample.kind().unit().text() + ")"));
      line.append(';');
    }
    line.append(clean(locations.processName(sample.pid(), sample.timeNanos())));
    List<Location> frames = locations.of(sample);
    for (Location location : frames.reversed()) {
      Frame frame = location.frame();
      line.append(';').append(clean(frame.name()));
      line.append(
          switch (frame.kind()) {
            case KERNEL -> "_[k]";
            case JAVA -> "_[j]";
            case NATIVE, UNKNOWN -> "";
          });
    }
    return line.toString();
  }

  /// Names may hold neither what ends a frame nor what ends a line.
  private static String clean(String name) {
    StringBuilder clean = new StringBuilder(name.length());
    name.codePoints()
        .map(
            c -> c == ';' ? ':' : Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static void line(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
