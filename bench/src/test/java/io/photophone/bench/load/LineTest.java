package io.photophone.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LineTest {
  private static List<Line.Point> points(double... y) {
    return IntStream.range(0, y.length).mapToObj(x -> new Line.Point(x, y[x])).toList();
  }

  @Test
  void points_on_a_line_give_it_without_an_error() {
    Line line = Line.through(points(1, 3, 5, 7));
    assertEquals(2, line.slope(), 1e-12);
    assertEquals(0, line.standardError(), 1e-12);
  }

  @Test
  void scatter_shows_in_the_standard_error() {
    Line line = Line.through(points(0, 2, 1, 3));
    assertEquals(0.8, line.slope(), 1e-12);
    assertEquals(Math.sqrt(1.8 / 2 / 5), line.standardError(), 1e-12);
  }

  @Test
  void two_points_tell_nothing_of_an_error() {
    assertThrows(IllegalArgumentException.class, () -> Line.through(points(1, 2)));
  }
}
