package io.photophone.dsp;

import java.util.Arrays;

/// Solves small symmetric positive definite systems in place: A = L·Lᵀ, L written over A's lower
/// half.
///
/// Source: Golub and Van Loan, "Matrix Computations", section 4.2. Allocates nothing but an
/// inverse.
final class Cholesky {
  private Cholesky() {}

  /// Whether `a` is positive definite beyond rounding; reads and overwrites its lower half.
  static boolean factor(double[][] a, int size) {
    for (int j = 0; j < size; j++) {
      double diagonal = a[j][j];
      double rest = diagonal;
      for (int k = 0; k < j; k++) {
        rest -= a[j][k] * a[j][k];
      }
      if (!(rest > size * Math.ulp(diagonal))) {
        return false;
      }
      a[j][j] = Math.sqrt(rest);
      for (int i = j + 1; i < size; i++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= a[i][k] * a[j][k];
        }
        a[i][j] = sum / a[j][j];
      }
    }
    return true;
  }

  /// Turns b into the solution of A·x = b, with the factor of A.
  static void solve(double[][] factor, double[] b, int size) {
    for (int i = 0; i < size; i++) {
      double sum = b[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i][k] * b[k];
      }
      b[i] = sum / factor[i][i];
    }
    for (int i = size - 1; i >= 0; i--) {
      double sum = b[i];
      for (int k = i + 1; k < size; k++) {
        sum -= factor[k][i] * b[k];
      }
      b[i] = sum / factor[i][i];
    }
  }

  /// The diagonal of A⁻¹, with the factor of A.
  static double[] inverseDiagonal(double[][] factor, int size) {
    double[] diagonal = new double[size];
    double[] column = new double[size];
    for (int i = 0; i < size; i++) {
      Arrays.fill(column, 0);
      column[i] = 1;
      solve(factor, column, size);
      diagonal[i] = column[i];
    }
    return diagonal;
  }
}
