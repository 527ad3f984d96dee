package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.EventWriter;
import io.photophone.events.hotspot.JavaFrame.Kind;
import io.photophone.events.symbols.PerfMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events as the kernel makes them of HotSpot's probes.
@Tag("V19")
final class CompiledCodeTest {
  private static final int PID = 4711;
  private static final long SECOND = 1_000_000_000;
  private static final JavaFrame GET =
      new JavaFrame("a.Map.get", "(Ljava/lang/Object;)Z", Kind.JIT);
  private static final JavaFrame PUT = new JavaFrame("a.Map.put", "()V", Kind.JIT);

  private final CompiledCode code = new CompiledCode();
  private final Event loads = new Event(1, format("load_1_1", true));
  private final Event unloads = new Event(2, format("unload_1_2", false));
  private final ErrorBatch errors = new ErrorBatch();

  private static EventFormat format(String name, boolean load) {
    EventFormat.Builder builder = EventFormat.builder(name);
    for (String text : new String[] {"class", "method", "signature"}) {
      builder.dynamicText(text).integer(text + "_size", 4, true);
    }
    return load
        ? builder.skip(4).integer("code", 8, false).integer("code_size", 4, true).build()
        : builder.build();
  }

  @BeforeEach
  void listen() {
    code.listenTo(loads);
    code.listenTo(unloads);
  }

  @AfterEach
  void no_callback_failed() {
    assertTrue(errors.isEmpty(), () -> errors.first().toString());
  }

  /// Writes a name as the kernel does: with what lies behind it.
  private static EventWriter named(Event event, JavaFrame frame, String behind) {
    int dot = frame.name().lastIndexOf('.');
    EventFormat format = event.format();
    var writer = new EventWriter(format);
    put(writer, format, "class", frame.name().substring(0, dot).replace('.', '/'), behind);
    put(writer, format, "method", frame.name().substring(dot + 1), behind);
    put(writer, format, "signature", frame.signature(), behind);
    return writer;
  }

  private static void put(
      EventWriter writer, EventFormat format, String field, String text, String behind) {
    writer.put(format.fieldRef(field), text + behind);
    writer.put(format.fieldRef(field + "_size"), text.length());
  }

  private void happens(Event event, EventWriter writer, int pid, long time) {
    var data = new EventData();
    data.moveTo(event.format(), writer.segment(), 0, writer.length());
    data.happened(time, pid, pid + 1, 0);
    event.process(data, errors);
  }

  private void load(int pid, long time, long start, long size, JavaFrame frame) {
    EventWriter writer = named(loads, frame, "\u0005\u0003Ljunk");
    writer.put(loads.format().fieldRef("code"), start);
    writer.put(loads.format().fieldRef("code_size"), size);
    happens(loads, writer, pid, time);
  }

  private void unload(int pid, long time, JavaFrame frame) {
    happens(unloads, named(unloads, frame, "\u0001"), pid, time);
  }

  private void snapshot(Path directory, long time, String... lines) throws IOException {
    Path file = directory.resolve("perf.map");
    Files.write(file, List.of(lines));
    assertEquals(0, code.addSnapshot(PID, time, PerfMap.of(file)));
  }

  @Test
  void names_end_where_their_length_says() {
    load(PID, SECOND, 0x1000, 0x100, GET);
    assertEquals(GET, code.frameAt(PID, 0x1080, 2 * SECOND));
    assertEquals(GET, code.frameAt(PID, 0x10ff, 2 * SECOND));
    assertNull(code.frameAt(PID, 0x1100, 2 * SECOND), "behind the code");
    assertNull(code.frameAt(PID + 1, 0x1080, 2 * SECOND), "another process");
    assertEquals(new CompiledCode.Counts(1, 0, 0, 0, 0, 0), code.counts());
  }

  @Test
  void an_address_that_is_used_again_has_the_name_of_its_time() {
    load(PID, 10 * SECOND, 0x1000, 0x100, GET);
    load(PID, 20 * SECOND, 0x1080, 0x100, PUT);
    assertEquals(GET, code.frameAt(PID, 0x1090, 15 * SECOND));
    assertEquals(PUT, code.frameAt(PID, 0x1090, 20 * SECOND));
    assertNull(code.frameAt(PID, 0x1090, 5 * SECOND), "before any");
  }

  @Test
  void code_that_runs_just_before_it_is_told_of_has_its_name() {
    load(PID, 10 * SECOND, 0x1000, 0x100, GET);
    assertEquals(GET, code.frameAt(PID, 0x1000, 10 * SECOND - 100_000_000));
    assertNull(code.frameAt(PID, 0x1000, 10 * SECOND - 100_000_001));
  }

