package io.photophone.server;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// `/api/doc/`: the page that shows the document of the API and tries its operations. Contract:
/// A31.
final class DocPage {
  private static final String PATH = "/api/doc/";

  /// Where its files are among those of the page.
  private static final String FILES = "/doc/";

  private DocPage() {}

  /// Whether it is the page's own path without the slash, from which its files can't be reached.
  static boolean isCutShort(String path) {
    return path.length() == PATH.length() - 1 && PATH.startsWith(path);
  }

  /// Sends the client to the path with the slash.
  static void complete(Request request, Response response, Callback callback) {
    Response.sendRedirect(
        request, response, callback, HttpStatus.PERMANENT_REDIRECT_308, PATH, false);
  }

  static boolean has(String path) {
    return path.startsWith(PATH);
  }

  /// The request for one of its files.
  static Request file(Request request) {
    String path = Request.getPathInContext(request);
    return Request.serveAs(
        request,
        HttpURI.build(request.getHttpURI())
            .path(FILES + path.substring(PATH.length()))
            .asImmutable());
  }

  /// Lets the page's library, and no other page, set styles in its elements; scripts are still
  /// those of this server alone.
  static void secure(HttpFields.Mutable headers) {
    String policy = headers.get(Router.POLICY);
    headers.put(
        Router.POLICY, policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"));
  }
}
