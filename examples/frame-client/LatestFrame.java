import io.photophone.model.AudioFrameView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/// Fetches the latest frame of a running server as bytes and reads it where it lies. The second
/// argument is a token, if the server wants one. Run it with `java -cp "app/target/lib/*"
/// examples/frame-client/LatestFrame.java http://127.0.0.1:8080`.
final class LatestFrame {
  private LatestFrame() {}

  public static void main(String[] arguments) throws Exception {
    URI address = URI.create(arguments[0]).resolve("/api/audio/stream/latest");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).header("Accept", "application/octet-stream");
    if (arguments.length > 1) {
      request.header("Authorization", "Bearer " + arguments[1]);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        System.out.println("no frame: HTTP status " + response.statusCode());
        return;
      }
      AudioFrameView frame = AudioFrameView.of(ByteBuffer.wrap(response.body()));
      System.out.printf(
          "frame %d: %d samples at %d Hz, peak of A %.4f, of B %.4f%n",
          frame.frameNumber(),
          frame.length(),
          frame.sampleRateHz(),
          peak(frame.channelA()),
          peak(frame.channelB()));
    }
  }

  private static float peak(FloatBuffer samples) {
    float peak = 0;
    for (int n = 0; n < samples.limit(); n++) {
      peak = Math.max(peak, Math.abs(samples.get(n)));
    }
    return peak;
  }
}
