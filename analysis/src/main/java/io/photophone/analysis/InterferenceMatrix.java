package io.photophone.analysis;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What several gases of one mixture are, once each one's share in the others' signals is taken
/// out.
///
/// The apparent concentrations a, as each gas's own calibration tells them, are a = K·c: K's
/// element (i, j) is what one unit of gas j adds to the apparent concentration of gas i, in gas i's
/// unit, and its diagonal is 1. So c = K⁻¹·a, and to first order the covariance of c is K⁻¹·D·K⁻ᵀ,
/// D being diagonal with u(aᵢ)² + Σⱼ cⱼ²·u(Kᵢⱼ)²: the apparent concentrations and the elements are
/// taken as uncorrelated.
///
/// Source: JCGM 102:2011 (the GUM for several output quantities), 6.2. Immutable. Contract: M8.
public final class InterferenceMatrix {
  /// How much a relative error of an element may grow in the result.
  public static final double HIGHEST_CONDITION = 1e6;

  /// The 2⁴⁰th power gives its root to far more digits than anyone needs.
  private static final int SQUARINGS = 40;

  private final List<Gas> gases;
  private final double[][] uncertainties;
  private final double[][] inverse;
  private final double condition;

  /// A gas and the unit that its concentrations are in.
  public record Gas(String name, ConcentrationUnit unit) {}

  /// Copies both arrays.
  ///
  /// @param gases in the order of rows and columns
  /// @param elements K, row by row
  /// @param uncertainties standard uncertainties of the elements; 0 on the diagonal
  /// @throws IllegalArgumentException if a gas is named twice, an array isn't square, an element is
  ///   no finite number, the diagonal isn't 1, or the matrix can't be inverted with a condition
  ///   number up to 10⁶
  public InterferenceMatrix(List<Gas> gases, double[][] elements, double[][] uncertainties) {
    this.gases = List.copyOf(gases);
    checkNames();
    checkSquare("interference matrix", elements);
    checkSquare("uncertainties of the interference matrix", uncertainties);
    for (int i = 0; i < gases.size(); i++) {
      for (int j = 0; j < gases.size(); j++) {
        checkElement(i, j, elements[i][j], uncertainties[i][j]);
      }
    }
    this.uncertainties = copy(uncertainties);
    inverse = inverse(elements);
    condition = condition(elements, inverse);
    if (!(condition <= HIGHEST_CONDITION)) {
      throw new IllegalArgumentException(
          "condition number of the interference matrix is %s, allowed: up to %s; its gases can't be told apart"
              .formatted(condition, HIGHEST_CONDITION));
    }
  }

  private void checkNames() {
    if (gases.isEmpty()) {
      throw new IllegalArgumentException("interference matrix names no gas");
    }
    Set<String> names = new HashSet<>();
    for (Gas gas : gases) {
      if (!names.add(gas.name)) {
        throw new IllegalArgumentException(
            "interference matrix names %s more than once".formatted(gas.name));
      }
    }
  }

  private void checkSquare(String what, double[][] rows) {
    int size = gases.size();
    if (rows.length != size) {
      throw new IllegalArgumentException(
          "%s has %d rows, needed: %d, one for each gas".formatted(what, rows.length, size));
    }
    for (int i = 0; i < size; i++) {
      if (rows[i].length != size) {
        throw new IllegalArgumentException(
            "row %s of the %s has %d elements, needed: %d, one for each gas"
                .formatted(gases.get(i).name, what, rows[i].length, size));
      }
    }
  }

