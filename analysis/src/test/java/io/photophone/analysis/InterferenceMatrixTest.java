package io.photophone.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.InterferenceMatrix.Gas;
import io.photophone.analysis.InterferenceMatrix.Mixture;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M8")
class InterferenceMatrixTest {
  private static final List<Gas> GASES =
      List.of(
          new Gas("CO2", ConcentrationUnit.PPM),
          new Gas("CH4", ConcentrationUnit.PPB),
          new Gas("NH3", ConcentrationUnit.MG_PER_M3));

  private static final double[][] ELEMENTS = {{1, 0.021, -0.0004}, {0.35, 1, 0.0021}, {12, -40, 1}};
  private static final double[][] UNCERTAINTIES = {
    {0, 0.002, 0.00005}, {0.01, 0, 0.0003}, {0.8, 1.5, 0}
  };
  private static final double[] APPARENT = {412.5, 1830, 95};
  private static final double[] APPARENT_UNCERTAINTIES = {0.8, 3, 2.5};

  /// References: numpy 2.4.6, `inv(K) @ a` and `inv(K) @ diag(u² + uK² @ c²) @ inv(K).T`.
  @Test
  void concentrations_and_their_covariance_are_those_of_numpy() {
    InterferenceMatrix matrix = new InterferenceMatrix(GASES, ELEMENTS, UNCERTAINTIES);
    assertEquals(1.6707795106514145, matrix.condition(), 1e-9);
    Mixture mixture = matrix.solve(apparent(APPARENT));
    double[] values = {402.76808300489796, 1567.3260393358019, 57954.82457737331};
    double[] uncertainties = {4.436758776475764, 17.467726070778145, 2269.4229706009296};
    for (int i = 0; i < 3; i++) {
      Concentration one = mixture.concentrations().get(i);
      assertEquals(values[i], one.value(), 1e-12 * values[i]);
      assertEquals(uncertainties[i], one.standardUncertainty(), 1e-12 * uncertainties[i]);
      assertEquals(GASES.get(i).unit(), one.unit());
      assertEquals("calibration of " + GASES.get(i).name(), one.calibrationId());
    }
    assertEquals(-11.741641101938681, mixture.covariance()[0][1], 1e-9);
    assertEquals(-11.741641101938681, mixture.covariance()[1][0], 1e-9);
    assertEquals(1593.4591342740775, mixture.covariance()[0][2], 1e-8);
    assertEquals(748.0823510743451, mixture.covariance()[2][1], 1e-7);
  }

