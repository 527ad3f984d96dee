package io.photophone.app.config;

import static io.photophone.app.config.Scalar.anyText;
import static io.photophone.app.config.Scalar.anyWhole;
import static io.photophone.app.config.Scalar.buffer;
import static io.photophone.app.config.Scalar.decimal;
import static io.photophone.app.config.Scalar.lengths;
import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.path;
import static io.photophone.app.config.Scalar.powerOfTwo;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.text;
import static io.photophone.app.config.Scalar.trueOrFalse;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedCellConfig.Fault;
import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.acquisition.source.SimulatedCellConfig.Step;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.ReferenceConditions;
import io.photophone.analysis.calibration.Response;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.app.config.OneOf.Variant;
import io.photophone.app.config.Section.Draft;
import io.photophone.app.config.SourceConfig.File;
import io.photophone.app.config.SourceConfig.Microphone;
import io.photophone.app.config.SourceConfig.None;
import io.photophone.app.config.SourceConfig.Raw;
import io.photophone.app.config.SourceConfig.Simulated;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The table of all settings, from which the file is read and written and the schema and the
/// reference are made. Ranges and defaults are those of the records.
final class Settings {
  static final OneOf<SourceConfig> SOURCE = source();
  static final Section<PhotophoneConfig> ALL = photophone();

  private Settings() {}

  private static Section<PhotophoneConfig> photophone() {
    var s = Draft.from(PhotophoneConfig.DEFAULT);
    var server =
        s.add(
            "server", WebSettings.web(), PhotophoneConfig::server, "where the dashboard is served");
    var security = s.add("security", security(), PhotophoneConfig::security, "who may do what");
    var streams =
        s.add(
            "streams",
            StreamSettings.limits(),
            PhotophoneConfig::streams,
            "what clients of event streams may take");
    var data =
        s.add(
            "data",
            path(),
            PhotophoneConfig::data,
            "folder of the recordings, relative to the working directory");
    var recovery =
        s.add(
            "recovery",
            OperationSettings.recovery(),
            PhotophoneConfig::recovery,
            "what is done about a source that fails or hangs");
    var logging =
        s.add("logging", OperationSettings.logging(), PhotophoneConfig::logging, "the log");
    var events =
        s.add(
            "events",
            OperationSettings.events(),
            PhotophoneConfig::events,
            "what the server notes of its threads and its virtual machine, for `photophone why`");
    var instrument = InstrumentSettings.addTo(s, PhotophoneConfig::instrument);
    var own = Draft.from(InstrumentConfig.DEFAULT);
    var settings = InstrumentSettings.addTo(own, config -> config);
    var further =
        s.add(
            "further_instruments",
            new ListOf<>(own.make(settings::make), 0),
            PhotophoneConfig::further,
            "instruments beside the file's own, each with a source, a measurement and so on");
    var protocols = ProtocolSettings.addTo(s, PhotophoneConfig::protocols);
    return s.make(v ->
        new PhotophoneConfig(
            v.get(server),
            v.get(security),
            v.get(streams),
            v.get(data),
            v.get(recovery),
            v.get(logging),
            v.get(events),
            instrument.make(v),
            v.get(further),
            protocols.apply(v)));
  }

  /// What an instrument can be set to.
  ///
  /// @param <S> the record that has or is an instrument
  private record InstrumentSettings<S>(
      Setting<S, SourceConfig> source,
      Setting<S, StreamingConfig> streaming,
      Setting<S, MeasurementConfig> measurement,
      Setting<S, Calibration> calibration,
      Setting<S, GraphSpec> analysis,
      Setting<S, EnvironmentConfig> environment,
      Setting<S, List<AlarmRule>> alarms) {

    static <S> InstrumentSettings<S> addTo(Draft<S> s, Function<S, InstrumentConfig> instrument) {
      return new InstrumentSettings<>(
          s.add("source", SOURCE, c -> instrument.apply(c).source(), "where the audio comes from"),
          s.add(
              "streaming",
              Settings.streaming(),
              c -> instrument.apply(c).streaming(),
              "how frames are cut and kept"),
          s.add(
              "measurement",
              Settings.measurement(),
              c -> instrument.apply(c).measurement(),
              "what is measured and how"),
          s.optional(
              "calibration",
              Settings.calibration(),
              c -> instrument.apply(c).calibration(),
              "from amplitude to concentration; without it there is no concentration, except that"
                  + " the simulated cell brings its own"),
          s.optional(
              "analysis",
              NodeSettings.graph(),
              c -> instrument.apply(c).analysis(),
              "the nodes that measure, in place of those that measurement describes"),
          s.add(
              "environment",
              EnvironmentSettings.environment(),
              c -> instrument.apply(c).environment(),
              "temperature and pressure of the gas"),
          s.add(
              "alarms",
              new ListOf<>(AlarmSettings.RULE, 0),
              c -> instrument.apply(c).alarms(),
              "rules on the readings that raise an alarm"));
    }

    InstrumentConfig make(Values v) {
      return new InstrumentConfig(
          v.get(source),
          v.get(streaming),
          v.get(measurement),
          v.find(calibration),
          v.find(analysis),
          v.get(environment),
          v.get(alarms));
    }
  }

