package io.photophone.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M8")
final class PointWindowTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0:1-6,100:5-12        | the point 100.0 from 5.0 s to 12.0 s overlaps the point 0.0 from 1.0 s to 6.0 s, allowed: windows that share no time
          0:7-8,5:13-14,100:6-9 | the point 0.0 from 7.0 s to 8.0 s overlaps the point 100.0 from 6.0 s to 9.0 s, allowed: windows that share no time
          0:1-6,100:7-18.5      | the point 100.0 from 7.0 s to 18.5 s, allowed: until the recording's end at 18.0 s
          """)
  void windows_that_overlap_or_end_after_the_recording_are_refused(String points, String message)
      throws IOException {
    var windows = PointWindow.all(points);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> PointWindow.check(windows, 18));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void windows_may_touch_each_other_and_the_end() throws IOException {
    PointWindow.check(PointWindow.all("100:6-18,0:1-6"), 18);
  }
}
