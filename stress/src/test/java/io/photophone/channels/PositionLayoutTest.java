package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jol.datamodel.Model64;
import org.openjdk.jol.datamodel.Model64_Lilliput;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.FieldLayout;
import org.openjdk.jol.layouters.CurrentLayouter;
import org.openjdk.jol.layouters.HotSpotLayouter;
import org.openjdk.jol.layouters.Layouter;

/// Where the fields of a position lie in memory: a position is only worth its price if nobody
/// else's writes are near.
@Tag("C1")
final class PositionLayoutTest {
  private static final long NEAR_BYTES = 128;
  private static final List<String> OWN = List.of("value", "limit");

  /// This virtual machine's, and those of ordinary and of compact headers.
  static Stream<Layouter> layouters() {
    return Stream.of(
        new CurrentLayouter(),
        new HotSpotLayouter(new Model64(true, true), 25),
        new HotSpotLayouter(new Model64_Lilliput(true, 8, true), 25));
  }

  @ParameterizedTest
  @MethodSource("layouters")
  void nothing_of_others_is_within_128_bytes_of_a_position(Layouter layouter) {
    ClassLayout layout = ClassLayout.parseClass(Position.class, layouter);
    List<FieldLayout> own =
        layout.fields().stream().filter(field -> OWN.contains(field.name())).toList();
    assertTrue(own.size() == OWN.size(), layout::toPrintable);
    for (FieldLayout field : own) {
      assertTrue(field.offset() >= NEAR_BYTES, layout::toPrintable);
      assertTrue(
          layout.instanceSize() - field.offset() - field.size() >= NEAR_BYTES, layout::toPrintable);
    }
  }
}
