package io.photophone.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Requests to a server of this machine.
final class Http {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Http() {}

  static HttpResponse<String> get(URI address) throws IOException {
    return send(to(address));
  }

  static HttpResponse<String> postJson(URI address, String json) throws IOException {
    return send(
        to(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  static HttpResponse<String> putYaml(URI address, String yaml) throws IOException {
    return send(
        to(address)
            .header("Content-Type", "application/yaml")
            .PUT(HttpRequest.BodyPublishers.ofString(yaml)));
  }

  static HttpResponse<String> delete(URI address) throws IOException {
    return send(to(address).DELETE());
  }

  /// A request that shows the token which stands in the address in place of a user.
  private static HttpRequest.Builder to(URI address) {
    String token = address.getUserInfo();
    return token == null
        ? HttpRequest.newBuilder(address)
        : HttpRequest.newBuilder(URI.create(address.toString().replace(token + "@", "")))
            .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return CLIENT.send(
          request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// The lines of a stream, as they come.
  static HttpResponse<java.util.stream.Stream<String>> lines(URI address)
      throws IOException, InterruptedException {
    return CLIENT.send(to(address).build(), HttpResponse.BodyHandlers.ofLines());
  }
}
