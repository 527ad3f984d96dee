package io.photophone.events.profile.export;

import com.google.protobuf.CodedOutputStream;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import java.io.IOException;
import java.io.OutputStream;

/// A Perfetto trace: tracks of processes and threads, spans and states of threads as slices,
/// samples with their call stacks. All times are of the monotonic clock, which is the trace's own,
/// too.
final class PerfettoExporter implements Exporter {
  @Override
  public String suffix() {
    return ".perfetto";
  }

  @Override
  public Losses write(Profile profile, FrameNames names, OutputStream out) throws IOException {
    CodedOutputStream file = CodedOutputStream.newInstance(out, 1 << 16);
    PerfettoPackets packets = new PerfettoPackets(file);
    packets.writeClock(firstNanos(profile));
    Losses losses = new PerfettoSamples(profile, names, packets).write();
    new PerfettoTracks(profile, packets).write(losses, firstNanos(profile));
    file.flush();
    return losses;
  }

  private static long firstNanos(Profile profile) {
    return profile.samples().iterator().hasNext()
        ? profile.samples().iterator().next().timeNanos()
        : 0;
  }
}