  @Test
  void unloading_ends_code_if_all_of_the_process_is_known_and_the_name_is_unique() {
    code.processStarted(PID, SECOND);
    load(PID, 2 * SECOND, 0x1000, 0x100, GET);
    unload(PID, 3 * SECOND, GET);
    assertEquals(GET, code.frameAt(PID, 0x1000, 3 * SECOND - 1));
    assertNull(code.frameAt(PID, 0x1000, 3 * SECOND));
    assertEquals(0, code.process(PID).ambiguousUnloads());
    load(PID, 4 * SECOND, 0x2000, 0x100, GET);
    assertEquals(GET, code.frameAt(PID, 0x2000, 5 * SECOND));
  }

  @Test
  void versions_of_a_name_end_when_as_many_were_unloaded() {
    code.processStarted(PID, SECOND);
    load(PID, 2 * SECOND, 0x1000, 0x100, GET);
    load(PID, 3 * SECOND, 0x2000, 0x100, GET);
    unload(PID, 4 * SECOND, GET);
    assertEquals(GET, code.frameAt(PID, 0x1000, 5 * SECOND));
    assertEquals(GET, code.frameAt(PID, 0x2000, 5 * SECOND));
    assertEquals(1, code.process(PID).ambiguousUnloads());
    unload(PID, 6 * SECOND, GET);
    assertNull(code.frameAt(PID, 0x1000, 6 * SECOND));
    assertNull(code.frameAt(PID, 0x2000, 6 * SECOND));
    assertEquals(GET, code.frameAt(PID, 0x2000, 6 * SECOND - 1));
  }

  @Test
  void a_version_that_came_to_the_place_of_a_freed_one_counts_for_itself() {
    code.processStarted(PID, SECOND);
    load(PID, 2 * SECOND, 0x1000, 0x100, GET);
    load(PID, 3 * SECOND, 0x2000, 0x100, GET);
    unload(PID, 4 * SECOND, GET);
    load(PID, 5 * SECOND, 0x1000, 0x100, GET);
    unload(PID, 6 * SECOND, GET);
    assertEquals(GET, code.frameAt(PID, 0x1000, 7 * SECOND));
    unload(PID, 8 * SECOND, GET);
    assertNull(code.frameAt(PID, 0x1000, 8 * SECOND));
  }

  @Test
  void unloading_does_not_end_what_came_to_the_same_place() {
    code.processStarted(PID, SECOND);
    load(PID, 2 * SECOND, 0x1000, 0x100, GET);
    load(PID, 3 * SECOND, 0x1000, 0x100, PUT);
    unload(PID, 4 * SECOND, GET);
    assertEquals(PUT, code.frameAt(PID, 0x1000, 5 * SECOND));
  }

  @Test
  void unloading_ends_nothing_of_a_program_that_was_not_seen_from_its_start(@TempDir Path directory)
      throws IOException {
    load(PID, 2 * SECOND, 0x1000, 0x100, GET);
    unload(PID, 3 * SECOND, GET);
    assertEquals(GET, code.frameAt(PID, 0x1000, 4 * SECOND));
    snapshot(directory, 4 * SECOND, "0x1000 0x120 boolean a.Map.get(java.lang.Object)");
    // Told late, of a version that the snapshot doesn't show any more.
    unload(PID, 4 * SECOND - 1, GET);
    assertEquals(GET, code.frameAt(PID, 0x1000, 5 * SECOND));
    assertEquals(2, code.process(PID).ambiguousUnloads());
  }

  @Test
  void a_perf_map_names_what_was_compiled_before(@TempDir Path directory) throws IOException {
    load(PID, 3 * SECOND, 0x3000, 0x100, PUT);
    snapshot(
        directory,
        2 * SECOND,
        "0x1000 0x100 boolean a.Map.get(java.lang.Object)",
        "0x2000 0x100 Interpreter",
        "0x2200 0x100 StubRoutines (finalstubs)",
        "0x3000 0x100 boolean a.Map.get(java.lang.Object)");
    assertEquals(GET, code.frameAt(PID, 0x1000, SECOND));
    assertEquals(
        new JavaFrame("Interpreter", "", Kind.INTERPRETER), code.frameAt(PID, 0x2000, SECOND));
    assertEquals(
        new JavaFrame("StubRoutines (finalstubs)", "", Kind.STUB),
        code.frameAt(PID, 0x2200, SECOND));
    assertEquals(GET, code.frameAt(PID, 0x3000, 3 * SECOND - 1));
    assertEquals(PUT, code.frameAt(PID, 0x3000, 3 * SECOND));
  }

