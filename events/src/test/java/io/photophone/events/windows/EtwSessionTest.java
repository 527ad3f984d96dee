package io.photophone.events.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.photophone.events.Event;
import io.photophone.events.FieldRef;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The live session, with a stand-in for Windows.
@Tag("V17")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class EtwSessionTest {
  private final FakeWindows windows = new FakeWindows();

  private static EtwSession.Builder builder() {
    return EtwSession.builder("test").kernel(KernelFlag.CONTEXT_SWITCH);
  }

  @Test
  void elsewhere_than_on_windows_a_session_says_what_it_needs() {
    String system = System.getProperty("os.name");
    assumeFalse(system.startsWith("Windows"), "this is Windows");
    IOException e = assertThrows(EtwException.class, () -> builder().build());
    assertEquals("ETW needs Windows, this is " + system, e.getMessage());
    assertEquals("ETW needs Windows, this is " + system, EtwSession.whyUnavailable().orElseThrow());
  }

  @Test
  void settings_reach_windows() throws IOException {
    EtwProvider provider = new EtwProvider(TestRecord.OWN, 4, 0xF0, true);
    try (EtwSession session =
        EtwSession.builder("my session")
            .kernel(KernelFlag.CONTEXT_SWITCH, KernelFlag.DISPATCHER)
            .provider(provider)
            .buffers(128, 4, 32)
            .build(windows)) {
      assertEquals(77, session.id());
      assertEquals(
          List.of("start my session", "enable 77 level 4 keywords f0", "open"), windows.calls());
      assertEquals(windows.properties.byteSize(), Words.s32(windows.properties, 0));
      assertEquals(1, Words.s32(windows.properties, 40));
      assertEquals(0x20000, Words.s32(windows.properties, 44));
      assertEquals(128, Words.s32(windows.properties, 48));
      assertEquals(4, Words.s32(windows.properties, 52));
      assertEquals(32, Words.s32(windows.properties, 56));
      assertEquals(0x0200_0100, Words.s32(windows.properties, 64));
      assertEquals(0x810, Words.s32(windows.properties, 72));
      assertEquals(120, Words.s32(windows.properties, 116));
      assertArrayEquals(
          new Blob().guid(TestRecord.OWN).toBytes(),
          windows.enabledProvider.toArray(ValueLayout.JAVA_BYTE));
      assertEquals(2, Words.s32(windows.enableParameters, 0));
      assertEquals(4, Words.s32(windows.enableParameters, 4));
      assertEquals(0x1000_1100, Words.s32(windows.logFile, 28));
      assertEquals(0, Words.s64(windows.logFile, 0));
      assertEquals(4096, Words.s64(windows.logFile, 400));
      assertEquals(4096, Words.s64(windows.logFile, 424));
    }
    assertEquals(List.of("stop 77", "close 88"), windows.calls().subList(3, 5));
  }

  @Test
  void a_session_without_kernel_events_is_no_system_logger() throws IOException {
    EtwProvider provider = EtwProvider.all(TestRecord.OWN);
    try (EtwSession _ = EtwSession.builder("x").provider(provider).build(windows)) {
      assertEquals(0x100, Words.s32(windows.properties, 64));
      assertEquals(0, Words.s32(windows.enableParameters, 4));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, run as administrator",
    "183, logman stop \"test\" -ets",
    "87, Windows 8 or later",
    "1450, logman query -ets",
    "4242, net helpmsg 4242",
  })
  void an_error_says_what_helps(int code, String remedy) {
    windows.startCode = code;
    EtwException e = assertThrows(EtwException.class, () -> builder().build(windows));
    assertEquals(code, e.code());
    assertTrue(e.getMessage().startsWith("StartTrace of session test failed"), e.getMessage());
    assertTrue(e.getMessage().contains(remedy), e.getMessage());
    assertEquals(List.of("start test"), windows.calls());
  }

  @Test
  void a_session_that_cannot_be_whole_is_stopped() {
    windows.enableCode = 5;
    EtwProvider provider = EtwProvider.all(TestRecord.OWN);
    EtwException e =
        assertThrows(EtwException.class, () -> builder().provider(provider).build(windows));
    assertTrue(e.getMessage().contains(TestRecord.OWN.toString()), e.getMessage());
    assertEquals("stop 77", windows.calls().getLast());
    FakeWindows other = new FakeWindows();
    other.openCode = 5;
    assertThrows(EtwException.class, () -> builder().build(other));
    assertEquals(List.of("start test", "open", "stop 77"), other.calls());
  }

  @Test
  void a_session_whose_opening_fails_in_java_is_stopped() {
    windows.failsInJava = true;
    assertThrows(AssertionError.class, () -> builder().build(windows));
    assertEquals(List.of("start test", "open", "stop 77"), windows.calls());
  }

  @Test
  void what_windows_delivers_reaches_the_callbacks_in_order() throws IOException {
    List<Long> threads = Collections.synchronizedList(new ArrayList<>());
    List<String> names = new ArrayList<>();
    try (EtwSession session = builder().build(windows)) {
      EtwRecordReader reader = new EtwRecordReader(session.clock());
      Event event = reader.add(KernelEvents.CONTEXT_SWITCH);
      FieldRef thread = event.format().fieldRef("new_thread_id");
      event.addCallback(data -> {
        threads.add(data.longOf(thread));
        assertEquals(2, data.longsOf(reader.stack()));
        assertEquals(0xBEEF, data.longOf(reader.stack(), 1));
      });
      reader.onSelfDescribing((_, own) ->
          own.addCallback(data -> names.add(data.textOf(own.format().fieldRef("text")))));
      byte[] stack = new Blob().u64(0).u64(1).u64(0xBEEF).toBytes();
      windows.deliver(
          IntStream.range(0, 5000)
              .mapToObj(i -> TestRecord.contextSwitch(i, 0).item(4, new byte[5]).item(6, stack))
              .toList());
      byte[] description = new Blob().u8(0).text("own").text("text").u8(22).sized();
      windows.deliver(
          List.of(
              TestRecord.selfDescribing(description)
                  .data(new Blob().countedUtf16("from afar").toBytes())));
      session.stop();
      assertEquals(3000, session.readData(reader, 3000));
      assertEquals(2001, session.readData(reader, 3000));
      assertEquals(0, session.readData(reader, 3000));
      assertTrue(reader.errors().isEmpty(), () -> reader.errors().first().toString());
      assertTrue(session.losses().areNone());
    }
    assertEquals(IntStream.range(0, 5000).mapToObj(i -> (long) i).toList(), threads);
    assertEquals(List.of("from afar"), names);
  }

  @Test
  void events_are_timed_by_nano_time() throws IOException {
    List<Long> times = new ArrayList<>();
    try (EtwSession session = builder().build(windows)) {
      EtwRecordReader reader = new EtwRecordReader(session.clock());
      reader.add(KernelEvents.CONTEXT_SWITCH).addCallback(data -> times.add(data.timeNanos()));
      long before = System.nanoTime();
      windows.deliver(List.of(TestRecord.contextSwitch(1, 2).ticks(windows.counter())));
      long after = System.nanoTime();
      session.stop();
      session.readData(reader, 10);
      long toleranceNanos = 1_000_000;
      assertTrue(
          times.getFirst() > before - toleranceNanos && times.getFirst() < after + toleranceNanos,
          times + " is not within " + before + " and " + after);
    }
  }

  @Test
  void what_is_not_read_in_time_is_lost_and_counted() throws IOException {
    windows.eventsLost = 5;
    windows.buffersLost = -1;
    List<Long> lengths = new ArrayList<>();
    int sent = 2000;
    try (EtwSession session = builder().chunks(2, 128).build(windows)) {
      windows.deliver(
          IntStream.range(0, sent)
              .mapToObj(i -> TestRecord.contextSwitch(i, 0).item(1, new byte[1000]))
              .toList());
      session.stop();
      int read = session.readData((_, _, length) -> lengths.add((long) length), sent);
      EtwLosses losses = session.losses();
      assertEquals(sent, read + losses.records());
      assertTrue(read > 200 && read < 260, "read " + read);
      assertEquals(5, losses.events());
      assertEquals(0xFFFF_FFFFL, losses.buffers());
      assertFalse(losses.areNone());
    }
  }

  @Test
  void chunks_that_were_read_are_used_again() throws IOException {
    int sent = 0;
    int read = 0;
    try (EtwSession session = builder().chunks(2, 128).build(windows)) {
      for (int round = 0; round < 50; round++) {
        windows.deliver(
            IntStream.range(0, 60)
                .mapToObj(i -> TestRecord.contextSwitch(i, 0).item(1, new byte[1000]))
                .toList());
        sent += 60;
        while (read < sent) {
          read += session.readData((_, _, _) -> {}, 7);
          Thread.onSpinWait();
        }
      }
      session.stop();
      assertEquals(0, session.losses().records());
    }
  }

  @Test
  void an_event_too_large_for_a_chunk_is_lost_alone() throws IOException {
    try (EtwSession session = builder().chunks(2, 128).build(windows)) {
      TestRecord small = TestRecord.contextSwitch(1, 2);
      TestRecord large =
          TestRecord.contextSwitch(1, 2).item(1, new byte[65535]).item(2, new byte[65535]);
      windows.deliver(List.of(large, small, large, small));
      session.stop();
      assertEquals(2, session.readData((_, _, _) -> {}, 10));
      assertEquals(2, session.losses().records());
    }
  }

  @Test
  void the_end_of_delivery_by_an_error_is_told_to_the_reader() throws Exception {
    windows.processCode = 1168;
    try (EtwSession session = builder().build(windows)) {
      session.stop();
      IOException e = assertThrows(IOException.class, () -> session.readData((_, _, _) -> {}, 1));
      assertTrue(e.getCause().getMessage().contains("did something else end it"));
    }
  }

  @Test
  void a_refused_stop_is_told_and_the_trace_is_closed_all_the_same() throws IOException {
    windows.stopCode = 5;
    EtwSession session = builder().build(windows);
    assertThrows(EtwException.class, session::close);
    assertEquals("close 88", windows.calls().getLast());
    session.close();
    assertEquals(1, windows.calls().stream().filter("close 88"::equals).count());
  }

  @Test
  void settings_that_cannot_be_are_refused_before_windows_is_asked() {
    assertRefused("asks for no events", EtwSession.builder("x"));
    assertRefused("name is ' '", EtwSession.builder(" ").kernel(KernelFlag.THREAD));
    assertRefused("bufferKib is 0", builder().buffers(0, 2, 2));
    assertRefused("bufferKib is 16385", builder().buffers(16385, 2, 2));
    assertRefused("minimumBuffers is 1", builder().buffers(64, 1, 2));
    assertRefused("maximumBuffers is 3, allowed: 4", builder().buffers(64, 4, 3));
    assertRefused("KiB of all buffers is 2097152", builder().buffers(16384, 2, 128));
    assertRefused("chunks is 1", builder().chunks(1, 128));
    assertRefused("chunkKib is 127", builder().chunks(2, 127));
    assertThrows(
        IllegalArgumentException.class, () -> new EtwProvider(TestRecord.OWN, 256, 0, false));
    assertEquals(List.of(), windows.calls());
  }

  private void assertRefused(String why, EtwSession.Builder builder) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> builder.build(windows));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "MyCompany.MyComponent, ce5fa4ea-ab00-5402-8b76-9f76ac858fb5",
    "Microsoft-Diagnostics-DiagnosticSource, adb401e1-5296-51f8-c125-5fda75826144",
  })
  void a_provider_is_found_by_its_name(String name, UUID guid) {
    assertEquals(guid, EtwProvider.named(name).guid());
  }
}