  private static Section<SecurityConfig> security() {
    var s = Draft.from(SecurityConfig.DEFAULT);
    var anonymousRole =
        s.add(
            "anonymous_role",
            named(
                List.of(SecurityConfig.AnonymousRole.values()),
                SecurityConfig.AnonymousRole::configName),
            SecurityConfig::anonymousRole,
            "what may be done without signing in: viewer for a display on a wall");
    var keyPeriod =
        s.add(
            "key_period_days",
            lengths(SecurityConfig.KEY_PERIOD_DAYS, Duration.ofDays(1)),
            SecurityConfig::keyPeriod,
            "after so many days tokens are signed with a new key; those of older keys count on");
    var sessionLife =
        s.add(
            "session_hours",
            lengths(SecurityConfig.SESSION_HOURS, Duration.ofHours(1)),
            SecurityConfig::sessionLife,
            "a page that nobody opens for so long must be signed in again, h");
    var oidc =
        s.optional(
            "oidc",
            OidcSection.oidc(),
            SecurityConfig::oidc,
            "an identity provider at which people may sign in (OpenID Connect)");
    return s.make(v ->
        new SecurityConfig(
            v.get(anonymousRole), v.get(keyPeriod), v.get(sessionLife), v.find(oidc)));
  }

  private static OneOf<SourceConfig> source() {
    return new OneOf<>(
        "type",
        List.of(
            new Variant<>(
                "simulated",
                simulatedCell(),
                Simulated::new,
                source -> source instanceof Simulated(var cell) ? cell : null),
            new Variant<>("file", file(), f -> f, source -> source instanceof File f ? f : null),
            new Variant<>(
                "microphone",
                microphone(),
                m -> m,
                source -> source instanceof Microphone m ? m : null),
            new Variant<>(
                "raw",
                RawSourceSettings.raw(),
                Raw::new,
                source -> source instanceof Raw(var settings) ? settings : null),
            new Variant<>(
                "none",
                Draft.<None>withoutPresets().make(_ -> new None()),
                n -> n,
                source -> source instanceof None n ? n : null)));
  }

