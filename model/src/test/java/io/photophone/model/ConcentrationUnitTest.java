package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M8")
final class ConcentrationUnitTest {
  /// Methane; 0.6557 mg/m³ of it are 1 ppm at 25 °C and one atmosphere (24.465 l/mol).
  private static final GasDensity METHANE = new GasDensity(16.0425, 25, 1013.25);

  @Test
  void a_thousand_ppb_are_a_ppm() {
    assertEquals(1e-3, ConcentrationUnit.PPB.in(ConcentrationUnit.PPM, null), 1e-18);
    assertEquals(1e3, ConcentrationUnit.PPM.in(ConcentrationUnit.PPB, null), 1e-12);
    assertEquals(1, ConcentrationUnit.MG_PER_M3.in(ConcentrationUnit.MG_PER_M3, null));
  }

  @Test
  void a_mass_in_a_volume_follows_from_the_molar_volume_of_an_ideal_gas() {
    double milligrams = ConcentrationUnit.PPM.in(ConcentrationUnit.MG_PER_M3, METHANE);
    assertEquals(16.0425 / 24.4654, milligrams, 1e-5);
    assertEquals(
        1e3 / milligrams, ConcentrationUnit.MG_PER_M3.in(ConcentrationUnit.PPB, METHANE), 1e-9);
  }

  @Test
  void between_a_fraction_and_a_mass_the_molar_mass_is_needed() {
    assertEquals(
        "ppb can't be told in mg/m³ without the gas's molar mass",
        assertThrows(
                IllegalArgumentException.class,
                () -> ConcentrationUnit.PPB.in(ConcentrationUnit.MG_PER_M3, null))
            .getMessage());
  }

  @Test
  void an_unknown_unit_is_told_with_those_that_are_known() {
    assertEquals(
        "unit is percent, allowed: ppm, ppb, mg/m³",
        assertThrows(IllegalArgumentException.class, () -> ConcentrationUnit.named("percent"))
            .getMessage());
    assertEquals(ConcentrationUnit.MG_PER_M3, ConcentrationUnit.named("mg/m³"));
  }
}