  private void checkElement(int i, int j, double value, double uncertainty) {
    String place = "%s on %s".formatted(gases.get(j).name, gases.get(i).name);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "interference of %s is %s, allowed: a finite number".formatted(place, value));
    }
    if (i == j && value != 1) {
      throw new IllegalArgumentException(
          "interference of %s is %s, allowed: 1, since a gas's own calibration makes it so"
              .formatted(place, value));
    }
    if (!(uncertainty >= 0 && uncertainty < Double.POSITIVE_INFINITY)
        || (i == j && uncertainty != 0)) {
      throw new IllegalArgumentException(
          "uncertainty of the interference of %s is %s, allowed: %s"
              .formatted(place, uncertainty, i == j ? "0" : "from 0"));
    }
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }

  /// By Gauss and Jordan with row exchanges; of a singular matrix, elements that are no numbers.
  private static double[][] inverse(double[][] elements) {
    int size = elements.length;
    double[][] left = copy(elements);
    double[][] right = new double[size][size];
    for (int i = 0; i < size; i++) {
      right[i][i] = 1;
    }
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int i = column + 1; i < size; i++) {
        if (Math.abs(left[i][column]) > Math.abs(left[pivot][column])) {
          pivot = i;
        }
      }
      exchange(left, pivot, column);
      exchange(right, pivot, column);
      double diagonal = left[column][column];
      for (int i = 0; i < size; i++) {
        if (i != column) {
          double factor = left[i][column] / diagonal;
          subtract(factor, left[column], left[i]);
          subtract(factor, right[column], right[i]);
        }
      }
      for (int j = 0; j < size; j++) {
        left[column][j] /= diagonal;
        right[column][j] /= diagonal;
      }
    }
    return right;
  }

  private static void exchange(double[][] rows, int first, int second) {
    double[] row = rows[first];
    rows[first] = rows[second];
    rows[second] = row;
  }

  private static void subtract(double factor, double[] row, double[] from) {
    for (int j = 0; j < row.length; j++) {
      from[j] -= factor * row[j];
    }
  }

  /// The largest eigenvalue of |K⁻¹|·|K|: the condition number of the best choice of units, as it
  /// is the same in all of them. A ppb beside a ppm is no ill condition.
  ///
  /// Source: Bauer, Numerische Mathematik 5, 73 (1963).
  private static double condition(double[][] elements, double[][] inverse) {
    int size = elements.length;
    double[][] power = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          power[i][j] += Math.abs(inverse[i][k]) * Math.abs(elements[k][j]);
        }
      }
    }
    double logarithm = 0;
    double exponent = 1;
    for (int step = 0; step < SQUARINGS; step++) {
      double largest = largest(power);
      logarithm += StrictMath.log(largest) * exponent;
      exponent /= 2;
      power = scaledSquare(power, 1 / largest);
    }
    double root = StrictMath.exp(logarithm + StrictMath.log(largest(power)) * exponent);
    return Double.isNaN(root) ? Double.POSITIVE_INFINITY : root;
  }

  private static double largest(double[][] rows) {
    double largest = 0;
    for (double[] row : rows) {
      for (double value : row) {
        largest = Math.max(largest, value);
      }
    }
    return largest;
  }

  private static double[][] scaledSquare(double[][] rows, double scale) {
    int size = rows.length;
    double[][] square = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          square[i][j] += rows[i][k] * scale * (rows[k][j] * scale);
        }
      }
    }
    return square;
  }

  /// In the order of rows and columns.
  public List<Gas> gases() {
    return gases;
  }

  /// How much a relative error may grow, 1 without any interference.
  public double condition() {
    return condition;
  }

  /// The concentrations in the mixture.
  ///
  /// An apparent concentration that is no finite number leaves those that depend on it NaN.
  ///
  /// @param apparent by gas, each in its gas's unit; others are ignored
  /// @throws IllegalArgumentException if one is missing or in another unit
  public Mixture solve(Map<String, Concentration> apparent) {
    int size = gases.size();
    double[] seen = new double[size];
    double[] variances = new double[size];
    List<String> calibrations = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Concentration one = of(gases.get(i), apparent);
      boolean finite = Double.isFinite(one.value());
      seen[i] = finite ? one.value() : Double.NaN;
      variances[i] = finite ? one.standardUncertainty() * one.standardUncertainty() : Double.NaN;
      calibrations.add(one.calibrationId());
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        values[i] += product(inverse[i][j], seen[j]);
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        variances[i] += product(uncertainties[i][j] * uncertainties[i][j], values[j] * values[j]);
      }
    }
    double[][] covariance = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          covariance[i][j] += product(inverse[i][k] * inverse[j][k], variances[k]);
        }
      }
    }
    List<Concentration> concentrations = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      concentrations.add(
          new Concentration(
              values[i], Math.sqrt(covariance[i][i]), gases.get(i).unit, calibrations.get(i)));
    }
    return new Mixture(concentrations, covariance);
  }

  private static Concentration of(Gas gas, Map<String, Concentration> apparent) {
    Concentration one = apparent.get(gas.name);
    if (one == null) {
      throw new IllegalArgumentException(
          "no apparent concentration of %s, which the interference matrix needs"
              .formatted(gas.name));
    }
    if (one.unit() != gas.unit) {
      throw new IllegalArgumentException(
          "apparent concentration of %s is in %s, the interference matrix wants %s"
              .formatted(gas.name, one.unit().wireName(), gas.unit.wireName()));
    }
    return one;
  }

  /// Zero times what isn't known is zero: it doesn't matter.
  private static double product(double factor, double value) {
    return factor == 0 ? 0 : factor * value;
  }

  /// What a mixture holds.
  ///
  /// @param concentrations in the order of the matrix's gases, each with the calibration of its
  ///   apparent one
  /// @param covariance of their values, in the product of their units. The record's own array: read
  ///   only
  public record Mixture(List<Concentration> concentrations, double[][] covariance) {
    public Mixture {
      concentrations = List.copyOf(concentrations);
    }
  }
}
