package io.photophone.events.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFilter;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.Privileges;
import io.photophone.events.linux.StackCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the kernel lets pass by a filter's text is what the filter's class and the interpreter let
/// pass of all: the same events of the same process, recorded by two sessions at once.
@Tag("V20")
final class KernelAgreementIT {
  /// Renames itself, asks for signals, and starts programs; always alike.
  private static final String WORK =
      """
      read x
      for name in acq-1 acq-2 'a name of 15 ch' '!not' 7seven ACQ stale-x-stale x 'it"s' 'b[c]'; do
        printf %s "$name" > /proc/$$/comm
        kill -0 $$
      done
      printf '\\000' > /proc/$$/comm
      /bin/true; /bin/echo -n; /usr/bin/env true
      """;

  @BeforeEach
  void needs_a_kernel_that_lets_us() {
    Privileges privileges = Privileges.probe();
    Assumptions.assumeTrue(
        privileges.wholeMachine() && privileges.tracefs().isPresent(),
        () -> "recording isn't allowed here: " + privileges.missing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "task:task_rename; newcomm == 'acq-1'",
        "task:task_rename; newcomm != 'acq-1'",
        "task:task_rename; newcomm == 'a name of 15 ch'",
        "task:task_rename; newcomm == ''",
        "task:task_rename; newcomm ~ 'acq*'",
        "task:task_rename; newcomm ~ '*-2'",
        "task:task_rename; newcomm ~ '*x*'",
        "task:task_rename; newcomm ~ '*x'",
        "task:task_rename; newcomm ~ '*'",
        "task:task_rename; newcomm ~ '?'",
        "task:task_rename; newcomm ~ 'acq-[!1]'",
        "task:task_rename; newcomm ~ '[a-z]*'",
        "task:task_rename; newcomm ~ '!no*'",
        "task:task_rename; newcomm ~ '7*'",
        "task:task_rename; newcomm ~ '7seve?'",
        "task:task_rename; newcomm ~ 'b\\[c]'",
        "task:task_rename; newcomm ~ 'it\"s' || newcomm == 'x'",
        "task:task_rename; !(newcomm ~ 'acq*' || oldcomm ~ 'acq*')",
        "task:task_rename; !newcomm ~ 'acq*' && oldcomm ~ '*e*'",
        "sched:sched_process_exec; filename == '/bin/true'",
        "sched:sched_process_exec; filename != '/bin/true'",
        "sched:sched_process_exec; filename ~ '*true'",
        "sched:sched_process_exec; filename ~ '/bin*' && !filename ~ '*ec*'",
        "raw_syscalls:sys_enter; id == 0x3e",
        "raw_syscalls:sys_enter; id != 62 && id >= 2",
        "raw_syscalls:sys_enter; id & 3",
        "raw_syscalls:sys_enter; !(id & 3) || id < 4",
        "raw_syscalls:sys_enter; id > -1 && common_flags <= 255 && common_pid != -5",
      })
  void the_kernel_lets_the_same_events_pass(String name, String text) throws Exception {
    Process work = new ProcessBuilder("sh", "-c", WORK).start();
    List<String> ours = new ArrayList<>();
    List<String> all = new ArrayList<>();
    List<String> kernels = new ArrayList<>();
    try (PerfSession whole =
        PerfSession.builder().pid(work.pid()).tracepoint(name, StackCapture.NONE).build()) {
      Event event = whole.events().event(name);
      Filter filter = Filter.parse(event.format(), text);
      EventFilter compiled = filter.compile();
      KernelFilter kernel = filter.kernel();
      assertEquals(Optional.empty(), kernel.rest(), kernel.reasons().toString());
      try (PerfSession filtered =
          PerfSession.builder()
              .pid(work.pid())
              .tracepoint(name, kernel.text(), StackCapture.NONE)
              .build()) {
        event.addCallback(data -> all.add(""));
        event.addCallback(
            compiled,
            data -> {
              ours.add(shown(data));
              assertTrue(filter.test(data.segment(), data.offset(), data.length()));
            });
        filtered.events().event(name).addCallback(data -> kernels.add(shown(data)));
        whole.enable();
        filtered.enable();
        work.outputWriter().write("\n");
        work.outputWriter().flush();
        work.waitFor();
        for (PerfSession session : List.of(whole, filtered)) {
          session.read(Duration.ofMillis(10));
          session.disable();
          session.drain();
          assertTrue(session.events().errors().isEmpty());
        }
      }
    } finally {
      work.destroyForcibly().waitFor();
    }
    System.out.printf("%s: %d of %d%n", text, ours.size(), all.size());
    assertTrue(!ours.isEmpty(), "nothing passed of " + all.size());
    assertEquals(ours.stream().sorted().toList(), kernels.stream().sorted().toList());
  }

  /// What an event holds behind the fields that all have.
  private static String shown(EventData data) {
    StringBuilder shown = new StringBuilder();
    for (var ref : data.format().refs()) {
      switch (ref.field().kind()) {
        case TEXT -> shown.append(data.textOf(ref));
        case INTEGER ->
            shown.append(ref.field().name().startsWith("common_") ? "" : data.longOf(ref));
        case INTEGERS, FLOAT, TEXT_UTF16, BYTES -> {}
      }
      shown.append(' ');
    }
    return shown.toString();
  }
}
