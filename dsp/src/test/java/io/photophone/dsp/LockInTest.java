package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M5")
class LockInTest {
  @ParameterizedTest
  @CsvSource({
    "2000, 48000, 123",
    "1999.7, 44100, 1000000000000",
    "0.1, 48000, 987654321987654",
    "95999.3, 192000, 1000000000001"
  })
  void the_phase_is_exact_after_any_number_of_samples(double frequency, double rate, long n) {
    BigDecimal cycles =
        new BigDecimal(frequency)
            .multiply(BigDecimal.valueOf(n))
            .divide(new BigDecimal(rate), new MathContext(60));
    double expected = cycles.remainder(BigDecimal.ONE).doubleValue();
    assertEquals(expected, new Reference(frequency, rate).cycles(n), 1e-11);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 24_000, 30_000, Double.NaN})
  void a_frequency_outside_the_band_of_the_samples_is_refused(double frequency) {
    assertThrows(IllegalArgumentException.class, () -> new Reference(frequency, 48_000));
  }

  @ParameterizedTest
  @CsvSource({
    "2000, 0, 48000",
    "2000, 123, 48123",
    "1999.7, 1000000000000, 1000000010001",
    "13.3, 77, 3000"
  })
  void the_signal_is_found_over_whole_and_broken_periods(double frequency, long from, long to) {
    Reference reference = new Reference(frequency, 48_000);
    LockIn lockIn = new LockIn(reference);
    lockIn.start(from);
    for (long n = from; n < to; n++) {
      lockIn.add(0.3 * Math.cos(2 * Math.PI * reference.cycles(n) + 0.7));
    }
    Complex signal = LockIn.signal(lockIn.sum(), lockIn.image(from, to), to - from);
    assertEquals(0.3 * Math.cos(0.7), signal.re(), 1e-11);
    assertEquals(0.3 * Math.sin(0.7), signal.im(), 1e-11);
  }

  @Test
  void sums_of_stretches_add_up_to_the_sum_of_the_whole() {
    LockIn whole = new LockIn(new Reference(1234.5, 48_000));
    LockIn part = new LockIn(new Reference(1234.5, 48_000));
    whole.start(100);
    Complex sum = Complex.ZERO;
    for (int n = 100; n < 1600; n += 500) {
      part.start(n);
      for (int i = n; i < n + 500; i++) {
        whole.add(i % 17);
        part.add(i % 17);
      }
      sum = sum.plus(part.sum());
    }
    assertEquals(whole.sum().re(), sum.re(), 1e-9);
    assertEquals(whole.sum().im(), sum.im(), 1e-9);
  }

  @Test
  void the_expected_sum_is_that_of_the_samples() {
    LockIn lockIn = new LockIn(new Reference(1234.5, 48_000));
    lockIn.start(1000);
    Complex signal = new Complex(0.2, -0.1);
    for (int n = 1000; n < 1070; n++) {
      lockIn.add(signal.times(Complex.atCycles(1234.5 / 48_000 * n)).re());
    }
    Complex expected = LockIn.expectedSum(signal, lockIn.image(1000, 1070), 70);
    assertEquals(expected.re(), lockIn.sum().re(), 1e-11);
    assertEquals(expected.im(), lockIn.sum().im(), 1e-11);
  }

  @Test
  @Tag("M5")
  void a_reference_from_a_sample_has_its_phase_and_image_counted_from_there() {
    Reference reference = new Reference(1999.7, 48_000);
    long origin = 635_200;
    Reference later = reference.from(origin);
    assertEquals(0, later.cycles(origin));
    assertEquals(reference.cycles(12_345), later.cycles(origin + 12_345));
    assertEquals(reference.image(100, 1777), later.image(origin + 100, origin + 1777));
    assertEquals(reference.harmonic(2).cycles(77), later.harmonic(2).cycles(origin + 77));
  }
}
