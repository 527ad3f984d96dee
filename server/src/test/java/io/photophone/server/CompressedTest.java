package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("A42")
final class CompressedTest {
  private static LiveServer live;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() throws IOException {
    live = LiveServer.start();
    live.publisher.publish(LiveServer.largeFrame(0));
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  private HttpResponse<byte[]> ask(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(live.address.resolve(path)).method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return String.join(", ", response.headers().allValues(name));
  }

  private static byte[] unpacked(byte[] gzip) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/main.js",
        "/style.css",
        "/sign-in.html",
        "/openapi.json",
        "/api/audio/stream/latest"
      })
  void a_long_text_comes_as_gzip_to_who_accepts_it(String path) throws Exception {
    HttpResponse<byte[]> plain = ask("GET", path);
    HttpResponse<byte[]> packed = ask("GET", path, "Accept-Encoding", "gzip");
    assertEquals(200, plain.statusCode());
    assertEquals("", header(plain, "content-encoding"));
    assertEquals("gzip", header(packed, "content-encoding"));
    assertArrayEquals(plain.body(), unpacked(packed.body()));
    assertTrue(packed.body().length < plain.body().length);
    assertTrue(header(packed, "vary").contains("Accept-Encoding"));
    assertTrue(header(plain, "vary").contains("Accept-Encoding"));
    assertEquals(header(plain, "content-type"), header(packed, "content-type"));
    HttpResponse<byte[]> head = ask("HEAD", path, "Accept-Encoding", "gzip");
    assertEquals(0, head.body().length);
    assertEquals(200, head.statusCode());
    assertEquals(header(packed, "etag"), header(head, "etag"));
    assertEquals("gzip", header(head, "content-encoding"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/main.js", "/openapi.json", "/api/audio/stream/latest"})
  void gzip_and_plain_have_tags_of_their_own_and_either_says_that_nothing_changed(String path)
      throws Exception {
    String plain = header(ask("GET", path), "etag");
    String packed = header(ask("GET", path, "Accept-Encoding", "gzip"), "etag");
    assertNotEquals(plain, packed);
    assertEquals(304, ask("GET", path, "If-None-Match", plain).statusCode());
    assertEquals(
        304, ask("GET", path, "If-None-Match", packed, "Accept-Encoding", "gzip").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/api/auth/me", "/api/nothing"})
  void what_is_short_or_a_refusal_or_somebodys_own_comes_as_it_is(String path) throws Exception {
    assertEquals("", header(ask("GET", path, "Accept-Encoding", "gzip"), "content-encoding"));
  }

  /// What the caller is refused here fills the audit.
  @Test
  void what_may_hold_a_secret_comes_as_it_is_however_long() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertEquals(415, ask("POST", "/api/calibration").statusCode());
    }
    HttpResponse<byte[]> audit = ask("GET", "/api/auth/audit?limit=100", "Accept-Encoding", "gzip");
    assertTrue(audit.body().length > 1024, audit.body().length + " bytes");
    assertEquals("", header(audit, "content-encoding"));
  }

  @Test
  void bytes_for_programs_come_as_they_are() throws Exception {
    HttpResponse<byte[]> bytes =
        ask("GET", "/api/audio/stream/latest?format=float32", "Accept-Encoding", "gzip");
    assertEquals("", header(bytes, "content-encoding"));
  }
}