  @Test
  void a_snapshot_leaves_code_that_probes_told_of(@TempDir Path directory) throws IOException {
    load(PID, SECOND, 0x1000, 0x100, GET);
    snapshot(directory, 2 * SECOND, "0x1000 0x120 boolean a.Map.get(java.lang.Object)");
    assertEquals(0, code.process(PID).counts().replaced());
    assertEquals(GET, code.frameAt(PID, 0x10f0, SECOND));
  }

  @Test
  void a_process_number_that_is_used_again_starts_without_code() {
    load(PID, SECOND, 0x1000, 0x100, GET);
    code.processExited(PID, 2 * SECOND);
    assertEquals(GET, code.frameAt(PID, 0x1000, 2 * SECOND - 1));
    assertNull(code.frameAt(PID, 0x1000, 2 * SECOND));
    code.processStarted(PID, 3 * SECOND);
    load(PID, 4 * SECOND, 0x1000, 0x100, PUT);
    assertEquals(GET, code.frameAt(PID, 0x1000, SECOND), "of the first");
    assertEquals(PUT, code.frameAt(PID, 0x1000, 4 * SECOND), "of the second");
    load(PID, SECOND + SECOND / 2, 0x5000, 0x100, PUT);
    assertEquals(PUT, code.frameAt(PID, 0x5000, 2 * SECOND - 1), "told late");
    assertNull(code.frameAt(PID, 0x5000, 4 * SECOND), "told late, of the first");
  }

  @Test
  void a_code_event_after_the_exit_begins_another_program() {
    load(PID, SECOND, 0x1000, 0x100, GET);
    code.processExited(PID, 2 * SECOND);
    load(PID, 3 * SECOND, 0x2000, 0x100, PUT);
    assertEquals(PUT, code.frameAt(PID, 0x2000, 3 * SECOND));
    assertNull(code.frameAt(PID, 0x1000, 3 * SECOND));
  }

  @Test
  void a_second_path_to_the_same_library_tells_nothing_twice() {
    Event again = new Event(3, format("unload_2_2", false));
    code.listenTo(again);
    code.processStarted(PID, SECOND);
    load(PID, 2 * SECOND, 0x1000, 0x100, GET);
    load(PID, 3 * SECOND, 0x2000, 0x100, GET);
    unload(PID, 4 * SECOND, GET);
    happens(again, named(again, GET, ""), PID, 4 * SECOND);
    assertEquals(GET, code.frameAt(PID, 0x2000, 5 * SECOND));
    assertEquals(1, code.counts().repeated());
    happens(again, named(again, GET, ""), PID + 1, 4 * SECOND);
    assertEquals(1, code.counts().repeated(), "another process may run in another");
  }

  @Test
  void programs_of_one_number_are_bounded_and_counted() {
    load(PID, 0, 0x1000, 0x100, GET);
    for (int i = 1; i < 7; i++) {
      code.processStarted(PID, i * SECOND);
    }
    assertEquals(3, code.process(PID).forgottenPrograms());
  }

  @Test
  void processes_that_ended_are_bounded_and_counted_and_the_running_stay() {
    load(1, SECOND, 0x1000, 0x100, GET);
    for (int pid = 2; pid < 302; pid++) {
      load(pid, SECOND, 0x1000, 0x100, GET);
      code.processExited(pid, 2 * SECOND);
    }
    assertEquals(300 - 256, code.counts().forgottenProcesses());
    assertEquals(GET, code.frameAt(1, 0x1000, 2 * SECOND));
    assertEquals(GET, code.frameAt(301, 0x1000, SECOND));
    assertNull(code.frameAt(2, 0x1000, SECOND));
  }

  @Test
  void a_name_that_was_cut_says_so() {
    EventWriter writer = named(loads, GET, "");
    writer.put(loads.format().fieldRef("code"), 0x1000);
    writer.put(loads.format().fieldRef("code_size"), 0x100);
    writer.put(loads.format().fieldRef("class_size"), 5000);
    happens(loads, writer, PID, SECOND);
    assertEquals(
        new JavaFrame("a.Map….get", GET.signature(), Kind.JIT), code.frameAt(PID, 0x1000, SECOND));
    assertEquals(new CompiledCode.Counts(1, 0, 1, 0, 0, 0), code.counts());
  }

  @Test
  void a_name_whose_memory_was_unreadable_is_none_but_code_it_is() {
    EventWriter writer = named(loads, GET, "");
    writer.put(loads.format().fieldRef("code"), 0x1000);
    writer.put(loads.format().fieldRef("code_size"), 0x100);
    writer.put(loads.format().fieldRef("method"), "");
    happens(loads, writer, PID, SECOND);
    assertEquals(
        new JavaFrame(JavaFrame.UNREADABLE, "", Kind.JIT), code.frameAt(PID, 0x1000, SECOND));
    assertEquals(1, code.counts().unreadableNames());
  }
}
