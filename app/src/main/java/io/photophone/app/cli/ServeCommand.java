package io.photophone.app.cli;

import io.photophone.app.config.ConfigException;
import io.photophone.app.config.Flag;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.wiring.RunningServer;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.security.AccessControl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `photophone serve`: acquires, measures and streams until it is told to stop.
@Command(
    name = "serve",
    description = {
      "Acquires, measures and streams, with a live page, until TERM or INT.",
      "Without a configuration it runs on a simulated cell, on this machine alone."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final String MICROPHONE = "mic:";
  private static final Pattern NETWORK =
      Pattern.compile("(?<protocol>tcp|udp):((?<host>[^/]+):)?(?<port>[0-9]+)");

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; flags and environment variables override it.")
  private @Nullable Path config;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "Name or address to listen at (127.0.0.1), 0.0.0.0 for all; beyond this computer it takes"
              + " server.tls in the configuration, or --tls.")
  private @Nullable String host;

  @Option(
      names = "--tls",
      description = "Encrypt the connections, with a certificate that the server makes itself.")
  private boolean tls;

  @Option(names = "--port", paramLabel = "N", description = "Port, 0 for any free one (8080).")
  private @Nullable String port;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (./data).")
  private @Nullable String data;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description =
          "simulated, FILE (WAV, AIFF), mic, mic:NAME, none, - for raw samples on standard input,"
              + " tcp:PORT or udp:PORT for raw samples sent to this port, or tcp:HOST:PORT to fetch"
              + " them; `photophone devices` lists the names.")
  private @Nullable String source;

  @Option(
      names = "--channels",
      paramLabel = "A[,B]",
      description = "Channels of the file that are microphones A and B, from 1.")
  private @Nullable String channels;

  @Option(
      names = "--encoding",
      paramLabel = "ENCODING",
      description = "Of raw samples: int16, int24, int32 or float32, little-endian (int16).")
  private @Nullable String encoding;

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description = "Samples a second of raw samples or a microphone (48000).")
  private @Nullable String rate;

  @Option(
      names = "--paced",
      description = "Read raw samples at their rate while the sender waits: for a recording.")
  private boolean paced;

  @Option(names = "--loop", description = "Begin the file again at its end.")
  private boolean loop;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "Times real time for a file (1); max for as fast as possible.")
  private @Nullable String speed;

  @Option(
      names = "--modulation",
      paramLabel = "HZ",
      description = "Modulation frequency of the measurement (2000).")
  private @Nullable String modulation;

  @Override
  public Integer call() throws IOException, ConfigException, InterruptedException {
    PhotophoneConfig configuration = PhotophoneConfig.read(config, System.getenv(), flags());
    CountDownLatch never = new CountDownLatch(1);
    RunningServer server = RunningServer.start(configuration);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(server)));
    spec.commandLine()
        .getOut()
        .println("Photophone is at " + server.address() + " (Ctrl+C stops it)");
    printCertificate(server.certificate());
    printSignIn(server);
    spec.commandLine().getOut().flush();
    never.await();
    return 0;
  }

  private void printCertificate(@Nullable ServerCertificate certificate) {
    if (certificate == null) {
      return;
    }
    if (certificate.isSelfSigned()) {
      spec.commandLine()
          .getOut()
          .printf(
              "Its certificate is its own; a browser that asks should show this SHA-256"
                  + " fingerprint: %s%n",
              certificate.fingerprint());
    }
    certificate
        .complaints(Instant.now())
        .forEach(complaint -> spec.commandLine().getErr().println("photophone: " + complaint));
  }

  /// To the terminal alone: whoever reads it may do everything.
  private void printSignIn(RunningServer server) throws IOException {
    URI link = server.signInLink();
    if (link != null) {
      spec.commandLine()
          .getOut()
          .printf(
              "Sign in as its owner, once and within %d minutes: %s%n",
              AccessControl.linkLife().toMinutes(), link);
    }
  }

  /// Exits with 0, since to be told to stop is no failure; the JVM alone would exit with the
  /// signal's number.
  private static void stop(RunningServer server) {
    try {
      server.close();
      Runtime.getRuntime().halt(0);
    } catch (IOException | RuntimeException e) {
      System.err.println("photophone: stopped, but not cleanly: " + e.getMessage());
      Runtime.getRuntime().halt(PhotophoneCommand.FAILED);
    }
  }

  private List<Flag> flags() {
    Flags flags =
        new Flags()
            .with("--host", "server.host", host)
            .with("--tls", "server.tls.type", tls ? "self_signed" : null)
            .with("--port", "server.port", port)
            .with("--data", "data", data);
    if (source != null) {
      addSource(flags, source);
    }
    return flags
        .with("--channels", "source.channels", channels)
        .with("--encoding", "source.encoding", encoding)
        .with("--rate", "source.sample_rate_hz", rate)
        .with("--paced", "source.live", paced ? "false" : null)
        .with("--loop", "source.loop", loop ? "true" : null)
        .with("--speed", "source.speed", "max".equals(speed) ? "0" : speed)
        .with("--modulation", "measurement.modulation_hz", modulation)
        .toList();
  }

  private static void addSource(Flags flags, String source) {
    String flag = "--source";
    if (source.equals("simulated") || source.equals("none")) {
      flags.with(flag, "source.type", source);
    } else if (source.equals("mic") || source.startsWith(MICROPHONE)) {
      String name = source.equals("mic") ? "" : source.substring(MICROPHONE.length());
      flags
          .with(flag, "source.type", "microphone")
          .with(flag, "source.name", name.isEmpty() ? null : name);
    } else if (source.equals("-") || NETWORK.matcher(source).matches()) {
      addRaw(flags.with(flag, "source.type", "raw"), flag, source);
    } else {
      flags.with(flag, "source.type", "file").with(flag, "source.path", source);
    }
  }

  /// A host in front of the port is one to connect to, or an own address to receive datagrams at.
  private static void addRaw(Flags flags, String flag, String source) {
    Matcher network = NETWORK.matcher(source);
    if (!network.matches()) {
      flags.with(flag, "source.from", "stdin");
      return;
    }
    String host = network.group("host");
    String tcp = host == null ? "tcp_listen" : "tcp_connect";
    flags
        .with(flag, "source.from", network.group("protocol").equals("tcp") ? tcp : "udp")
        .with(flag, "source.host", host)
        .with(flag, "source.port", network.group("port"));
  }
}
