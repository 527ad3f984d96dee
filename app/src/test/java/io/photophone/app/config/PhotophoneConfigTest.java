package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.photophone.acquisition.daemon.RecoveryConfig;
import io.photophone.acquisition.source.ChannelChoice;
import io.photophone.acquisition.source.PcmFormat;
import io.photophone.acquisition.source.RawSettings;
import io.photophone.acquisition.source.SampleEncoding;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedCellConfig.Fault;
import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.acquisition.source.SimulatedCellConfig.Step;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.server.StreamLimits;
import io.photophone.server.connection.AddressRange;
import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebLimits;
import io.photophone.server.security.OidcSettings;
import io.photophone.server.security.Role;
import java.io.File;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PhotophoneConfigTest {
  @TempDir Path folder;

  @Test
  @Tag("A36")
  @Tag("B22")
  void defaults_are_pinned() {
    assertEquals(
        """
        server:
          host: "127.0.0.1"
          port: 8080
          tls:
            type: "none"
          plain_http: false
          names: []
          allowed_origins: []
          trusted_proxies: []
          limits:
            header_bytes: 16384
            connections: 10000
            connections_per_address: 1000
            requests_per_s: 200
            burst: 1000
            idle_timeout_s: 30
            request_timeout_s: 30
            stall_timeout_s: 30
        security:
          anonymous_role: "none"
          key_period_days: 90
          session_hours: 168
        streams:
          most: 10000
          most_per_client: 1000
          compression: true
        data: "./data"
        recovery:
          attempts: 3
          base_s: 0.1
          cap_s: 30
          factor: 2
          jitter: 0.2
          deadline_s: 30
          open_s: 5
          stall_s: 10
        logging:
          format: "text"
          level: "info"
          levels: []
        events:
          always_on: true
          memory_mb: 8
          kept: 16
        source:
          type: "simulated"
          sample_rate_hz: 48000
          seed: 1
          modulation_hz: 2000
          resonance_hz: 2000.8
          quality: 80
          temperature_c: 25
          reference_temperature_c: 25
          sensitivity: 0.0017
          background_ppm: 2
          phase_deg: 0
          white_noise_rms: 0.0005
          flow_noise_rms: 0.002
          hum_amplitude: 0.01
          hum_hz: 50
          script:
          - for_s: 15
            ppm: 0
          - for_s: 15
            ppm: 100
          - for_s: 15
            ppm: 10
          - for_s: 15
            ppm: 50
          - for_s: 15
            ppm: 1
          - for_s: 15
            ppm: 20
          faults:
          - kind: "noise_burst"
            at_s: 69
            for_s: 1
          - kind: "dropout"
            at_s: 79
            for_s: 0.2
          - kind: "clipping"
            at_s: 82
            for_s: 0.5
          - kind: "drift"
            at_s: 85
            for_s: 3
        streaming:
          target_fps: 30
          buffer: "analysis"
          sse_timeout_s: 5
          heartbeats: true
          spectral_window: 4096
        measurement:
          instrument: "cell"
          gas: "gas"
          modulation_hz: 2000
          integration_s: 1
          bandwidth_hz: 400
          channel: "difference"
        environment:
          type: "none"
        alarms: []
        further_instruments: []
        """,
        PhotophoneConfig.DEFAULT.yaml());
  }

  @Test
  void without_file_variables_and_flags_everything_is_default() throws ConfigException {
    assertEquals(
        PhotophoneConfig.DEFAULT, PhotophoneConfig.read(null, Map.of("PATH", "/bin"), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "'# all as it comes'", "---", "'null'", "{}", "'streaming: {}'"})
  void a_file_that_says_nothing_gives_the_defaults(String yaml) throws Exception {
    assertEquals(PhotophoneConfig.DEFAULT, read(yaml));
  }

  @Test
  void characters_beyond_the_basic_plane_may_stand_anywhere() throws Exception {
    for (int before = 1000; before < 1050; before++) {
      String gas = "\uD83D\uDE80";
      String yaml = "#%s%nmeasurement: {gas: '%s'}".formatted("x".repeat(before), gas);
      assertEquals(gas, read(yaml).instrument().measurement().gas());
    }
  }

  @Test
  void settings_left_out_of_a_block_are_default() throws Exception {
    StreamingConfig streaming = StreamingConfig.DEFAULT;
    assertEquals(
        new StreamingConfig(
            12.5,
            streaming.buffer(),
            streaming.sseTimeout(),
            streaming.heartbeats(),
            streaming.spectralWindow()),
        read("streaming: {target_fps: 12.5}").instrument().streaming());
  }

  static List<SourceConfig> sources() {
    return List.of(
        new SourceConfig.Simulated(
            new SimulatedCellConfig(
                44_100,
                -7,
                1501.25,
                1502,
                33,
                31.5,
                20,
                0.125,
                3,
                -90,
                0.0625,
                0.03125,
                0.5,
                60,
                List.of(new Step(Duration.ofMillis(1500), 4.5)),
                List.of(
                    new Fault(FaultKind.DROPOUT, Duration.ofMillis(250), Duration.ofMillis(125))))),
        new SourceConfig.File(Path.of("a b.wav"), "3,1", true, 2.5),
        new SourceConfig.Microphone("USB: \"cell\" #2", 96_000),
        new SourceConfig.Raw(RawSettings.DEFAULT),
        new SourceConfig.Raw(
            new RawSettings(
                RawSettings.Transport.TCP_LISTEN,
                new RawSettings.Address("0.0.0.0", 9000, "10.0.0.7"),
                new PcmFormat(SampleEncoding.INT24, ByteOrder.BIG_ENDIAN, 8, 192_000),
                ChannelChoice.parse("7,2"),
                false,
                Duration.ofMillis(1500))),
        new SourceConfig.None());
  }

  /// With no setting as it is without being set.
  static WebConfig web() {
    return new WebConfig(
        "0.0.0.0",
        0,
        new Tls.Pem(Path.of("/etc/lab/cell.pem"), Path.of("key.pem")),
        true,
        List.of("cell.lab.example", "10.1.2.3", "fd00::1"),
        List.of("https://lab.example:8443"),
        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")),
        new WebLimits(
            2048,
            10,
            5,
            3,
            4,
            Duration.ofMillis(1500),
            Duration.ofSeconds(7),
            Duration.ofSeconds(9)));
  }

  static List<Tls> encryptions() {
    return List.of(
        new Tls.SelfSigned(), new Tls.Pkcs12(Path.of("server.p12"), Path.of("/run/password")));
  }

  @ParameterizedTest
  @MethodSource("encryptions")
  void a_written_way_to_encrypt_reads_back_as_the_same(Tls tls) throws Exception {
    WebConfig web = web();
    WebConfig other =
        new WebConfig(
            web.host(),
            web.port(),
            tls,
            false,
            web.names(),
            web.allowedOrigins(),
            web.trustedProxies(),
            web.limits());
    PhotophoneConfig config = PhotophoneConfig.DEFAULT;
    PhotophoneConfig written =
        new PhotophoneConfig(
            other,
            config.security(),
            config.streams(),
            config.data(),
            config.recovery(),
            config.logging(),
            config.events(),
            config.instrument(),
            config.further(),
            config.protocols());
    assertEquals(written, read(written.yaml()));
  }

  /// One of each type, with no setting as it is without being set.
  static List<AlarmRule> alarms(String gas, ConcentrationUnit unit) {
    return List.of(
        new AlarmRule.Level(
            "too high",
            gas,
            AlarmRule.Direction.BELOW,
            -1.5,
            unit,
            0.25,
            2,
            Duration.ofMillis(1500),
            Duration.ofSeconds(3),
            true),
        new AlarmRule.NoReading("silent", gas, Duration.ofSeconds(7), true));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void a_written_configuration_reads_back_as_the_same(SourceConfig source) throws Exception {
    PhotophoneConfig config =
        new PhotophoneConfig(
            web(),
            new SecurityConfig(
                SecurityConfig.AnonymousRole.VIEWER,
                Duration.ofDays(30),
                Duration.ofMinutes(90),
                new OidcSettings(
                    "https://login.example/realms/lab",
                    "photophone",
                    Path.of("/run/secrets/oidc"),
                    List.of("openid", "groups"),
                    "realm_access.roles",
                    List.of(
                        new OidcSettings.RoleOf("cell admins", Role.ADMIN),
                        new OidcSettings.RoleOf("lab", Role.VIEWER)))),
            new StreamLimits(17, 3, false),
            Path.of("/var/lib/readings"),
            new RecoveryConfig(
                5,
                Duration.ofMillis(200),
                Duration.ofSeconds(60),
                1.5,
                0,
                Duration.ofSeconds(20),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3)),
            new LoggingConfig(
                LoggingConfig.Format.JSON,
                LoggingConfig.Level.WARNING,
                List.of(new LoggingConfig.LoggerLevel("io.photophone", LoggingConfig.Level.DEBUG)),
                new LoggingConfig.LogFile(Path.of("a b.log"), 20, 3)),
            new EventsConfig(false, 64, 3),
            new InstrumentConfig(
                source,
                new StreamingConfig(0.5, 7, Duration.ofMillis(1250), false, 256),
                new MeasurementConfig(
                    "NO", "5", 1000.5, Duration.ofMillis(50), 17, MeasurementConfig.Channel.B),
                new Calibration(
                    "2026-03",
                    ConcentrationUnit.MG_PER_M3,
                    0.0017,
                    -0.5,
                    12,
                    0.02,
                    250,
                    Instant.parse("2030-01-31T12:00:00Z")),
                null,
                new EnvironmentConfig.None(),
                alarms("5", ConcentrationUnit.MG_PER_M3)),
            List.of(),
            ProtocolSettingsTest.ALL);
    assertEquals(config, read(config.yaml()));
  }

  @Test
  @Tag("B21")
  void all_errors_are_reported_at_once_in_the_order_of_the_file() throws Exception {
    assertErrors(
        """
        server: {port: 65536, host: "[a]"}
        streaming:
          sse_timeout_s: 0.5


          heartbeats: yes
          target_fps: 2000
        measurment: {}
        """,
        "photophone.yaml:1:16: server.port is 65536, allowed: a whole number in [0, 65535]",
        "photophone.yaml:1:29: server.host is \"[a]\", allowed: " + WebConfig.HOST_IN_WORDS,
        "photophone.yaml:3:18: streaming.sse_timeout_s is 0.5, allowed: [1, 300]",
        "photophone.yaml:6:15: streaming.heartbeats is \"yes\", which is text,"
            + " allowed: true or false",
        "photophone.yaml:7:15: streaming.target_fps is 2000, allowed: (0, 1000]",
        "photophone.yaml:8:1: measurment is unknown, did you mean measurement?");
  }

  @Test
  @Tag("B21")
  void every_error_of_a_graph_is_reported_at_its_place() throws Exception {
    assertErrors(
        """
        further_instruments:
          - measurement: {instrument: stack}
            analysis:
              - {name: signal, type: channel, of: [frames], channel: difference}
              - {name: tone, type: lock_in, of: [band], modulation_hz: 2000, harmonic: 1, integration_s: 1}
              - {name: gas, type: concentration, of: [signal], gas: NO2}
              - {name: gas, type: mix, of: [signal, signal], weights: [1, -1, 1]}
              - name: a
                type: gain
                of:
                - b
                gain_db: 1
              - {name: b, type: gain, of: [a], gain_db: 1}
        """,
        "photophone.yaml:5:41: further_instruments[0].analysis[1].of names band, which is no node;"
            + " there are: frames, signal, gas, a, b",
        "photophone.yaml:6:46: further_instruments[0].analysis[2].of names signal, which gives"
            + " signal, but a concentration node takes phasors",
        "photophone.yaml:7:16: further_instruments[0].analysis[3].name is gas,"
            + " which another node has",
        "photophone.yaml:7:63: further_instruments[0].analysis[3].weights has 3 values for 2"
            + " inputs",
        "photophone.yaml:11:9: further_instruments[0].analysis[4].of runs in a circle:"
            + " a takes b takes a");
  }

  @Test
  @Tag("B21")
  void every_item_of_a_list_is_checked() throws Exception {
    assertErrors(
        """
        source:
          script:
          - {for_s: 0, ppm: 1}
          - {for_s: 1, ppm: 1}
          - {for_s: 1, ppm: -1}
        """,
        "photophone.yaml:3:13: source.script[0].for_s is 0, allowed: (0, 86400]",
        "photophone.yaml:5:21: source.script[2].ppm is -1, allowed: [0, 1000000]");
  }

  @Test
  @Tag("B21")
  void an_error_tells_its_path_line_and_column() throws Exception {
    Path file = write("# where\ndata: 1");
    ConfigException refused =
        assertThrows(ConfigException.class, () -> PhotophoneConfig.read(file, Map.of(), List.of()));
    assertEquals(
        List.of(
            new ConfigError(
                new ConfigError.Origin.InFile(file.toString(), 2, 7),
                "data",
                "is 1, which is a number, allowed: a path")),
        refused.errors());
  }

  @Test
  @Tag("B21")
  void flags_go_before_variables_before_the_file_before_the_defaults() throws Exception {
    Path file = write("streaming: {target_fps: 1, buffer: 1 frames, spectral_window: 512}");
    StreamingConfig streaming =
        PhotophoneConfig.read(
                file,
                Map.of(
                    "PHOTOPHONE_STREAMING_TARGET_FPS", "2",
                    "PHOTOPHONE_STREAMING_BUFFER", "2 frames"),
                List.of(new Flag("--fps", "streaming.target_fps", "3")))
            .instrument()
            .streaming();
    assertEquals(new StreamingConfig(3, 2, Duration.ofSeconds(5), true, 512), streaming);
  }

  @Test
  @Tag("B21")
  void an_error_names_its_variable_or_flag() throws Exception {
    assertErrors(
        write("server: {port: -1, host: localhost}"),
        Map.of("PHOTOPHONE_STREAMING_HEARTBEATS", "on", "PHOTOPHONE_SERVER_HOST", ""),
        List.of(new Flag("--port", "server.port", "http")),
        "environment variable PHOTOPHONE_SERVER_HOST: server.host is empty, allowed: "
            + WebConfig.HOST_IN_WORDS,
        "--port: server.port is http, allowed: a whole number in [0, 65535]",
        "environment variable PHOTOPHONE_STREAMING_HEARTBEATS: streaming.heartbeats is on,"
            + " allowed: true or false");
  }

  @Test
  @Tag("B21")
  void unknown_variables_and_flags_are_errors() {
    assertErrors(
        null,
        Map.of("PHOTOPHONE_SERVER_PROT", "1", "PHOTOPHONE_HOME", "/opt", "photophone_x", ""),
        List.of(new Flag("--set", "server.hosts", "::1"), new Flag("--set", "script", "x")),
        "environment variable PHOTOPHONE_HOME: is unknown, allowed: PHOTOPHONE_ and the path of a"
            + " single value, as in PHOTOPHONE_SERVER_HOST",
        "environment variable PHOTOPHONE_SERVER_PROT: is unknown, did you mean"
            + " PHOTOPHONE_SERVER_PORT?",
        "--set: server.hosts is unknown, did you mean server.host?",
        "--set: script is unknown, allowed: the path of a single value, as in server.host");
  }

  @Test
  void variables_of_the_launcher_are_left_to_it() throws ConfigException {
    assertEquals(
        PhotophoneConfig.DEFAULT,
        PhotophoneConfig.read(
            null,
            Map.of("PHOTOPHONE_JAVA", "/opt/jdk/bin/java", "PHOTOPHONE_OPTS", "-Xmx1g"),
            List.of()));
  }

  @Test
  void text_from_a_variable_needs_no_quotes() throws ConfigException {
    assertEquals(
        "5",
        PhotophoneConfig.read(null, Map.of("PHOTOPHONE_MEASUREMENT_GAS", "5"), List.of())
            .instrument()
            .measurement()
            .gas());
  }

  @Test
  void a_flag_that_chooses_another_source_replaces_the_source_of_the_file() throws Exception {
    Path file = write("source: {type: file, path: a.wav}");
    assertEquals(
        new SourceConfig.None(),
        PhotophoneConfig.read(file, Map.of(), List.of(new Flag("--source", "source.type", "none")))
            .instrument()
            .source());
    assertEquals(
        new SourceConfig.File(Path.of("a.wav"), "", true, 1),
        PhotophoneConfig.read(
                file,
                Map.of(),
                List.of(
                    new Flag("--loop", "source.loop", "true"),
                    new Flag("--source", "source.type", "file")))
            .instrument()
            .source());
    assertEquals(
        new SourceConfig.File(Path.of("b.wav"), "", false, 1),
        PhotophoneConfig.read(
                write("source: {seed: 3}"),
                Map.of(),
                List.of(
                    new Flag("--file", "source.path", "b.wav"),
                    new Flag("--file", "source.type", "file")))
            .instrument()
            .source());
  }

  @Test
  void the_modulation_is_below_half_the_sample_rate() throws Exception {
    assertEquals(
        3999,
        read("{source: {sample_rate_hz: 8000, modulation_hz: 3999}}").instrument().source()
                instanceof SourceConfig.Simulated(SimulatedCellConfig cell)
            ? cell.modulationHz()
            : 0);
    assertErrors(
        "source: {sample_rate_hz: 8000, modulation_hz: 4000}",
        "photophone.yaml:1:47: source.modulation_hz is 4000, allowed: (0, 4000)");
    assertErrors(
        """
        source: {type: microphone, sample_rate_hz: 8000}
        measurement: {modulation_hz: 4000}
        """,
        "photophone.yaml:2:30: measurement.modulation_hz is 4000, allowed: (0, 4000)");
  }

  @Test
  @Tag("B22")
  void records_refuse_what_no_file_could_say() {
    assertEquals(
        "host is 0.0.0.0, allowed: localhost, 127.0.0.0/8 or ::1, since what others send isn't"
            + " encrypted; for any other set server.tls, or server.plain_http behind a proxy that"
            + " encrypts",
        assertThrows(IllegalArgumentException.class, () -> WebConfig.at("0.0.0.0", 0))
            .getMessage());
    assertEquals(
        "port is -1, allowed: [0, 65535]",
        assertThrows(IllegalArgumentException.class, () -> WebConfig.at("::1", -1)).getMessage());
    assertEquals(
        "channels is 0, allowed: " + SourceConfig.File.CHANNELS_IN_WORDS,
        assertThrows(
                IllegalArgumentException.class,
                () -> new SourceConfig.File(Path.of("a"), "0", false, 1))
            .getMessage());
    assertEquals(
        "speed is -1, allowed: [0, 1000]",
        assertThrows(
                IllegalArgumentException.class,
                () -> new SourceConfig.File(Path.of("a"), "1", false, -1))
            .getMessage());
    assertEquals(
        "sample_rate_hz is 7999, allowed: [8000, 192000]",
        assertThrows(IllegalArgumentException.class, () -> new SourceConfig.Microphone("", 7999))
            .getMessage());
    InstrumentConfig config = InstrumentConfig.DEFAULT;
    assertEquals(
        "measurement.modulation_hz is 24001, allowed: (0, 24000)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new InstrumentConfig(
                        config.source(),
                        config.streaming(),
                        config.measurement().withModulationHz(24_001),
                        null,
                        null,
                        new EnvironmentConfig.None(),
                        List.of()))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({"localhost", "127.0.0.1", "127.255.254.249", "::1"})
  void loopback_hosts_are_allowed(String host) throws Exception {
    assertEquals(host, read("server: {host: '%s'}".formatted(host)).server().host());
  }

  @Test
  void a_file_that_is_missing_too_large_or_not_text_is_one_error() throws Exception {
    assertErrors(folder.resolve("photophone.yaml"), "photophone.yaml: doesn't exist");
    assertErrors(
        Files.write(folder.resolve("photophone.yaml"), new byte[] {'#', (byte) 0xff}),
        "photophone.yaml: isn't text in UTF-8");
    assertErrors(
        write("#" + "x".repeat(1 << 20)), "photophone.yaml: is too large, allowed: 1048576 bytes");
    assertEquals(PhotophoneConfig.DEFAULT, read("#" + "x".repeat((1 << 20) - 1)));
    assertEquals(
        1,
        assertThrows(
                ConfigException.class, () -> PhotophoneConfig.read(folder, Map.of(), List.of()))
            .errors()
            .size());
  }

  static List<List<String>> unreadable() {
    String notYaml = "isn't YAML, look at indentation, quotes and brackets: ";
    return List.of(
        List.of(
            "server:\n  port: 1\n   host: x",
            "photophone.yaml:3:8: " + notYaml + "mapping values are not allowed here"),
        List.of(
            "data: [a",
            "photophone.yaml:1:9: " + notYaml + "expected ',' or ']', but got <stream end>"),
        List.of("a: b\nab: \u0007", "photophone.yaml:2:5: " + notYaml + "the character U+0007"),
        List.of(
            "? [a]\n: b",
            "photophone.yaml:1:4: "
                + notYaml
                + "Expected a property name (Scalar value in YAML), got this in…"),
        List.of("data: a\n---\n", "photophone.yaml:3:1: a second document begins, allowed: one"),
        List.of(
            "[".repeat(16) + "]".repeat(16),
            "photophone.yaml:1:1: is a list, allowed: a block of settings"),
        List.of("[".repeat(17), "photophone.yaml:1:17: is nested too deeply, allowed: 16 levels"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void a_file_that_is_not_one_yaml_document_tells_where_and_why(List<String> example)
      throws Exception {
    assertErrors(example.getFirst(), example.getLast());
  }

  @Test
  void aliases_are_not_expanded() throws IOException {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(10)));
    }
    Path file = write(yaml + "data: *a29");
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertEquals(
                31,
                assertThrows(
                        ConfigException.class,
                        () -> PhotophoneConfig.read(file, Map.of(), List.of()))
                    .errors()
                    .size()));
  }

  private PhotophoneConfig read(String yaml) throws IOException, ConfigException {
    return PhotophoneConfig.read(write(yaml), Map.of(), List.of());
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("photophone.yaml"), yaml, StandardCharsets.UTF_8);
  }

  private void assertErrors(String yaml, String... lines) throws IOException {
    assertErrors(write(yaml), lines);
  }

  private void assertErrors(Path file, String... lines) {
    assertErrors(file, Map.of(), List.of(), lines);
  }

  private void assertErrors(
      @Nullable Path file, Map<String, String> environment, List<Flag> flags, String... lines) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> PhotophoneConfig.read(file, environment, flags));
    assertEquals(
        String.join("\n", lines), refused.getMessage().replace(folder + File.separator, ""));
  }
}
