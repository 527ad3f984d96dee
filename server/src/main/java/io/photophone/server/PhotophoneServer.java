package io.photophone.server;

import io.photophone.server.connection.HostNames;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebConnector;
import io.photophone.server.protocol.ProtocolStates;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.OidcSignIn;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;

/// The web server of the instruments: the page, the API, and the event streams.
///
/// It answers only requests that call it by one of its names.
public final class PhotophoneServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PhotophoneServer.class.getName());
  private static final String PAGE = "io/photophone/dashboard/";

  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

  private final Server jetty;
  private final WebConfig config;
  private final WebConnector connector;
  private final Ticker supervisor;
  private final Routes routes;
  private final LiveSystem system;

  /// A server that listens from [#start] on, without encryption.
  ///
  /// @param instruments none where no source is configured; the first is the one whose name a path
  ///   may leave out
  /// @param channels those that are not the server's own
  /// @param control who may ask
  /// @param system runs the server's tasks, from [#start] until its own end
  public PhotophoneServer(
      WebConfig config,
      List<LiveInstrument> instruments,
      ChannelList channels,
      AccessControl control,
      LiveSystem system) {
    this(
        config,
        null,
        instruments,
        channels,
        ProtocolStates.NONE,
        control,
        null,
        system,
        StreamLimits.DEFAULT);
  }

  /// The same that may have encryption, protocols beside HTTP and an identity provider.
  ///
  /// @param certificate null for none
  /// @param oidc null where no identity provider is configured
  /// @param streams what clients of event streams may take
  public PhotophoneServer(
      WebConfig config,
      @Nullable ServerCertificate certificate,
      List<LiveInstrument> instruments,
      ChannelList channels,
      ProtocolStates protocols,
      AccessControl control,
      @Nullable OidcSignIn oidc,
      LiveSystem system,
      StreamLimits streams) {
    this.config = config;
    this.system = system;
    QueuedThreadPool threads = new QueuedThreadPool(16);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    jetty = new Server(threads);
    jetty.setStopTimeout(STOP_LIMIT.toMillis());
    jetty.setErrorHandler(new ProblemErrors());
    WebSocketServerComponents.ensureWebSocketComponents(jetty);
    connector = new WebConnector(jetty, config, certificate);
    supervisor = new Ticker("web connections", connector.supervisionPeriod(), connector::supervise);
    Handler page = page(jetty);
    Guard guard = new Guard(control);
    routes =
        new Routes(
            instruments,
            channels,
            protocols,
            system,
            certificate,
            connector::sentBytes,
            config.limits().stallTimeout(),
            streams,
            control,
            oidc,
            guard);
    Origins origins = new Origins(config.allowedOrigins());
    Router router = new Router(routes, guard, page, new HostNames(config), origins);
    RequestLimits limits =
        new RequestLimits(config.limits(), connector, origins.around(new Compressed(router)));
    routes.addMetrics(limits);
    jetty.setHandler(limits);
  }

  /// The operations that are there once, whatever the instruments.
  List<Operation> operations() {
    return routes.ofProgram();
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
                .formatted(config.port(), config.host()),
            e);
      }
      throw new IOException("the web server didn't start: " + e, e);
    }
    routes.start();
    supervisor.start(system.tasks());
    return address();
  }

  /// As a browser of this computer reaches it, where it listens at all addresses.
  private URI address() {
    String host =
        switch (config.host()) {
          case "0.0.0.0" -> "localhost";
          case "::" -> "localhost";
          case String ip6 when ip6.contains(":") -> "[" + ip6 + "]";
          case String name -> name;
        };
    return URI.create("%s://%s:%d/".formatted(connector.scheme(), host, connector.port()));
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
      supervisor.stop();
    }
  }

  /// Errors of the protocol itself as problem details, without a stack trace.
  private static final class ProblemErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int status = response.getStatus();
      Router.secure(response.getHeaders());
      new Problem(status, "the request can't be answered: " + reason(request, status))
          .write(response, callback);
      return true;
    }

    /// What the parser says of a request that it can't read, with the value; the status alone of a
    /// fault of the server's own.
    private static String reason(Request request, int status) {
      String text = HttpStatus.getMessage(status);
      Object message = request.getAttribute(ERROR_MESSAGE);
      if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500 || message == null) {
        return text;
      }
      String said = message.toString();
      return said.isEmpty() || said.equals(text) ? text : text + ": " + said;
    }
  }
}