  private static Section<SimulatedCellConfig> simulatedCell() {
    var s = Draft.from(SimulatedCellConfig.DEFAULT);
    var sampleRate =
        s.add(
            "sample_rate_hz",
            whole(SimulatedCellConfig.SAMPLE_RATE_HZ),
            SimulatedCellConfig::sampleRateHz,
            "samples a second for each microphone");
    var seed =
        s.add(
            "seed",
            anyWhole(),
            SimulatedCellConfig::seed,
            "of all noise: the same seed gives the same samples");
    var modulation =
        s.add(
            "modulation_hz",
            decimal(SimulatedCellConfig.FREQUENCY_HZ),
            SimulatedCellConfig::modulationHz,
            "frequency of the laser's modulation, below half the sample rate");
    var resonance =
        s.add(
            "resonance_hz",
            decimal(SimulatedCellConfig.FREQUENCY_HZ),
            SimulatedCellConfig::resonanceHz,
            "frequency of the cell's mode at the reference temperature");
    var quality =
        s.add(
            "quality",
            decimal(SimulatedCellConfig.QUALITY),
            SimulatedCellConfig::quality,
            "quality factor of the mode");
    var temperature =
        s.add(
            "temperature_c",
            decimal(SimulatedCellConfig.TEMPERATURE_C),
            SimulatedCellConfig::temperatureC,
            "temperature of the gas at the start, with whose root (in kelvin) the mode rises");
    var referenceTemperature =
        s.add(
            "reference_temperature_c",
            decimal(SimulatedCellConfig.TEMPERATURE_C),
            SimulatedCellConfig::referenceTemperatureC,
            "temperature at which resonance_hz holds");
    var sensitivity =
        s.add(
            "sensitivity",
            decimal(SimulatedCellConfig.SENSITIVITY),
            SimulatedCellConfig::sensitivity,
            "differential amplitude (peak, full-scale units) for 1 ppm at the resonance");
    var background =
        s.add(
            "background_ppm",
            decimal(SimulatedCellConfig.PPM),
            SimulatedCellConfig::backgroundPpm,
            "signal of the windows and walls, as if it were gas");
    var phase =
        s.add(
            "phase_deg",
            decimal(SimulatedCellConfig.PHASE_DEG),
            SimulatedCellConfig::phaseDeg,
            "phase of the signal at the resonance, against a cosine at the first sample");
    var whiteNoise =
        s.add(
            "white_noise_rms",
            decimal(SimulatedCellConfig.AMPLITUDE),
            SimulatedCellConfig::whiteNoiseRms,
            "white noise of each microphone");
    var flowNoise =
        s.add(
            "flow_noise_rms",
            decimal(SimulatedCellConfig.AMPLITUDE),
            SimulatedCellConfig::flowNoiseRms,
            "1/f noise that both microphones have in common");
    var hum =
        s.add(
            "hum_amplitude",
            decimal(SimulatedCellConfig.AMPLITUDE),
            SimulatedCellConfig::humAmplitude,
            "mains hum that both microphones have in common");
    var humHz =
        s.add(
            "hum_hz",
            decimal(SimulatedCellConfig.HUM_HZ),
            SimulatedCellConfig::humHz,
            "frequency of the mains");
    var script =
        s.add(
            "script",
            new ListOf<>(step(), 1),
            SimulatedCellConfig::script,
            "concentrations in turn, again and again");
    var faults =
        s.add(
            "faults",
            new ListOf<>(fault(), 0),
            SimulatedCellConfig::faults,
            "what goes wrong in every run of the script");
    return s.make(v ->
        new SimulatedCellConfig(
            v.get(sampleRate),
            v.get(seed),
            v.get(modulation),
            v.get(resonance),
            v.get(quality),
            v.get(temperature),
            v.get(referenceTemperature),
            v.get(sensitivity),
            v.get(background),
            v.get(phase),
            v.get(whiteNoise),
            v.get(flowNoise),
            v.get(hum),
            v.get(humHz),
            v.get(script),
            v.get(faults)));
  }

  private static Section<Step> step() {
    var s = Draft.<Step>withoutPresets();
    var length =
        s.add("for_s", seconds(SimulatedCellConfig.STEP_S), Step::length, "length of the step, s");
    var ppm =
        s.add("ppm", decimal(SimulatedCellConfig.PPM), Step::ppm, "concentration of the step");
    return s.make(v -> new Step(v.get(length), v.get(ppm)));
  }

  private static Section<Fault> fault() {
    var s = Draft.<Fault>withoutPresets();
    var kind =
        s.add(
            "kind",
            named(List.of(FaultKind.values()), FaultKind::configName),
            Fault::kind,
            "what goes wrong");
    var at =
        s.add(
            "at_s",
            seconds(SimulatedCellConfig.FAULT_AT_S),
            Fault::at,
            "when, s since the script began");
    var length =
        s.add("for_s", seconds(SimulatedCellConfig.STEP_S), Fault::length, "for how long, s");
    return s.make(v -> new Fault(v.get(kind), v.get(at), v.get(length)));
  }

