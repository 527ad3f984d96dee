package io.photophone.events.profile.export;

import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameKind;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Sample;
import io.photophone.events.profile.SampleKind;
import io.photophone.events.profile.Span;
import io.photophone.events.profile.TracedProcess;
import io.photophone.events.profile.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// speedscope's JSON: a profile for each thread and kind of sample, its samples in order of time,
/// and one for the spans of each thread. What is missing, and the attributes of processes, stand in
/// a member `photophone`, which readers pass over, and the losses in the file's name, too, which
/// they show.
final class SpeedscopeExporter implements Exporter {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  @Override
  public String suffix() {
    return ".json";
  }

  @Override
  public Losses write(Profile profile, FrameNames names, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      return new Writing(profile, names, json).write();
    } catch (JacksonIOException failure) {
      throw failure.getCause();
    }
  }

  private record Row(int pid, int tid, SampleKind kind) {}

  private record ThreadKey(int pid, int tid) {}

  /// The table of frames of one file.
  private static final class Writing {
    private final Profile profile;
    private final Locations locations;
    private final JsonGenerator json;
    private final Numbered<Frame> frames = new Numbered<>(0);

    Writing(Profile profile, FrameNames names, JsonGenerator json) {
      this.profile = profile;
      this.locations = new Locations(profile, names);
      this.json = json;
    }

    Losses write() throws IOException {
      Map<Row, List<Sample>> rows = new LinkedHashMap<>();
      for (Sample sample : profile.samples()) {
        rows.computeIfAbsent(
                new Row(sample.pid(), sample.tid(), sample.kind()), _ -> new ArrayList<>())
            .add(sample);
      }
      Map<ThreadKey, List<Span>> spans = new LinkedHashMap<>();
      for (Span span : profile.spans()) {
        spans
            .computeIfAbsent(new ThreadKey(span.pid(), span.tid()), _ -> new ArrayList<>())
            .add(span);
      }
      json.writeStartObject();
      json.writeStringProperty("$schema", "https://www.speedscope.app/file-format-schema.json");
      json.writeStringProperty("exporter", "photophone");
      json.writeArrayPropertyStart("profiles");
      rows.forEach(this::writeSamples);
      for (List<Span> ofThread : spans.values()) {
        for (List<Span> lane : new SpanLanes(ofThread).lanes()) {
          writeSpans(lane);
        }
      }
      json.writeEndArray();
      // The frames are known only now.
      json.writeObjectPropertyStart("shared");
      json.writeArrayPropertyStart("frames");
      frames.all().keySet().forEach(this::writeFrame);
      json.writeEndArray();
      json.writeEndObject();
      Losses losses = locations.losses();
      json.writeStringProperty("name", losses.text());
      writeRest(losses);
      json.writeEndObject();
      return losses;
    }

    private void writeSamples(Row row, List<Sample> samples) {
      Sample first = samples.getFirst();
      json.writeStartObject();
      json.writeStringProperty("type", "sampled");
      json.writeStringProperty(
          "name", title(first.pid(), first.tid(), first.timeNanos(), row.kind().name()));
      json.writeStringProperty("unit", unit(row.kind().unit()));
      json.writeNumberProperty("startValue", 0);
      json.writeArrayPropertyStart("samples");
      for (Sample sample : samples) {
        json.writeStartArray();
        for (Location location : locations.of(sample).reversed()) {
          json.writeNumber(frames.of(location.frame()));
        }
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("weights");
      long sum = 0;
      for (Sample sample : samples) {
        json.writeNumber(sample.value());
        sum = Math.addExact(sum, sample.value());
      }
      json.writeEndArray();
      json.writeNumberProperty("endValue", sum);
      json.writeEndObject();
    }

    private void writeSpans(List<Span> lane) throws IOException {
      Span first = lane.getFirst();
      long end = lane.stream().mapToLong(Span::endNanos).max().orElseThrow();
      json.writeStartObject();
      json.writeStringProperty("type", "evented");
      json.writeStringProperty(
          "name", title(first.pid(), first.tid(), first.startNanos(), "spans"));
      json.writeStringProperty("unit", "nanoseconds");
      json.writeNumberProperty("startValue", first.startNanos());
      json.writeNumberProperty("endValue", end);
      json.writeArrayPropertyStart("events");
      SpanLanes.walk(
          lane,
          new SpanLanes.Visitor() {
            @Override
            public void begins(Span span) {
              writeEvent("O", span, span.startNanos());
            }

            @Override
            public void ends(Span span) {
              writeEvent("C", span, span.endNanos());
            }
          });
      json.writeEndArray();
      json.writeEndObject();
    }

    private void writeEvent(String type, Span span, long atNanos) {
      json.writeStartObject();
      json.writeStringProperty("type", type);
      json.writeNumberProperty("frame", frames.of(new Frame(span.name(), "", FrameKind.UNKNOWN)));
      json.writeNumberProperty("at", atNanos);
      json.writeEndObject();
    }

    private void writeFrame(Frame frame) {
      json.writeStartObject();
      json.writeStringProperty("name", frame.name());
      if (!frame.module().isEmpty()) {
        json.writeStringProperty("file", frame.module());
      }
      json.writeEndObject();
    }

    private void writeRest(Losses losses) {
      json.writeObjectPropertyStart("photophone");
      json.writeObjectPropertyStart("losses");
      losses.counts().forEach((loss, count) -> json.writeNumberProperty(loss.text(), count));
      json.writeEndObject();
      json.writeArrayPropertyStart("processes");
      for (TracedProcess process : profile.processes()) {
        json.writeStartObject();
        json.writeNumberProperty("pid", process.pid());
        json.writeStringProperty("name", process.name());
        process
            .attributes()
            .forEach((name, value) -> json.writeStringProperty("attribute " + name, value));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }

    private String title(int pid, int tid, long timeNanos, String what) {
      return locations.processName(pid, timeNanos)
          + " ("
          + pid
          + "), "
          + locations.threadName(pid, tid, timeNanos)
          + " ("
          + tid
          + "), "
          + what;
    }

    private static String unit(Unit unit) {
      return switch (unit) {
        case COUNT -> "none";
        case NANOSECONDS -> "nanoseconds";
        case BYTES -> "bytes";
      };
    }
  }
}
