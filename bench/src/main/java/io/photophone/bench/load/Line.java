package io.photophone.bench.load;

import java.util.List;

/// A straight line through points by least squares.
///
/// @param slope of y by x
/// @param standardError of the slope, from the scatter around the line
record Line(double slope, double standardError) {
  /// One point of it.
  record Point(double x, double y) {}

  /// @param points three or more, not all at one x
  static Line through(List<Point> points) {
    int n = points.size();
    if (n < 3) {
      throw new IllegalArgumentException("points are %d, allowed: 3 or more".formatted(n));
    }
    double meanX = points.stream().mapToDouble(Point::x).average().orElseThrow();
    double meanY = points.stream().mapToDouble(Point::y).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    for (Point point : points) {
      xx += (point.x() - meanX) * (point.x() - meanX);
      xy += (point.x() - meanX) * (point.y() - meanY);
    }
    double slope = xy / xx;
    double squares = 0;
    for (Point point : points) {
      double residual = point.y() - meanY - slope * (point.x() - meanX);
      squares += residual * residual;
    }
    return new Line(slope, Math.sqrt(squares / (n - 2) / xx));
  }
}
