package io.photophone.events.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("V20")
final class KernelFilterTest {
  private static KernelFilter kernel(String text) {
    return Filter.parse(SchedSwitch.FORMAT, text).kernel();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "prev_pid == 0x10; prev_pid == 16",
        "prev_pid == 'a'; prev_pid == 97",
        "prev_state & 3 && prev_comm ~ 'acq*'; prev_state & 3 && prev_comm ~ 'acq*'",
        "!(prev_pid == 1); !(prev_pid == 1)",
        "!(prev_pid == 1 && prev_prio < 2); (!(prev_pid == 1) || !(prev_prio < 2))",
        "prev_pid == 1 || prev_pid == 2; (prev_pid == 1 || prev_pid == 2)",
        "prev_comm ~ '*x'; prev_comm ~ '**x'",
        "prev_comm ~ '*x*'; prev_comm ~ '**x*'",
        "prev_comm ~ '!x'; prev_comm ~ '\\!x'",
        "prev_comm ~ '7x*'; prev_comm ~ '\\7x*'",
        "prev_comm == \"it's\"; prev_comm == \"it's\"",
      })
  void what_the_kernel_can_do_is_said_in_its_grammar(String text, String expected) {
    KernelFilter kernel = kernel(text);

    assertEquals(expected, kernel.text());
    assertEquals(Optional.empty(), kernel.rest());
    assertEquals(List.of(), kernel.reasons());
  }

  @Test
  void what_the_kernel_can_not_do_is_left_over_with_the_reason() {
    EventFormat format =
        EventFormat.builder("mixed")
            .integer("n", 4, true)
            .float64("x")
            .terminatedUtf16("wide")
            .build();

    KernelFilter both = Filter.parse(format, "n == 1 && x < 2 && wide == 'a'").kernel();
    assertEquals("n == 1", both.text());
    assertEquals(Optional.of(Filter.parse(format, "x < 2 && wide == 'a'")), both.rest());
    assertEquals(2, both.reasons().size());
    assertTrue(both.reasons().getFirst().startsWith("x < 2.0: "), both.reasons().toString());

    KernelFilter either = Filter.parse(format, "n == 1 || x < 2").kernel();
    assertEquals("", either.text());
    assertEquals(Optional.of(Filter.parse(format, "n == 1 || x < 2")), either.rest());

    KernelFilter weaker = Filter.parse(format, "(n == 1 && x < 2) || n == 3").kernel();
    assertEquals("((n == 1) || n == 3)", weaker.text());
    assertTrue(weaker.rest().isPresent());

    KernelFilter negated = Filter.parse(format, "!(n == 1 && x < 2)").kernel();
    assertEquals("", negated.text());
  }

  @Test
  void a_text_longer_than_its_field_is_not_the_kernels() {
    assertEquals("", kernel("prev_comm == 'seventeen letters'").text());
    assertEquals(
        "prev_comm == 'sixteen letters!'", kernel("prev_comm == 'sixteen letters!'").text());
  }
}
