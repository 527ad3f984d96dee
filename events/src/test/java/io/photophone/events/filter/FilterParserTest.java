package io.photophone.events.filter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("V5")
final class FilterParserTest {
  private static FilterException refused(String text) {
    return assertThrows(FilterException.class, () -> Filter.parse(SchedSwitch.FORMAT, text));
  }

  @Test
  void a_mistake_is_shown_by_a_caret_below_it() {
    FilterException mistake = refused("prev_pid == 1 && prev_com ~ 'acq*'");

    assertEquals(
        """
        prev_pid == 1 && prev_com ~ 'acq*'
                         ^ column 18: prev_com where expected: !, ( or a field of sched_switch: \
        common_type, common_flags, common_preempt_count, common_pid, prev_comm, prev_pid, \
        prev_prio, prev_state, next_comm, next_pid, next_prio\
        """,
        mistake.getMessage());
    assertEquals(18, mistake.column());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; 1; a field of sched_switch",
        "prev_pid; 9; == != < <= > >= &",
        "prev_pid == ; 12; a value for prev_pid, which is pid_t",
        "prev_pid = 1; 10; where expected: a field, a value or one of == !=",
        "prev_pid ~ 1; 10; allowed: == != < <= > >= &",
        "prev_comm < 'a'; 11; allowed: == != ~",
        "prev_comm == a; 14; a text between ' or \"",
        "prev_comm == 'a; 14; without a second '",
        "prev_comm ~ '[a'; 13; without ]",
        "prev_comm ~ '[z-a]'; 13; the lower one first",
        "prev_comm ~ '[^a]'; 13; allowed: [a-z] and [!a-z]",
        "prev_comm ~ 'a\\'; 13; ends with \\",
        "common_flags == 256; 17; allowed: 0 to 255",
        "common_flags == -1; 17; allowed: 0 to 255",
        "prev_pid == 2147483648; 13; allowed: -2147483648 to 2147483647",
        "prev_pid == 08; 13; as 10, 0xa, 012 or 'c'",
        "prev_pid == 1.5; 13; is no integer",
        "prev_pid == 'ab'; 13; is no integer",
        "prev_pid == 1 prev_prio == 2; 15; && or || or the end",
        "(prev_pid == 1; 15; && or || or )",
        "prev_pid == 1); 14; && or || or the end",
        "prev_pid == 1 &&; 17; a field of sched_switch",
        "prev_pid == 1 & prev_prio == 2; 15; && or ||",
        "prev_pid == 1 %; 15; where expected",
      })
  void a_mistake_names_its_column_and_what_is_allowed(String text, int column, String allowed) {
    FilterException mistake = refused(text);

    assertEquals(column, mistake.column(), mistake.getMessage());
    assertTrue(mistake.getMessage().contains(allowed), mistake.getMessage());
    assertEquals(1, mistake.getMessage().chars().filter(c -> c == '\n').count());
  }

  @Test
  void bytes_and_integers_side_by_side_choose_nothing() {
    EventFormat format =
        EventFormat.builder("x").bytes("blob", 4).integers("args", 2, 8, false).build();

    assertThrows(FilterException.class, () -> Filter.parse(format, "blob == 1"));
    assertThrows(FilterException.class, () -> Filter.parse(format, "args == 1"));
    assertThrows(
        FilterException.class,
        () -> Filter.fieldFilter(format.fieldRef("blob"), Operator.EQUAL, "1"));
  }

  @Test
  void depth_and_length_have_ends() {
    String deep = "(".repeat(63) + "prev_pid == 1" + ")".repeat(63);
    assertDoesNotThrow(() -> Filter.parse(SchedSwitch.FORMAT, deep));
    assertEquals(65, refused("(" + deep + ")").column());
    assertEquals(65, refused("!".repeat(100_0) + "prev_pid == 1").column());

    String long4095 = "prev_pid == 1" + " ".repeat(4095 - 13);
    assertDoesNotThrow(() -> Filter.parse(SchedSwitch.FORMAT, long4095));
    assertEquals(4096, refused(long4095 + " ").column());
  }

  @Test
  void the_message_about_a_long_text_shows_the_part_around_the_column() {
    FilterException mistake = refused("prev_pid == 1 ||\n".repeat(50) + "oops == 1");

    String[] lines = mistake.getMessage().split("\n", -1);
    assertEquals(2, lines.length);
    assertEquals("oops == 1", lines[0].substring(lines[1].indexOf('^')));
    assertTrue(lines[0].startsWith("…"));
  }

  @Test
  void whatever_is_read_gives_a_filter_or_a_mistake_with_a_column() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    String[] pieces = {
      "prev_pid",
      "prev_comm",
      "==",
      "!=",
      "~",
      "&",
      "&&",
      "||",
      "!",
      "(",
      ")",
      "'a*'",
      "\"[a\"",
      "1",
      "-1",
      "0x",
      "'",
      "\\",
      "\0",
      "é",
      " ",
      "<",
      ">=",
      "1e-",
      "9".repeat(40)
    };
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(9); k >= 0; k--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        Filter.parse(SchedSwitch.FORMAT, text.toString());
      } catch (FilterException e) {
        assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, text.toString());
      }
    }
  }
}
