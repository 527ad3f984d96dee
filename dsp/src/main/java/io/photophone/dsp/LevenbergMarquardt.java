package io.photophone.dsp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Least squares for models that are not linear in their parameters.
///
/// Source: Marquardt, J. SIAM 11, 431 (1963): steps between Gauss and Newton's and the gradient's,
/// scaled by the curvature along each parameter.
final class LevenbergMarquardt {
  private static final int MOST_STEPS = 500;
  private static final double FIRST_DAMPING = 1e-3;
  private static final double LARGEST_DAMPING = 1e16;

  /// Of the sum of squares: a step that improves less is the last.
  private static final double SMALLEST_GAIN = 1e-15;

  private LevenbergMarquardt() {}

  /// What is fitted: residuals (model − data) and their derivatives.
  interface Model {
    int residuals();

    /// Writes residuals, and derivatives with a row for each residual and a column for each
    /// parameter.
    void evaluate(double[] parameters, double[] residuals, double[][] jacobian);
  }

  /// The parameters of the least sum of squares.
  ///
  /// @param standardUncertainties from the scatter of the residuals
  /// @param residualDeviation root of the sum of squares for each degree of freedom
  record Minimum(double[] parameters, double[] standardUncertainties, double residualDeviation) {}

  /// The minimum next to the start; null if the steps lead nowhere or a parameter is undetermined
  /// there.
  static @Nullable Minimum search(Model model, double[] start) {
    int size = start.length;
    int count = model.residuals();
    double[] parameters = start.clone();
    double[] residuals = new double[count];
    double[][] jacobian = new double[count][size];
    double[] trial = new double[size];
    double[] trialResiduals = new double[count];
    double[][] trialJacobian = new double[count][size];
    double[][] normal = new double[size][size];
    double[] step = new double[size];
    model.evaluate(parameters, residuals, jacobian);
    double sum = squares(residuals);
    double damping = FIRST_DAMPING;
    for (int round = 0; round < MOST_STEPS; round++) {
      normalEquations(jacobian, residuals, normal, step);
      for (int i = 0; i < size; i++) {
        normal[i][i] *= 1 + damping;
      }
      double trialSum = Double.NaN;
      if (Cholesky.factor(normal, size)) {
        Cholesky.solve(normal, step, size);
        for (int i = 0; i < size; i++) {
          trial[i] = parameters[i] - step[i];
        }
        model.evaluate(trial, trialResiduals, trialJacobian);
        trialSum = squares(trialResiduals);
      }
      if (trialSum <= sum) {
        boolean last = sum - trialSum <= SMALLEST_GAIN * sum;
        System.arraycopy(trial, 0, parameters, 0, size);
        double[] swap = residuals;
        residuals = trialResiduals;
        trialResiduals = swap;
        double[][] swapJacobian = jacobian;
        jacobian = trialJacobian;
        trialJacobian = swapJacobian;
        sum = trialSum;
        damping /= 10;
        if (last) {
          return minimum(parameters, jacobian, residuals, normal, step);
        }
      } else if (damping >= LARGEST_DAMPING) {
        // No step, however short, improves: this is the minimum to rounding.
        return minimum(parameters, jacobian, residuals, normal, step);
      } else {
        damping *= 10;
      }
    }
    return null;
  }

  private static @Nullable Minimum minimum(
      double[] parameters,
      double[][] jacobian,
      double[] residuals,
      double[][] normal,
      double[] step) {
    int size = parameters.length;
    normalEquations(jacobian, residuals, normal, step);
    if (!Cholesky.factor(normal, size)) {
      return null;
    }
    double variance = squares(residuals) / (residuals.length - size);
    double[] uncertainties = Cholesky.inverseDiagonal(normal, size);
    for (int i = 0; i < size; i++) {
      uncertainties[i] = Math.sqrt(uncertainties[i] * variance);
    }
    return new Minimum(parameters, uncertainties, Math.sqrt(variance));
  }

  private static void normalEquations(
      double[][] jacobian, double[] residuals, double[][] normal, double[] right) {
    int size = right.length;
    for (int i = 0; i < size; i++) {
      right[i] = 0;
      Arrays.fill(normal[i], 0);
    }
    for (int row = 0; row < residuals.length; row++) {
      double[] derivatives = jacobian[row];
      for (int i = 0; i < size; i++) {
        right[i] += derivatives[i] * residuals[row];
        for (int j = 0; j <= i; j++) {
          normal[i][j] += derivatives[i] * derivatives[j];
        }
      }
    }
  }

  private static double squares(double[] residuals) {
    double sum = 0;
    for (double residual : residuals) {
      sum += residual * residual;
    }
    return sum;
  }
}
