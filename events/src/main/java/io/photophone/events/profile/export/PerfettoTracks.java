package io.photophone.events.profile.export;

import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Span;
import io.photophone.events.profile.StateSlice;
import io.photophone.events.profile.TracedProcess;
import io.photophone.events.profile.TracedThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tracks of a Perfetto trace: one for each process and thread, with the thread's spans; below
/// it one for its states, and one for each lane of spans that overlap others; and one for what is
/// missing.
final class PerfettoTracks {
  private static final int SEQUENCE = 2;
  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int INSTANT = 3;

  private final Profile profile;
  private final PerfettoPackets packets;
  private final Map<ThreadKey, Long> threads = new LinkedHashMap<>();
  private final ProtoMessage message = new ProtoMessage();
  private final ProtoMessage within = new ProtoMessage();
  private long tracks;

  PerfettoTracks(Profile profile, PerfettoPackets packets) {
    this.profile = profile;
    this.packets = packets;
  }

  private record ThreadKey(int pid, int tid) {}

  void write(Losses losses, long timeNanos) throws IOException {
    packets.begin(SEQUENCE, message);
    for (TracedProcess process : profile.processes()) {
      writeProcess(process);
    }
    Map<ThreadKey, List<Span>> spans = new LinkedHashMap<>();
    for (Span span : profile.spans()) {
      spans
          .computeIfAbsent(new ThreadKey(span.pid(), span.tid()), _ -> new ArrayList<>())
          .add(span);
    }
    for (Map.Entry<ThreadKey, List<Span>> ofThread : spans.entrySet()) {
      writeSpans(ofThread.getKey(), ofThread.getValue());
    }
    Map<ThreadKey, List<Span>> states = new LinkedHashMap<>();
    for (StateSlice state : profile.states()) {
      states
          .computeIfAbsent(new ThreadKey(state.pid(), state.tid()), _ -> new ArrayList<>())
          .add(slice(state));
    }
    for (Map.Entry<ThreadKey, List<Span>> ofThread : states.entrySet()) {
      long parent = track(ofThread.getKey());
      for (List<Span> lane : new SpanLanes(ofThread.getValue()).lanes()) {
        writeLane(track("states", parent), lane);
      }
    }
    // The threads of samples that nobody named need no track: a sample bears its own pid and tid.
    writeLosses(losses, timeNanos);
  }

  private static Span slice(StateSlice state) {
    String text = state.state().text();
    return new Span(
        state.cpu() < 0 ? text : text + " on processor " + state.cpu(),
        state.startNanos(),
        state.endNanos(),
        state.pid(),
        state.tid(),
        Span.NO_PARENT);
  }

  private void writeProcess(TracedProcess process) throws IOException {
    within.number(1, process.pid());
    String command = process.attributes().get("cmdline");
    if (command != null) {
      within.text(2, command);
    }
    within.text(6, process.name());
    for (Map.Entry<String, String> attribute : process.attributes().entrySet()) {
      within.text(8, attribute.getKey() + ": " + attribute.getValue());
    }
    writeTrack(message.number(1, ++tracks).message(3, within));
    for (TracedThread thread : process.threads()) {
      writeThread(new ThreadKey(process.pid(), thread.tid()), thread.name());
    }
  }

  private long writeThread(ThreadKey thread, String name) throws IOException {
    within.number(1, thread.pid()).number(2, thread.tid()).text(5, name);
    writeTrack(message.number(1, ++tracks).message(4, within));
    threads.put(thread, tracks);
    return tracks;
  }

  private long track(ThreadKey thread) throws IOException {
    Long known = threads.get(thread);
    return known != null ? known : writeThread(thread, "thread " + thread.tid());
  }

  private long track(String name, long parent) throws IOException {
    writeTrack(message.number(1, ++tracks).text(2, name).number(5, parent));
    return tracks;
  }

  private void writeTrack(ProtoMessage track) throws IOException {
    packets.write(SEQUENCE, PerfettoPackets.TRACK_DESCRIPTOR, track);
  }

  private void writeSpans(ThreadKey thread, List<Span> spans) throws IOException {
    long track = track(thread);
    List<List<Span>> lanes = new SpanLanes(spans).lanes();
    writeLane(track, lanes.getFirst());
    for (List<Span> lane : lanes.subList(1, lanes.size())) {
      writeLane(track("spans", track), lane);
    }
  }

  private void writeLane(long track, List<Span> lane) throws IOException {
    SpanLanes.walk(
        lane,
        new SpanLanes.Visitor() {
          @Override
          public void begins(Span span) throws IOException {
            message.number(9, BEGIN).number(11, track).text(23, span.name());
            packets.write(SEQUENCE, span.startNanos(), PerfettoPackets.TRACK_EVENT, message);
          }

          @Override
          public void ends(Span span) throws IOException {
            message.number(9, END).number(11, track);
            packets.write(SEQUENCE, span.endNanos(), PerfettoPackets.TRACK_EVENT, message);
          }
        });
  }

  private void writeLosses(Losses losses, long timeNanos) throws IOException {
    writeTrack(message.number(1, ++tracks).text(2, "losses"));
    for (Map.Entry<Loss, Long> loss : losses.counts().entrySet()) {
      within.text(10, loss.getKey().text()).number(3, loss.getValue());
      message.message(4, within);
    }
    message.number(9, INSTANT).number(11, tracks).text(23, losses.text());
    packets.write(SEQUENCE, timeNanos, PerfettoPackets.TRACK_EVENT, message);
  }
}
