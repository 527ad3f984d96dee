package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V19")
final class ProcessImageTest {
  private static final String LIBRARY = "/usr/lib/none.so";

  private final ElfImages images = new ElfImages();
  private final ProcessImage image = ProcessImage.of(1, images);

  private List<String> ranges() {
    return image.ranges().stream()
        .map(range ->
            switch (range) {
              case CodeRange.InFile file ->
                  "%x-%x %s+%x"
                      .formatted(file.start(), file.end(), file.image().name(), file.fileOffset());
              case CodeRange.Anonymous anonymous ->
                  "%x-%x".formatted(anonymous.start(), anonymous.end());
            })
        .toList();
  }

  @Test
  void mappings_are_found_within_their_bounds() {
    image.map(0x5000, 0x1000, 0x200, LIBRARY);
    image.map(0x1000, 0x1000, 0, "//anon");
    assertInstanceOf(CodeRange.Anonymous.class, image.rangeAt(0x1000));
    assertInstanceOf(CodeRange.Anonymous.class, image.rangeAt(0x1fff));
    assertNull(image.rangeAt(0x2000));
    assertNull(image.rangeAt(0xfff));
    assertInstanceOf(CodeRange.InFile.class, image.rangeAt(0x5fff));
  }

  @Test
  void a_mapping_in_the_middle_leaves_both_ends_of_the_old_one() {
    image.map(0x1000, 0x3000, 0x100, LIBRARY);
    image.map(0x2000, 0x1000, 0, "//anon");
    assertEquals(
        List.of("1000-2000 /usr/lib/none.so+100", "2000-3000", "3000-4000 /usr/lib/none.so+2100"),
        ranges());
  }

  @Test
  void a_mapping_over_several_takes_their_place() {
    image.map(0x1000, 0x1000, 0, LIBRARY);
    image.map(0x2000, 0x1000, 0, LIBRARY);
    image.map(0x3000, 0x2000, 0x40, LIBRARY);
    image.map(0x6000, 0x1000, 0, "//anon");
    image.map(0x1800, 0x2000, 0, "//anon");
    assertEquals(
        List.of(
            "1000-1800 /usr/lib/none.so+0",
            "1800-3800",
            "3800-5000 /usr/lib/none.so+840",
            "6000-7000"),
        ranges());
    image.map(0, 0x10000, 0, "//anon");
    assertEquals(List.of("0-10000"), ranges());
  }

  @Test
  void the_same_mapping_again_changes_nothing() {
    image.map(0x1000, 0x1000, 0, LIBRARY);
    image.map(0x1000, 0x1000, 0, LIBRARY);
    assertEquals(List.of("1000-2000 /usr/lib/none.so+0"), ranges());
  }

  @Test
  void a_child_has_what_its_parent_had_and_its_own_later() {
    image.map(0x1000, 0x1000, 0, "//anon");
    ProcessImage child = image.fork(2);
    image.map(0x3000, 0x1000, 0, "//anon");
    child.clear();
    assertEquals(0, child.ranges().size());
    assertEquals(2, image.ranges().size());
  }

  @Test
  void impossible_mappings_are_counted() {
    image.map(0x1000, 0, 0, "//anon");
    image.map(-0x1000, 0x2000, 0, "//anon");
    assertEquals(2, image.refused());
    assertEquals(0, image.ranges().size());
  }

  @Test
  void many_mappings_are_kept_in_order() {
    for (int i = 99; i >= 0; i--) {
      image.map(0x1000L * i, 0x800, 0, "//anon");
    }
    assertEquals(100, image.ranges().size());
    assertInstanceOf(CodeRange.Anonymous.class, image.rangeAt(0x63000));
    assertNull(image.rangeAt(0x63800));
  }
}
