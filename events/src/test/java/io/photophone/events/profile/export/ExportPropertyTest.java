package io.photophone.events.profile.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Losses;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever the samples are, every format gives back the sum of each call stack's values.
@Tag("V16")
final class ExportPropertyTest {
  private final long seed = System.nanoTime();
  private final RandomProfile random = new RandomProfile(seed, 2000);

  @Test
  void pprof_holds_the_sum_of_every_stack() throws IOException {
    byte[] zipped = export(new PprofExporter());
    Fields profile;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      profile = Fields.parse(in.readAllBytes());
    }
    List<String> strings = profile.texts(6);
    assertEquals("", strings.getFirst());
    Map<Long, String> functions = new HashMap<>();
    for (Fields function : profile.messages(5)) {
      functions.put(function.number(1), strings.get((int) function.number(2)));
    }
    Map<Long, String> locations = new HashMap<>();
    for (Fields location : profile.messages(4)) {
      Fields line = location.messages(4).getFirst();
      locations.put(location.number(1), functions.get(line.number(1)));
    }
    TreeMap<String, Long> sums = new TreeMap<>();
    for (Fields sample : profile.messages(2)) {
      List<String> names = sample.numbers(1).reversed().stream().map(locations::get).toList();
      List<Long> values = sample.numbers(2);
      for (int kind = 0; kind < values.size(); kind++) {
        Fields type = profile.messages(1).get(kind);
        add(sums, strings.get((int) type.number(1)), names, values.get(kind));
      }
      assertEquals(3, sample.messages(3).size());
    }
    assertEquals(random.sums, sums, "seed " + seed);
    String losses = strings.get(Math.toIntExact(profile.numbers(13).getFirst()));
    assertTrue(losses.startsWith("12 records lost by the kernel, "), losses);
  }

  @Test
  void collapsed_stacks_hold_the_sum_of_every_stack() throws IOException {
    String text = new String(export(new CollapsedExporter()), StandardCharsets.UTF_8);
    TreeMap<String, Long> sums = new TreeMap<>();
    for (String line : text.lines().skip(1).toList()) {
      int space = line.lastIndexOf(' ');
      String[] frames = line.substring(0, space).split(";", -1);
      List<String> names =
          Arrays.stream(frames)
              .skip(2)
              .map(name -> name.replaceAll("_\\[[kj]\\]$", ""))
              .map(
                  name -> name.startsWith("sys") ? name.replace(':', ';').replace('?', '\n') : name)
              .toList();
      String kind = frames[0].substring(0, frames[0].indexOf(" ("));
      add(sums, kind, names, Long.parseLong(line.substring(space + 1)));
    }
    assertEquals(random.sums, sums, "seed " + seed);
    assertTrue(
        text.startsWith("# 12 records lost by the kernel, "), text.lines().findFirst().get());
  }

  @Test
  void speedscope_holds_the_sum_of_every_stack() throws IOException {
    JsonNode file = new JsonMapper().readTree(export(new SpeedscopeExporter()));
    JsonNode frames = file.at("/shared/frames");
    TreeMap<String, Long> sums = new TreeMap<>();
    for (JsonNode profile : file.get("profiles")) {
      if (profile.get("type").asString().equals("evented")) {
        assertNested(profile);
        continue;
      }
      String title = profile.get("name").asString();
      String kind = title.substring(title.lastIndexOf(", ") + 2);
      for (int i = 0; i < profile.get("samples").size(); i++) {
        List<String> names = new ArrayList<>();
        for (JsonNode frame : profile.get("samples").get(i)) {
          names.add(frames.get(frame.asInt()).get("name").asString());
        }
        add(sums, kind, names, profile.get("weights").get(i).asLong());
      }
    }
    assertEquals(random.sums, sums, "seed " + seed);
    assertEquals(12, file.get("photophone").get("losses").get(Loss.LOST_RECORDS.text()).asInt());
  }

  @Test
  void perfetto_holds_the_sum_of_every_stack() throws IOException {
    Fields trace = Fields.parse(export(new PerfettoExporter()));
    Map<Long, PerfettoTables> tables = new HashMap<>();
    TreeMap<String, Long> sums = new TreeMap<>();
    long lost = 0;
    for (Fields packet : trace.messages(1)) {
      PerfettoTables table = tables.computeIfAbsent(packet.number(10), _ -> new PerfettoTables());
      packet.messages(59).forEach(table::defaults);
      packet.messages(12).forEach(table::interned);
      for (Fields sample : packet.messages(66)) {
        if (sample.has(17)) {
          lost = sample.number(17);
        } else {
          add(sums, table.kind(), table.names(sample.number(4)), table.value(sample));
        }
      }
    }
    assertEquals(random.sums, sums, "seed " + seed);
    assertEquals(12, lost);
  }

  @Test
  void perfetto_slices_are_one_within_the_other_and_none_is_missing() throws IOException {
    Fields trace = Fields.parse(export(new PerfettoExporter()));
    Map<Long, Deque<Long>> open = new HashMap<>();
    int slices = 0;
    for (Fields packet : trace.messages(1)) {
      for (Fields event : packet.messages(11)) {
        Deque<Long> stack = open.computeIfAbsent(event.number(11), _ -> new ArrayDeque<>());
        if (event.number(9) == 1) {
          stack.push(packet.number(8));
          slices++;
        } else if (event.number(9) == 2) {
          assertTrue(stack.pop() <= packet.number(8));
        }
      }
    }
    assertEquals(random.profile.spans().size() + random.profile.states().size(), slices);
    open.values().forEach(stack -> assertEquals(0, stack.size()));
  }

  private byte[] export(Exporter exporter) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Losses losses = exporter.write(random.profile, RandomProfile.NAMES, out);
    assertEquals(12, losses.count(Loss.LOST_RECORDS));
    assertTrue(losses.count(Loss.UNNAMED_FRAMES) > 0);
    return out.toByteArray();
  }

  private static void add(Map<String, Long> sums, String kind, List<String> names, long value) {
    if (value > 0) {
      sums.merge(RandomProfile.key(kind, names), value, Long::sum);
    }
  }

  private static void assertNested(JsonNode profile) {
    Deque<Integer> open = new ArrayDeque<>();
    long last = profile.get("startValue").asLong();
    for (JsonNode event : profile.get("events")) {
      assertTrue(event.get("at").asLong() >= last);
      last = event.get("at").asLong();
      if (event.get("type").asString().equals("O")) {
        open.push(event.get("frame").asInt());
      } else {
        assertEquals(open.pop(), event.get("frame").asInt());
      }
    }
    assertEquals(0, open.size());
    assertEquals(profile.get("endValue").asLong(), last);
  }
}
