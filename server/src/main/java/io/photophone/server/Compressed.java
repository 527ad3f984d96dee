package io.photophone.server;

import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Texts as gzip for clients that accept it: answers to GET in JSON, metrics, and the page's files.
///
/// Streams compress for themselves. What holds a secret of its caller beside text of the caller's
/// own is left as it is, since its length would tell of the secret: that is all below `/api/auth/`,
/// and answers to commands. Contract: A42.
///
/// @see <a href="https://www.breachattack.com/">BREACH</a>
final class Compressed extends Handler.Wrapper {
  /// Below, the headers and the work cost more than is saved.
  private static final int LEAST_BYTES = 1024;

  private final Handler plain;

  Compressed(Handler handler) {
    super(handlerOf(handler));
    this.plain = handler;
  }

  private static Handler handlerOf(Handler handler) {
    CompressionHandler compression = new CompressionHandler(handler);
    GzipCompression gzip = new GzipCompression();
    gzip.setMinCompressSize(LEAST_BYTES);
    compression.putCompression(gzip);
    compression.putConfiguration(
        "/",
        CompressionConfig.builder()
            .compressIncludeMethod(HttpMethod.GET.asString())
            .compressIncludeMethod(HttpMethod.HEAD.asString())
            .compressIncludeMimeType("application/json")
            .compressIncludeMimeType("application/openmetrics-text")
            .compressIncludeMimeType("text/css")
            .compressIncludeMimeType("text/html")
            .compressIncludeMimeType("text/javascript")
            .compressIncludeMimeType("text/plain")
            .compressIncludeMimeType("image/svg+xml")
            .compressExcludePath("/api/auth/*")
            .decompressExcludeMethod("*")
            .build());
    return compression;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    // Java's client offers another protocol with the first request of a connection, too.
    return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))
        ? plain.handle(request, response, callback)
        : super.handle(request, response, callback);
  }
}
