/// The HTTP endpoints over the live streams of an instrument, and the page. Reads the streams and
/// depends on no stage's inner workings.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module io.photophone.server {
  requires static transitive org.jspecify;
  requires transitive io.photophone.acquisition;
  requires transitive io.photophone.channels;
  requires transitive io.photophone.model;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires java.management;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.websocket.core.common;
  requires org.eclipse.jetty.websocket.core.server;
  requires transitive tools.jackson.databind;

  exports io.photophone.server;

  opens io.photophone.server to
      tools.jackson.databind;
}
