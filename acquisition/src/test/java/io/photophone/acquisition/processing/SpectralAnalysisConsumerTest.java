package io.photophone.acquisition.processing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.acquisition.processing.SpectralAnalysisConsumer.Next;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Spectrum;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A40")
final class SpectralAnalysisConsumerTest {
  private static final int RATE_HZ = 25_600;
  private static final int BLOCK = 256;
  private static final Duration WAIT = Duration.ofSeconds(20);

  @AutoClose private final SharedAudioStream stream = new SharedAudioStream(4, StreamClock.SYSTEM);

  @AutoClose private final SharedAudioStream.Publisher publisher = stream.attach("a test");

  @AutoClose
  private final SpectralAnalysisConsumer consumer = new SpectralAnalysisConsumer(stream, BLOCK);

  private long number;

  /// A of amplitude 0.5 at 1 kHz, B of 0.25 at 2 kHz.
  private void publish(long first, int length) {
    publish(first, length, Float.NaN, -1);
  }

  /// The same with one sample of A replaced, unless its index is negative.
  private void publish(long first, int length, float odd, int at) {
    float[] a = new float[length];
    float[] b = new float[length];
    for (int n = 0; n < length; n++) {
      double seconds = (double) (first + n) / RATE_HZ;
      a[n] = n == at ? odd : (float) (0.5 * Math.cos(2 * Math.PI * 1000 * seconds));
      b[n] = (float) (0.25 * Math.cos(2 * Math.PI * 2000 * seconds));
    }
    publisher.publish(
        new AudioFrame(a, b, RATE_HZ, number++, first, new CaptureTime(first, first)));
  }

  private Spectrum spectrum() throws InterruptedException {
    return assertInstanceOf(Next.Analyzed.class, consumer.next(WAIT)).spectrum();
  }

  private void assertNothing() throws InterruptedException {
    assertInstanceOf(Next.TimedOut.class, consumer.next(Duration.ZERO));
  }

  private static void assertTones(Spectrum spectrum) {
    assertEquals(100, spectrum.stepHz());
    assertEquals(BLOCK / 2 + 1, spectrum.bins());
    assertEquals(0.5, spectrum.magnitudeA()[10], 1e-4);
    assertEquals(0.25, spectrum.magnitudeB()[20], 1e-4);
    assertEquals(0, spectrum.magnitudeA()[20], 1e-4);
    assertEquals(0, spectrum.magnitudeB()[10], 1e-4);
  }

  @Test
  void each_block_gives_a_spectrum_of_both_channels_however_it_is_cut() throws Exception {
    publish(0, 100);
    publish(100, 156);
    assertTones(spectrum());
    assertNothing();
    publish(256, 512);
    assertTones(spectrum());
    assertTones(spectrum());
    assertNothing();
  }

  @Test
  void a_consumer_that_lags_is_told_how_much_and_goes_on_with_the_newest() throws Exception {
    for (int n = 0; n < 10; n++) {
      publish(n * 200L, 200);
    }
    assertEquals(new Next.Lagged(9), consumer.next(WAIT));
    // 200 samples of the newest frame alone are no block yet.
    assertNothing();
    publish(2000, 56);
    assertTones(spectrum());
  }

  @Test
  void a_block_does_not_span_a_gap() throws Exception {
    publish(0, 200);
    publish(300, 200);
    assertNothing();
    publish(500, 56);
    assertTones(spectrum());
  }

  @Test
  void a_sample_that_is_no_number_is_in_no_spectrum() throws Exception {
    publish(0, 256, Float.NaN, 50);
    assertNothing();
    publish(256, 51);
    assertTones(spectrum());
  }

  @Test
  void the_end_of_the_source_and_of_the_stream_are_told() throws Exception {
    publish(0, 255);
    publisher.end("end of cell.wav");
    assertEquals(new Next.Ended("end of cell.wav"), consumer.next(WAIT));
    publish(255, 1);
    assertNothing();
    stream.close();
    assertInstanceOf(Next.Closed.class, consumer.next(WAIT));
  }

  @Test
  void a_size_that_can_not_be_transformed_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new SpectralAnalysisConsumer(stream, 1000));
    assertEquals(1, stream.stats().activeSubscribers());
  }
}
