package io.photophone.events.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.hotspot.CompiledCode;
import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameKind;
import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.ProfileLimits;
import io.photophone.events.profile.TracedProcess;
import io.photophone.events.profile.TracedThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What records tell, given as the recorder takes it.
@Tag("V13")
final class ProcessRecorderTest {
  /// Beyond what any process has.
  private static final int PID = 4_000_001;

  private final Profile profile = new Profile(ProfileLimits.DEFAULT);
  private final CodeRanges code = new CodeRanges(profile, 100);
  private final KeptSamples kept = new KeptSamples();
  private final ProcessRecorder recorder = new ProcessRecorder(profile, code, new OffCpu(kept, 0));

  @Test
  void a_new_thread_has_its_parents_name_until_it_gets_one() {
    recorder.named(10, PID, PID, "main", false, false);
    recorder.born(20, PID, PID, PID + 1, PID);
    assertEquals(new TracedThread(PID + 1, "main"), process(25).thread(PID + 1));
    recorder.named(30, PID, PID + 1, "worker", false, false);
    assertEquals(new TracedThread(PID + 1, "worker"), process(35).thread(PID + 1));
    assertEquals("main", process(35).name());
  }

  @Test
  void a_forked_process_has_its_parents_code_until_it_runs_another_program() {
    recorder.named(10, PID, PID, "sh", false, false);
    code.mapped(PID, new Mapping(0x1000, 0x2000, 0, "/bin/none", "", 11));
    recorder.born(20, PID + 1, PID, PID + 1, PID);
    assertNotNull(code.find(PID + 1, 0x1800, 21));
    recorder.named(30, PID + 1, PID + 1, "ls", true, false);
    assertNull(code.find(PID + 1, 0x1800, 31));
    assertNotNull(code.find(PID, 0x1800, 31));
  }

  @Test
  void threads_that_live_are_known() {
    assertFalse(recorder.anySeen());
    recorder.named(10, PID, PID, "main", false, true);
    recorder.born(20, PID, PID, PID + 1, PID);
    recorder.ended(30, PID, PID);
    assertEquals(Set.of(PID + 1), recorder.threads());
    recorder.ended(40, PID, PID + 1);
    assertTrue(recorder.anySeen() && recorder.threads().isEmpty());
  }

  @Test
  void a_frame_of_a_library_has_its_symbols_name_and_one_of_nothing_has_none() throws Exception {
    Path self = Path.of("/proc/self/maps");
    Assumptions.assumeTrue(Files.isReadable(self), "needs /proc");
    String line =
        Files.readAllLines(self).stream()
            .filter(each -> each.contains("r-xp") && each.endsWith("/libjvm.so"))
            .findFirst()
            .orElseThrow();
    String[] fields = line.split(" +", 6);
    long offset = Long.parseLong(fields[2], 16);
    code.mapped(PID, new Mapping(0x10_0000, 0x1000_0000, offset, fields[5], "", 5));
    TraceNames names = new TraceNames(code, new CompiledCode());
    Frame frame = null;
    for (long address = 0x20_0000; frame == null && address < 0x40_0000; address += 64) {
      frame = names.name(PID, address, 10);
    }
    assertNotNull(frame);
    assertEquals("libjvm.so", frame.module());
    assertEquals(FrameKind.NATIVE, frame.kind());
    assertNull(names.name(PID, 0x9000_0000L, 10));
    assertNull(names.name(PID, 0x20_0000, 4));
  }

  private TracedProcess process(long timeNanos) {
    TracedProcess process = profile.processAt(PID, timeNanos);
    assertNotNull(process);
    return process;
  }
}
