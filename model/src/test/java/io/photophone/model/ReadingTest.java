package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadingTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  @Test
  void a_reading_keeps_its_own_flags() {
    Set<ReadingFlag> given = EnumSet.of(ReadingFlag.GAP);
    Reading reading = reading(new Phasor(3, 4, 0.05), null, given);
    given.add(ReadingFlag.CLIPPED);
    assertTrue(reading.has(ReadingFlag.GAP));
    assertFalse(reading.has(ReadingFlag.CLIPPED));
    assertThrows(
        UnsupportedOperationException.class, () -> reading.flags().add(ReadingFlag.CLIPPED));
    assertEquals(Set.of(), reading(Phasor.NONE, null, Set.of()).flags());
  }

  @Test
  void flags_are_told_in_one_order_whatever_order_they_came_in() {
    Reading reading =
        reading(Phasor.NONE, null, Set.of(ReadingFlag.SIMULATED, ReadingFlag.LOW_SIGNAL));
    assertEquals(List.of("low_signal", "simulated"), fields(reading).get("flags"));
  }

  @ParameterizedTest
  @CsvSource({"-1, 10", "10, 10", "10, 9"})
  void what_is_no_window_is_refused(long from, long to) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Reading(
                    "cell",
                    "CO2",
                    from,
                    to,
                    1,
                    null,
                    1,
                    Phasor.NONE,
                    0,
                    Environment.UNKNOWN,
                    null,
                    null,
                    Set.of()));
    assertTrue(refusal.getMessage().contains(from + " to " + to), refusal.getMessage());
  }

  @Test
  void field_names_are_unique_snake_case_and_described() {
    List<String> names = ReadingFields.ALL.stream().map(Field::name).toList();
    assertEquals(names.size(), Set.copyOf(names).size(), names::toString);
    for (Field<Reading> field : ReadingFields.ALL) {
      assertTrue(field.name().matches("[a-z]+(_[a-z]+)*"), field.name());
      assertFalse(field.description().isBlank(), field.name());
    }
  }

  @Test
  void the_fields_tell_the_whole_reading() {
    Map<String, Object> expected = new HashMap<>();
    expected.put("instrument", "cell");
    expected.put("gas", "CO2");
    expected.put("start_time", "2026-05-01T12:00:00Z");
    expected.put("from_s", 1.0);
    expected.put("to_s", 2.5);
    expected.put("from_sample", 48_000L);
    expected.put("to_sample", 120_000L);
    expected.put("modulation_hz", 2000.0);
    expected.put("amplitude", 5.0);
    expected.put("amplitude_uncertainty", 0.05);
    expected.put("phase_deg", Math.toDegrees(Math.atan2(4, 3)));
    expected.put("phase_uncertainty_deg", Math.toDegrees(0.01));
    expected.put("x", 3.0);
    expected.put("y", 4.0);
    expected.put("noise_density", 1e-6);
    expected.put("signal_to_noise", 100.0);
    expected.put("concentration", 412.5);
    expected.put("standard_uncertainty", 1.5);
    expected.put("unit", "ppm");
    expected.put("calibration_id", "2026-04");
    expected.put("temperature_c", 21.5);
    expected.put("pressure_hpa", 1013.25);
    expected.put("resonance_hz", 2001.5);
    expected.put("resonance_uncertainty_hz", 0.25);
    expected.put("quality", 80.0);
    expected.put("flags", List.of("simulated"));
    assertEquals(
        expected,
        fields(
            reading(
                new Phasor(3, 4, 0.05),
                new Concentration(412.5, 1.5, ConcentrationUnit.PPM, "2026-04"),
                Set.of(ReadingFlag.SIMULATED))));
  }

  @Test
  void what_a_reading_does_not_have_is_null_and_never_a_number_that_is_none() {
    Reading reading =
        new Reading(
            "cell",
            "CO2",
            0,
            1,
            48_000,
            null,
            2000,
            Phasor.NONE,
            Double.POSITIVE_INFINITY,
            Environment.UNKNOWN,
            null,
            null,
            Set.of());
    Map<String, Object> fields = fields(reading);
    for (String name :
        List.of(
            "start_time",
            "amplitude",
            "amplitude_uncertainty",
            "phase_deg",
            "phase_uncertainty_deg",
            "x",
            "y",
            "noise_density",
            "signal_to_noise",
            "concentration",
            "standard_uncertainty",
            "unit",
            "calibration_id",
            "temperature_c",
            "pressure_hpa",
            "resonance_hz",
            "resonance_uncertainty_hz",
            "quality")) {
      assertNull(fields.get(name), name);
    }
    assertEquals(0.0, fields.get("from_s"));
    assertEquals(List.of(), fields.get("flags"));
  }

  @Test
  void a_signal_without_noise_or_noise_without_signal_has_no_ratio_that_is_infinite() {
    assertNull(fields(reading(new Phasor(1, 0, 0), null, Set.of())).get("signal_to_noise"));
    assertNull(fields(reading(new Phasor(0, 0, 1), null, Set.of())).get("phase_uncertainty_deg"));
  }

  @Test
  void fields_are_chosen_by_name_in_the_order_asked_for() {
    assertEquals(
        List.of("y", "x"),
        ReadingFields.named(List.of("y", "x")).stream().map(Field::name).toList());
    assertEquals(
        "no field of a reading: z",
        assertThrows(IllegalArgumentException.class, () -> ReadingFields.named(List.of("x", "z")))
            .getMessage());
  }

  private static Map<String, Object> fields(Reading reading) {
    Map<String, Object> fields = new HashMap<>();
    for (Field<Reading> field : ReadingFields.ALL) {
      fields.put(field.name(), field.value().apply(reading));
    }
    return fields;
  }

  private static Reading reading(
      Phasor phasor, Concentration concentration, Set<ReadingFlag> flags) {
    return new Reading(
        "cell",
        "CO2",
        48_000,
        120_000,
        48_000,
        NOON,
        2000,
        phasor,
        1e-6,
        new Environment(21.5, 0.1, 1013.25, 0.5),
        new ResonanceTrack(2001.5, 0.25, 80, 2),
        concentration,
        flags);
  }
}
