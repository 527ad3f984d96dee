/// The HTTP endpoints over the live streams of an instrument, and the page. Reads the streams and
/// depends on no stage's inner workings.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module io.photophone.server {
  requires static transitive org.jspecify;
  requires transitive io.photophone.acquisition;
  requires transitive io.photophone.channels;
  requires transitive io.photophone.model;
  requires com.digitalpetri.modbus;
  requires com.digitalpetri.modbus.tcp;
  requires com.hivemq.client.mqtt;
  requires com.nimbusds.jose.jwt;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires java.management;
  requires java.net.http;
  requires org.eclipse.jetty.alpn.server;
  requires org.eclipse.jetty.compression.gzip;
  requires org.eclipse.jetty.compression.server;
  requires org.eclipse.jetty.http2.server;
  requires transitive org.eclipse.jetty.server;
  requires org.eclipse.jetty.websocket.core.common;
  requires org.eclipse.jetty.websocket.core.server;
  requires password4j;
  requires transitive tools.jackson.databind;

  exports io.photophone.server;
  exports io.photophone.server.connection;
  exports io.photophone.server.protocol;
  exports io.photophone.server.security;

  opens io.photophone.server to
      tools.jackson.databind;
  opens io.photophone.server.protocol to
      tools.jackson.databind;
  opens io.photophone.server.security to
      tools.jackson.databind;
}