  private static Section<File> file() {
    var s = Draft.from(File.of(Path.of("recording.wav")));
    var path = s.required("path", path(), File::path, "the recording, WAV or AIFF");
    var channels =
        s.add(
            "channels",
            text(File.CHANNELS, File.CHANNELS_IN_WORDS),
            File::channels,
            "channels for the two microphones; empty for a file that must be stereo");
    var loop =
        s.add(
            "loop",
            trueOrFalse(),
            File::loop,
            "whether it begins again at its end, behind a gap up to the next whole second");
    var speed =
        s.add(
            "speed",
            decimal(File.SPEED),
            File::speed,
            "1 for real time, N for N times as fast, 0 for as fast as possible");
    return s.make(v -> new File(v.get(path), v.get(channels), v.get(loop), v.get(speed)));
  }

  private static Section<Microphone> microphone() {
    var s = Draft.from(Microphone.DEFAULT);
    var name =
        s.add("name", anyText(), Microphone::name, "the device, empty for the system's own choice");
    var sampleRate =
        s.add(
            "sample_rate_hz",
            whole(Microphone.SAMPLE_RATE_HZ),
            Microphone::sampleRateHz,
            "samples a second");
    return s.make(v -> new Microphone(v.get(name), v.get(sampleRate)));
  }

  private static Section<StreamingConfig> streaming() {
    var s = Draft.from(StreamingConfig.DEFAULT);
    var targetFps =
        s.add(
            "target_fps",
            decimal(StreamingConfig.TARGET_FPS),
            StreamingConfig::targetFps,
            "frames a second");
    var buffer =
        s.add(
            "buffer",
            buffer(),
            StreamingConfig::buffer,
            "how far a consumer may fall behind before it loses frames: 10 (real_time), 100"
                + " (analysis) or 1000 (recording) frames, or as many as said, or as long, or as"
                + " many bytes as a stalled client may hold back");
    var sseTimeout =
        s.add(
            "sse_timeout_s",
            seconds(StreamingConfig.SSE_TIMEOUT_S),
            StreamingConfig::sseTimeout,
            "silence on an event stream after which a heartbeat is sent, s");
    var heartbeats =
        s.add(
            "heartbeats",
            trueOrFalse(),
            StreamingConfig::heartbeats,
            "whether heartbeats are sent at all");
    var spectralWindow =
        s.add(
            "spectral_window",
            powerOfTwo(StreamingConfig.SPECTRAL_WINDOW),
            StreamingConfig::spectralWindow,
            "samples of one spectrum");
    return s.make(v ->
        new StreamingConfig(
            v.get(targetFps),
            v.get(buffer),
            v.get(sseTimeout),
            v.get(heartbeats),
            v.get(spectralWindow)));
  }

  private static Section<MeasurementConfig> measurement() {
    var s = Draft.from(MeasurementConfig.DEFAULT);
    var instrument =
        s.add(
            "instrument",
            line(),
            MeasurementConfig::instrument,
            "name of the instrument, which every reading carries");
    var gas =
        s.add(
            "gas", line(), MeasurementConfig::gas, "what is measured, which every reading carries");
    var modulation =
        s.add(
            "modulation_hz",
            decimal(MeasurementConfig.MODULATION_HZ),
            MeasurementConfig::modulationHz,
            "frequency at which the light is modulated, below half the source's sample rate");
    var integration =
        s.add(
            "integration_s",
            seconds(MeasurementConfig.INTEGRATION_S),
            MeasurementConfig::integration,
            "span of one reading, s");
    var bandwidth =
        s.add(
            "bandwidth_hz",
            decimal(MeasurementConfig.BANDWIDTH_HZ),
            MeasurementConfig::bandwidthHz,
            "width of the band-pass around the modulation frequency");
    var channel =
        s.add(
            "channel",
            named(
                List.of(MeasurementConfig.Channel.values()), MeasurementConfig.Channel::configName),
            MeasurementConfig::channel,
            "which microphone is measured, or the difference of both");
    return s.make(v ->
        new MeasurementConfig(
            v.get(instrument),
            v.get(gas),
            v.get(modulation),
            v.get(integration),
            v.get(bandwidth),
            v.get(channel)));
  }

