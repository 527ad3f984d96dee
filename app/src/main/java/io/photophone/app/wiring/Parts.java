package io.photophone.app.wiring;

import io.photophone.acquisition.environment.ConstantEnvironment;
import io.photophone.acquisition.environment.EnvironmentFeed;
import io.photophone.acquisition.environment.FileSensor;
import io.photophone.acquisition.environment.ModbusSensor;
import io.photophone.acquisition.environment.PolledEnvironment;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.FileSource;
import io.photophone.acquisition.source.Microphone;
import io.photophone.acquisition.source.RawSettings;
import io.photophone.acquisition.source.RawSource;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.NodeKind;
import io.photophone.analysis.graph.NodeSpec;
import io.photophone.app.calibration.CalibrationStore;
import io.photophone.app.calibration.Calibrator;
import io.photophone.app.config.EnvironmentConfig;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.config.SecurityConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.model.ConcentrationUnit;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.AccessSettings;
import io.photophone.server.security.OidcSettings;
import io.photophone.server.security.OidcSignIn;
import io.photophone.server.security.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the parts that a configuration names.
public final class Parts {
  /// What a simulated cell's own calibration covers; its equations are linear beyond.
  private static final double SIMULATED_HIGHEST_PPM = 10_000;

  /// The gases of a graph don't depend on its rate.
  private static final int ANY_RATE_HZ = 192_000;

  private Parts() {}

  /// How access is guarded.
  private static AccessSettings access(SecurityConfig config) {
    return new AccessSettings(
        switch (config.anonymousRole()) {
          case NONE -> null;
          case VIEWER -> Role.VIEWER;
        },
        config.keyPeriod(),
        config.sessionLife());
  }

  /// The keys, tokens and users of a data directory.
  public static AccessControl access(PhotophoneConfig config) throws IOException {
    return AccessControl.open(config.data(), access(config.security()));
  }

  /// Signing in at an identity provider; null where none is configured.
  static @Nullable OidcSignIn oidc(SecurityConfig config) throws IOException {
    OidcSettings settings = config.oidc();
    return settings == null ? null : new OidcSignIn(settings, InstantSource.system());
  }

  /// A new sign-in link to a page; the one before it counts no more. The secret stands where a
  /// browser sends it to nobody.
  public static URI signInLink(AccessControl access, URI page) throws IOException {
    return page.resolve("sign-in.html#" + access.newSignInSecret());
  }

  /// How to open the configured source; null where none is configured.
  static AudioSource.@Nullable Opener opener(SourceConfig source) {
    return switch (source) {
      case SourceConfig.Simulated(SimulatedCellConfig cell) -> new SimulatedSource(cell);
      case SourceConfig.File file ->
          () -> FileSource.open(file.path(), file.channelChoice(), file.loop());
      case SourceConfig.Microphone(String name, int sampleRateHz) ->
          () -> Microphone.open(name, sampleRateHz);
      case SourceConfig.Raw(RawSettings settings) -> RawSource.opener(settings);
      case SourceConfig.None() -> null;
    };
  }

  /// How many times faster than real time the source is read; 0 for as fast as possible.
  static double speed(SourceConfig source) {
    return source instanceof SourceConfig.File file ? file.speed() : 1;
  }

  /// The configured calibration, or a simulated cell's own, which its equations give; null where an
  /// amplitude is all that can be told.
  static @Nullable Calibration calibration(InstrumentConfig config) {
    if (config.calibration() != null) {
      return config.calibration();
    }
    return config.source() instanceof SourceConfig.Simulated(SimulatedCellConfig cell)
        ? ownCalibration(cell)
        : null;
  }

  /// The same with the calibration that a server would use.
  public static InstrumentConfig withCalibration(InstrumentConfig config) {
    return config.withCalibration(calibration(config));
  }

  /// The instrument's calibrations: the configured ones, and those accepted in the data directory.
  ///
  /// @throws IOException if an accepted one can't be read
  public static CalibrationStore calibrations(Path data, InstrumentConfig config)
      throws IOException {
    Map<String, Calibration> configured = new HashMap<>();
    Set<String> several = new HashSet<>();
    InstrumentConfig known = withCalibration(config);
    for (NodeKind.Concentration node : concentrations(known)) {
      Calibration calibration = node.calibration();
      if (calibration == null && node.gas().equals(known.measurement().gas())) {
        calibration = known.calibration();
      }
      if (calibration != null) {
        Calibration other = configured.put(node.gas(), calibration);
        if (other != null && !other.equals(calibration)) {
          several.add(node.gas());
        }
      }
    }
    // Such nodes keep their own until one is accepted.
    configured.keySet().removeAll(several);
    return CalibrationStore.open(data, config.name(), configured);
  }

  /// What calibrates the running instrument.
  static Calibrator calibrator(Path data, InstrumentConfig config) throws IOException {
    return new Calibrator(
        concentrationGases(config), calibrations(data, config), InstantSource.system());
  }

  /// The gases that the instrument tells readings of.
  static List<String> gases(InstrumentConfig config) {
    List<String> gases = concentrationGases(config);
    return gases.isEmpty() ? List.of(config.measurement().gas()) : gases;
  }

  private static List<String> concentrationGases(InstrumentConfig config) {
    return concentrations(config).stream().map(NodeKind.Concentration::gas).distinct().toList();
  }

  private static List<NodeKind.Concentration> concentrations(InstrumentConfig config) {
    List<NodeKind.Concentration> found = new ArrayList<>();
    for (NodeSpec node : config.measuring(ANY_RATE_HZ).nodes()) {
      if (node.kind() instanceof NodeKind.Concentration concentration) {
        found.add(concentration);
      }
    }
    return found;
  }

  /// What answers temperature and pressure; a sensor is asked from now on.
  static EnvironmentFeed environment(EnvironmentConfig config) {
    return switch (config) {
      case EnvironmentConfig.None() -> ConstantEnvironment.UNKNOWN;
      case EnvironmentConfig.Constant constant -> new ConstantEnvironment(constant.environment());
      case EnvironmentConfig.File(var path, var uncertainty, var polling) ->
          PolledEnvironment.start(new FileSensor(path, uncertainty), polling, StreamClock.SYSTEM);
      case EnvironmentConfig.Modbus(var settings, var uncertainty, var polling) ->
          PolledEnvironment.start(
              new ModbusSensor(settings, uncertainty), polling, StreamClock.SYSTEM);
    };
  }

  private static Calibration ownCalibration(SimulatedCellConfig config) {
    try (SimulatedCell cell = new SimulatedCell(config)) {
      double offset = cell.settledAmplitude(0);
      return new Calibration(
          "simulated cell",
          ConcentrationUnit.PPM,
          cell.settledAmplitude(1) - offset,
          offset,
          cell.settledPhaseDeg(),
          0,
          SIMULATED_HIGHEST_PPM,
          null);
    }
  }
}