  @Test
  void the_uncertainties_are_the_scatter_of_simulated_inputs_seed_1() {
    Mixture mixture =
        new InterferenceMatrix(GASES, ELEMENTS, UNCERTAINTIES).solve(apparent(APPARENT));
    SplittableRandom random = new SplittableRandom(1);
    int runs = 20_000;
    double[][] products = new double[3][3];
    for (int run = 0; run < runs; run++) {
      double[][] elements = new double[3][3];
      double[] seen = new double[3];
      for (int i = 0; i < 3; i++) {
        seen[i] = APPARENT[i] + APPARENT_UNCERTAINTIES[i] * random.nextGaussian();
        for (int j = 0; j < 3; j++) {
          elements[i][j] = ELEMENTS[i][j] + UNCERTAINTIES[i][j] * random.nextGaussian();
        }
      }
      Mixture one = new InterferenceMatrix(GASES, elements, new double[3][3]).solve(apparent(seen));
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          products[i][j] += deviation(one, mixture, i) * deviation(one, mixture, j) / runs;
        }
      }
    }
    for (int i = 0; i < 3; i++) {
      double uncertainty = mixture.concentrations().get(i).standardUncertainty();
      assertEquals(1, Math.sqrt(products[i][i]) / uncertainty, 0.03);
      for (int j = 0; j < 3; j++) {
        double other = mixture.concentrations().get(j).standardUncertainty();
        assertEquals(
            mixture.covariance()[i][j] / (uncertainty * other),
            products[i][j] / (uncertainty * other),
            0.05);
      }
    }
  }

  private static double deviation(Mixture one, Mixture from, int gas) {
    return one.concentrations().get(gas).value() - from.concentrations().get(gas).value();
  }

  @Test
  void without_interference_everything_stays_as_it_was() {
    double[][] elements = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    InterferenceMatrix matrix = new InterferenceMatrix(GASES, elements, new double[3][3]);
    assertEquals(1, matrix.condition());
    Map<String, Concentration> apparent = apparent(APPARENT);
    List<Concentration> concentrations = matrix.solve(apparent).concentrations();
    for (int i = 0; i < 3; i++) {
      assertEquals(apparent.get(GASES.get(i).name()), concentrations.get(i));
    }
  }

  @Test
  void what_is_not_known_spoils_only_what_depends_on_it() {
    double[][] elements = {{1, 0.5, 0}, {0, 1, 0}, {0, 0, 1}};
    InterferenceMatrix matrix = new InterferenceMatrix(GASES, elements, new double[3][3]);
    List<Concentration> concentrations =
        matrix.solve(apparent(412.5, Double.POSITIVE_INFINITY, 95)).concentrations();
    assertTrue(Double.isNaN(concentrations.get(0).value()));
    assertTrue(Double.isNaN(concentrations.get(0).standardUncertainty()));
    assertTrue(Double.isNaN(concentrations.get(1).value()));
    assertEquals(95, concentrations.get(2).value());
    assertEquals(2.5, concentrations.get(2).standardUncertainty());
  }

  @Test
  void the_choice_of_units_is_no_ill_condition() {
    double[][] elements = {{1, 3e-8, 0}, {2e6, 1, 0}, {0, 0, 1}};
    assertTrue(new InterferenceMatrix(GASES, elements, new double[3][3]).condition() < 2);
  }

  @Test
  void gases_that_cannot_be_told_apart_are_refused_with_the_condition_number() {
    assertRefused(
        "condition number of the interference matrix is Infinity, allowed: up to 1000000.0;"
            + " its gases can't be told apart",
        new double[][] {{1, 2, 0}, {0.5, 1, 0}, {0, 0, 1}});
    assertRefused(
        "condition number of the interference matrix is 266666",
        new double[][] {{1, 2, 0}, {0.5 - 0.75e-6, 1, 0}, {0, 0, 1}});
    double[][] barely = {{1, 2, 0}, {0.5 - 2.5e-6, 1, 0}, {0, 0, 1}};
    assertEquals(8e5, new InterferenceMatrix(GASES, barely, new double[3][3]).condition(), 100);
  }

  @Test
  void elements_that_mean_nothing_are_refused_with_their_place() {
    assertRefused(
        "interference of CH4 on CO2 is NaN, allowed: a finite number",
        new double[][] {{1, Double.NaN, 0}, {0, 1, 0}, {0, 0, 1}});
    assertRefused(
        "interference of CH4 on CH4 is 2.0, allowed: 1",
        new double[][] {{1, 0, 0}, {0, 2, 0}, {0, 0, 1}});
    assertRefused(
        "interference matrix has 2 rows, needed: 3", new double[][] {{1, 0, 0}, {0, 1, 0}});
    assertRefused(
        "row CH4 of the interference matrix has 2 elements, needed: 3",
        new double[][] {{1, 0, 0}, {0, 1}, {0, 0, 1}});
    double[][] negative = {{0, 0, 0}, {-0.1, 0, 0}, {0, 0, 0}};
    assertEquals(
        "uncertainty of the interference of CO2 on CH4 is -0.1, allowed: from 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> new InterferenceMatrix(GASES, ELEMENTS, negative))
            .getMessage());
  }

  @Test
  void a_gas_that_is_named_twice_or_missing_or_in_another_unit_is_refused() {
    Gas gas = new Gas("CO2", ConcentrationUnit.PPM);
    assertEquals(
        "interference matrix names CO2 more than once",
        assertThrows(
                IllegalArgumentException.class,
                () -> new InterferenceMatrix(List.of(gas, gas), new double[2][2], new double[2][2]))
            .getMessage());
    InterferenceMatrix matrix = new InterferenceMatrix(GASES, ELEMENTS, UNCERTAINTIES);
    Map<String, Concentration> apparent = apparent(APPARENT);
    apparent.put("CH4", new Concentration(1.83, 0.003, ConcentrationUnit.PPM, "c"));
    assertEquals(
        "apparent concentration of CH4 is in ppm, the interference matrix wants ppb",
        assertThrows(IllegalArgumentException.class, () -> matrix.solve(apparent)).getMessage());
    apparent.remove("CH4");
    assertEquals(
        "no apparent concentration of CH4, which the interference matrix needs",
        assertThrows(IllegalArgumentException.class, () -> matrix.solve(apparent)).getMessage());
  }

  private static void assertRefused(String message, double[][] elements) {
    String refusal =
        assertThrows(
                IllegalArgumentException.class,
                () -> new InterferenceMatrix(GASES, elements, new double[3][3]))
            .getMessage();
    assertTrue(refusal.startsWith(message), refusal);
  }

  private static Map<String, Concentration> apparent(double... values) {
    Map<String, Concentration> apparent = new HashMap<>();
    for (int i = 0; i < GASES.size(); i++) {
      Gas gas = GASES.get(i);
      apparent.put(
          gas.name(),
          new Concentration(
              values[i], APPARENT_UNCERTAINTIES[i], gas.unit(), "calibration of " + gas.name()));
    }
    return apparent;
  }
}
