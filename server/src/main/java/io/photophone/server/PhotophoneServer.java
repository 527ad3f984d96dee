package io.photophone.server;

import io.photophone.server.protocol.ProtocolStates;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/// The web server of the instruments: the page, the API, and the event streams.
///
/// Until there is sign-in it is to be bound to a loopback address alone, and it answers only
/// requests that name one as their host.
public final class PhotophoneServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PhotophoneServer.class.getName());
  private static final String PAGE = "io/photophone/dashboard/";

  /// Small, or the kernel hides for many seconds that a client doesn't keep up. Linux takes twice
  /// as much, and the client's side buffers as well: at 200 kB/s they hold a second of audio.
  private static final int SEND_BUFFER_BYTES = 48 * 1024;

  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

  /// How long a connection may be idle once the server stops; shorter than the limit of it all.
  private static final Duration STOP_IDLE_LIMIT = Duration.ofMillis(500);

  /// An instrument's name may have a slash or a percent sign; outside the API the router refuses
  /// them.
  private static final UriCompliance NAMES =
      UriCompliance.DEFAULT.with(
          "NAMES", Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_ENCODING);

  private final Server jetty;
  private final ServerConnector connector;
  private final Routes routes;

  /// A server with the usual limits and no other protocols, which listens from [#start] on.
  public PhotophoneServer(
      String host, int port, List<LiveInstrument> instruments, ChannelList channels) {
    this(host, port, instruments, channels, ProtocolStates.NONE, StreamLimits.DEFAULT);
  }

  /// A server that listens from [#start] on.
  ///
  /// @param host a loopback address
  /// @param port 0 for any that is free
  /// @param instruments none where no source is configured; the first is the one whose name a path
  ///   may leave out
  /// @param channels those that are not the server's own
  /// @param protocols beside HTTP
  /// @param limits of the clients of event streams
  public PhotophoneServer(
      String host,
      int port,
      List<LiveInstrument> instruments,
      ChannelList channels,
      ProtocolStates protocols,
      StreamLimits limits) {
    QueuedThreadPool threads = new QueuedThreadPool(16);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    jetty = new Server(threads);
    jetty.setStopTimeout(STOP_LIMIT.toMillis());
    jetty.setErrorHandler(new ProblemErrors());
    WebSocketServerComponents.ensureWebSocketComponents(jetty);
    Handler page = page(jetty);
    routes = new Routes(instruments, channels, protocols, limits);
    jetty.setHandler(new Router(routes, page));
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setUriCompliance(NAMES);
    connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    connector.setShutdownIdleTimeout(STOP_IDLE_LIMIT.toMillis());
    jetty.addConnector(connector);
  }

  private static Handler page(Server jetty) {
    Resource files = ResourceFactory.of(jetty).newClassLoaderResource(PAGE);
    if (files == null) {
      throw new IllegalStateException("the page is not on the class path: " + PAGE);
    }
    ResourceHandler handler = new ResourceHandler();
    handler.setBaseResource(files);
    handler.setDirAllowed(false);
    handler.setEtags(true);
    handler.setCacheControl("no-cache");
    return handler;
  }

  /// Begins to listen. Called once.
  ///
  /// @return the address of the page
  /// @throws IOException if the port can't be had, with what to do about it
  public URI start() throws IOException {
    try {
      jetty.start();
    } catch (Exception e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new IOException(
            "port %d of %s is in use: choose another with --port, or 0 for any that is free"
                .formatted(connector.getPort(), connector.getHost()),
            e);
      }
      throw new IOException("the web server didn't start: " + e, e);
    }
    routes.start();
    String host =
        connector.getHost().contains(":") ? "[" + connector.getHost() + "]" : connector.getHost();
    return URI.create("http://%s:%d/".formatted(host, connector.getLocalPort()));
  }

  /// Tells every client why its stream ends, and stops listening, within seconds even if clients
  /// don't read. Idempotent.
  @Override
  public void close() {
    routes.endAll("the server stops");
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("the web server didn't stop", e);
    }
  }

  private void stop() throws Exception {
    try {
      jetty.stop();
    } catch (TimeoutException e) {
      LOG.log(System.Logger.Level.DEBUG, "connections of clients that don't read were cut");
    } finally {
      routes.stop();
    }
  }

  /// Errors of the protocol itself as problem details, without a stack trace.
  private static final class ProblemErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int status = response.getStatus();
      Router.secure(response.getHeaders());
      new Problem(status, "the request can't be answered: " + HttpStatus.getMessage(status))
          .write(response, callback);
      return true;
    }
  }
}
