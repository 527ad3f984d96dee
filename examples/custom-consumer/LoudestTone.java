import io.photophone.acquisition.daemon.AcquisitionDaemon;
import io.photophone.acquisition.processing.SpectralAnalysisConsumer;
import io.photophone.acquisition.processing.SpectralAnalysisConsumer.Next;
import io.photophone.acquisition.source.ChannelChoice;
import io.photophone.acquisition.source.FileSource;
import io.photophone.model.Spectrum;
import java.nio.file.Path;
import java.time.Duration;

/// A consumer of one's own: prints the loudest tone of each microphone of a recording, block by
/// block. Run it with `java -cp "app/target/lib/*:app/target/app.jar"
/// examples/custom-consumer/LoudestTone.java cell.wav`.
final class LoudestTone {
  private static final int BLOCK = 4096;

  private LoudestTone() {}

  public static void main(String[] arguments) throws Exception {
    Path recording = Path.of(arguments[0]);
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FileSource.open(recording, ChannelChoice.STEREO, false))
            .build();
    try (daemon;
        var consumer = new SpectralAnalysisConsumer(daemon.stream(), BLOCK)) {
      daemon.start();
      boolean more = true;
      while (more) {
        switch (consumer.next(Duration.ofSeconds(5))) {
          case Next.Analyzed(Spectrum spectrum) -> print(spectrum);
          case Next.Lagged(long missed) -> System.out.println("missed " + missed + " frames");
          case Next.Ended(String reason) -> {
            System.out.println(reason);
            more = false;
          }
          case Next.TimedOut() -> System.out.println("nothing for 5 s");
          case Next.Closed(Throwable _) -> more = false;
        }
      }
    }
  }

  private static void print(Spectrum spectrum) {
    System.out.printf(
        "frame %d: A %.0f Hz, B %.0f Hz%n",
        spectrum.frameNumber(),
        loudest(spectrum.magnitudeA()) * spectrum.stepHz(),
        loudest(spectrum.magnitudeB()) * spectrum.stepHz());
  }

  private static int loudest(float[] magnitudes) {
    int loudest = 1;
    for (int bin = 2; bin < magnitudes.length; bin++) {
      if (magnitudes[bin] > magnitudes[loudest]) {
        loudest = bin;
      }
    }
    return loudest;
  }
}