  static Section<Calibration> calibration() {
    var s = Draft.<Calibration>withoutPresets();
    var id =
        s.add("id", line(), Calibration::id, "which calibration this is; every reading carries it");
    var unit =
        s.add(
            "unit",
            named(List.of(ConcentrationUnit.values()), ConcentrationUnit::wireName),
            Calibration::unit,
            "unit of the concentration");
    var sensitivity =
        s.add(
            "sensitivity",
            decimal(Response.SENSITIVITY),
            c -> c.response().sensitivity(),
            "amplitude (peak, full-scale units) for one unit of concentration");
    var offset =
        s.add(
            "offset",
            decimal(Response.OFFSET),
            c -> c.response().offset(),
            "signal at zero gas (peak, full-scale units), along the phase");
    var phase =
        s.add(
            "phase_deg",
            decimal(Calibration.PHASE_DEG),
            Calibration::phaseDeg,
            "phase of the gas signal against a cosine at the first sample");
    var uncertainty =
        s.add(
            "relative_uncertainty",
            decimal(Response.RELATIVE_UNCERTAINTY),
            c -> c.response().relativeUncertainty(),
            "standard uncertainty of the sensitivity over the sensitivity");
    var highest =
        s.add(
            "highest",
            decimal(Calibration.HIGHEST),
            Calibration::highest,
            "largest concentration that was calibrated");
    var offsetUncertainty =
        s.optional(
            "offset_uncertainty",
            decimal(Response.OFFSET_UNCERTAINTY),
            c -> unlessZero(c.response().offsetUncertainty()),
            "standard uncertainty of the offset (full-scale units); without it the zero is exact");
    var offsetAcross =
        s.optional(
            "offset_across",
            decimal(Response.OFFSET),
            c -> unlessZero(c.response().offsetAcross()),
            "signal at zero gas (full-scale units) a quarter of a turn ahead of the phase; without"
                + " it none");
    var lowest =
        s.optional(
            "lowest",
            decimal(Calibration.LOWEST),
            c -> unlessZero(c.lowest()),
            "smallest concentration that was calibrated; without it zero");
    var conditions =
        s.optional(
            "conditions",
            conditions(),
            c -> c.conditions().equals(ReferenceConditions.NONE) ? null : c.conditions(),
            "how the sensitivity changes with temperature and pressure; without it it doesn't");
    var validUntil =
        s.optional(
            "valid_until",
            Scalar.instant(),
            Calibration::validUntil,
            "end of its validity; without it there is none");
    return s.make(v ->
        new Calibration(
            v.get(id),
            v.get(unit),
            new Response(
                v.get(sensitivity),
                v.get(offset),
                v.get(uncertainty),
                Objects.requireNonNullElse(v.find(offsetUncertainty), 0.0),
                0,
                Objects.requireNonNullElse(v.find(offsetAcross), 0.0)),
            v.get(phase),
            Objects.requireNonNullElse(v.find(lowest), 0.0),
            v.get(highest),
            Objects.requireNonNullElse(v.find(conditions), ReferenceConditions.NONE),
            null,
            v.find(validUntil)));
  }

  private static @Nullable Double unlessZero(double value) {
    return value == 0 ? null : value;
  }

  private static Section<ReferenceConditions> conditions() {
    var s = Draft.from(ReferenceConditions.NONE);
    var temperature =
        s.add(
            "temperature_c",
            decimal(Environment.TEMPERATURE_C),
            ReferenceConditions::temperatureC,
            "temperature that the sensitivity is told for, °C");
    var temperatureExponent =
        s.add(
            "temperature_exponent",
            decimal(ReferenceConditions.EXPONENT),
            ReferenceConditions::temperatureExponent,
            "the sensitivity goes with this power of the temperature in kelvin; -1 for an ideal"
                + " gas, 0 for none");
    var pressure =
        s.add(
            "pressure_hpa",
            decimal(Environment.PRESSURE_HPA),
            ReferenceConditions::pressureHpa,
            "pressure that the sensitivity is told for, hPa");
    var pressureExponent =
        s.add(
            "pressure_exponent",
            decimal(ReferenceConditions.EXPONENT),
            ReferenceConditions::pressureExponent,
            "the sensitivity goes with this power of the pressure; 1 for an ideal gas, 0 for none");
    return s.make(v ->
        new ReferenceConditions(
            v.get(temperature),
            v.get(temperatureExponent),
            v.get(pressure),
            v.get(pressureExponent)));
  }
}
