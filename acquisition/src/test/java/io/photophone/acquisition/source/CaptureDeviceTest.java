package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("A2")
final class CaptureDeviceTest {
  private static final List<CaptureDevice> DEVICES =
      Stream.of("default [default]", "USB One [plughw:1,0]", "USB Two [plughw:2,0]", "USB")
          .map(name -> new CaptureDevice(name, "", OptionalInt.empty(), List.of()))
          .toList();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                   | default [default]",
        "USB Two [plughw:2,0] | USB Two [plughw:2,0]",
        "usb one              | USB One [plughw:1,0]",
        "PLUGHW:2             | USB Two [plughw:2,0]",
        "USB                  | USB",
      })
  void a_name_or_a_part_that_is_unique_finds_the_device(String name, String found)
      throws IOException {
    assertEquals(found, CaptureDevice.named(name, DEVICES).name());
  }

  @Test
  void an_ambiguous_part_lists_what_it_fits() {
    var e = assertThrows(IOException.class, () -> CaptureDevice.named("plughw", DEVICES));
    assertEquals(
        "\"plughw\" is ambiguous among capture devices: USB One [plughw:1,0], USB Two [plughw:2,0]",
        e.getMessage());
  }

  @Test
  void an_unknown_name_lists_what_there_is() {
    var e = assertThrows(IOException.class, () -> CaptureDevice.named("HDA", DEVICES));
    assertEquals(
        "no capture device is called \"HDA\", there are: default [default], USB One [plughw:1,0],"
            + " USB Two [plughw:2,0], USB",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"''", "USB"})
  void without_a_device_the_message_says_what_to_do(String name) {
    var e = assertThrows(IOException.class, () -> CaptureDevice.named(name, List.of()));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("no capture device found: connect one"),
        e::toString);
  }
}
