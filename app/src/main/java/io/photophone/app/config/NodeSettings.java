package io.photophone.app.config;

import static io.photophone.app.config.Scalar.decimal;
import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.powerOfTwo;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.analysis.graph.NodeKind;
import io.photophone.analysis.graph.NodeSpec;
import io.photophone.app.config.OneOf.Variant;
import io.photophone.app.config.Section.Draft;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.dsp.RcLowPass;
import io.photophone.dsp.Window;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.GasDensity;
import io.photophone.model.Range;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The settings of each type of node.
final class NodeSettings {
  private static final Range ORDER = Range.closed(1, FilterShape.HIGHEST_ORDER);
  private static final Range RIPPLE_DB = Range.above(0, FilterShape.LARGEST_RIPPLE_DB);
  private static final Range ATTENUATION_DB = Range.above(0, FilterShape.LARGEST_ATTENUATION_DB);
  private static final Range EDGE_HZ = Range.above(0, 96_000);
  private static final Range LOW_PASS_ORDER = Range.closed(1, RcLowPass.HIGHEST_ORDER);
  private static final Range TIME_CONSTANT_S = Range.closed(1e-4, 3600);

  /// Normal conditions of ambient air quality in the European Union (directive 2008/50/EC).
  private static final GasDensity REFERENCE_AIR = new GasDensity(1, 20, 1013.25);

  private NodeSettings() {}

  static Graph graph() {
    return new Graph(
        new ListOf<>(
            new OneOf<>(
                "type",
                List.of(
                    variant("channel", NodeKind.Channel.class, channel()),
                    variant("mix", NodeKind.Mix.class, mix()),
                    variant("gain", NodeKind.Gain.class, gain()),
                    variant("filter", NodeKind.Filter.class, filter()),
                    variant("lock_in", NodeKind.LockIn.class, lockIn()),
                    variant("resonance", NodeKind.Resonance.class, resonance()),
                    variant("concentration", NodeKind.Concentration.class, concentration()),
                    variant("interference", NodeKind.Interference.class, interference()),
                    variant("level", NodeKind.Level.class, level()),
                    variant("peak", NodeKind.Peak.class, peak()),
                    variant("density", NodeKind.Density.class, densityMeter()),
                    variant("spectrum", NodeKind.Spectrum.class, spectrum()))),
            1));
  }

  private static Variant<NodeSpec, NodeSpec> variant(
      String type, Class<? extends NodeKind> kind, Section<NodeSpec> section) {
    return new Variant<>(
        type, section, node -> node, node -> kind.isInstance(node.kind()) ? node : null);
  }

  /// What every node has, and how it gets its kind.
  private static final class NodeDraft<K extends NodeKind> {
    private final Draft<NodeSpec> draft = Draft.withoutPresets();
    private final Class<K> kind;
    private final Setting<NodeSpec, String> name;
    private final Setting<NodeSpec, List<String>> of;

    NodeDraft(Class<K> kind) {
      this.kind = kind;
      name =
          draft.add(
              "name",
              Scalar.text(GraphSpec.NAME, GraphSpec.NAME_IN_WORDS),
              NodeSpec::name,
              "its name, unique in the graph");
      of =
          draft.add(
              "of",
              new ListOf<>(Scalar.text(GraphSpec.NAME, GraphSpec.NAME_IN_WORDS), 1),
              NodeSpec::of,
              "names of the nodes whose output it takes; frames for the audio itself");
    }

    <T> Setting<NodeSpec, T> required(
        String name, Kind<T> type, Function<K, @Nullable T> get, String description) {
      return draft.required(name, type, spec -> get.apply(kind.cast(spec.kind())), description);
    }

    <T> Setting<NodeSpec, T> optional(
        String name, Kind<T> type, Function<K, @Nullable T> get, String description) {
      return draft.optional(name, type, spec -> get.apply(kind.cast(spec.kind())), description);
    }

    Section<NodeSpec> make(Function<Values, K> make) {
      return draft.make(v -> new NodeSpec(v.get(name), v.get(of), make.apply(v)));
    }
  }

  private static Section<NodeSpec> channel() {
    var s = new NodeDraft<>(NodeKind.Channel.class);
    var channel =
        s.required(
            "channel",
            named(
                List.of(MeasurementConfig.Channel.values()), MeasurementConfig.Channel::configName),
            NodeKind.Channel::channel,
            "which microphone, or the difference of both");
    return s.make(v -> new NodeKind.Channel(v.get(channel)));
  }

  private static Section<NodeSpec> mix() {
    var s = new NodeDraft<>(NodeKind.Mix.class);
    var weights =
        s.required(
            "weights",
            new ListOf<>(decimal(NodeKind.Mix.WEIGHT), 2),
            NodeKind.Mix::weights,
            "a factor for each input");
    return s.make(v -> new NodeKind.Mix(v.get(weights)));
  }

  private static Section<NodeSpec> gain() {
    var s = new NodeDraft<>(NodeKind.Gain.class);
    var gain =
        s.required(
            "gain_db", decimal(NodeKind.Gain.GAIN_DB), NodeKind.Gain::gainDb, "20 for ten times");
    return s.make(v -> new NodeKind.Gain(v.get(gain)));
  }

  private static Section<NodeSpec> filter() {
    var s = new NodeDraft<>(NodeKind.Filter.class);
    var shape =
        s.required("shape", shape(), NodeKind.Filter::shape, "how it falls outside its band");
    var band = s.required("band", band(), NodeKind.Filter::band, "which frequencies it passes");
    return s.make(v -> new NodeKind.Filter(v.get(shape), v.get(band)));
  }

  private static OneOf<FilterShape> shape() {
    return new OneOf<>(
        "type",
        List.of(
            new Variant<>(
                "butterworth",
                butterworth(),
                x -> x,
                x -> x instanceof FilterShape.Butterworth b ? b : null),
            new Variant<>(
                "chebyshev_1",
                chebyshevOne(),
                x -> x,
                x -> x instanceof FilterShape.ChebyshevOne c ? c : null),
            new Variant<>(
                "chebyshev_2",
                chebyshevTwo(),
                x -> x,
                x -> x instanceof FilterShape.ChebyshevTwo c ? c : null),
            new Variant<>(
                "elliptic",
                elliptic(),
                x -> x,
                x -> x instanceof FilterShape.Elliptic e ? e : null)));
  }

  private static <S> Setting<S, Integer> order(
      Draft<S> s, Function<S, @Nullable Integer> get, Range range) {
    return s.add("order", whole(range), get, "order of the low-pass that it is made from");
  }

  private static <S> Setting<S, Double> ripple(Draft<S> s, Function<S, @Nullable Double> get) {
    return s.add("ripple_db", decimal(RIPPLE_DB), get, "loss within the pass-band");
  }

  private static <S> Setting<S, Double> attenuation(Draft<S> s, Function<S, @Nullable Double> get) {
    return s.add("attenuation_db", decimal(ATTENUATION_DB), get, "least loss in the stop-band");
  }

  private static Section<FilterShape.Butterworth> butterworth() {
    var s = Draft.<FilterShape.Butterworth>withoutPresets();
    var order = order(s, FilterShape.Butterworth::order, ORDER);
    return s.make(v -> new FilterShape.Butterworth(v.get(order)));
  }

  private static Section<FilterShape.ChebyshevOne> chebyshevOne() {
    var s = Draft.<FilterShape.ChebyshevOne>withoutPresets();
    var order = order(s, FilterShape.ChebyshevOne::order, ORDER);
    var ripple = ripple(s, FilterShape.ChebyshevOne::rippleDb);
    return s.make(v -> new FilterShape.ChebyshevOne(v.get(order), v.get(ripple)));
  }

  private static Section<FilterShape.ChebyshevTwo> chebyshevTwo() {
    var s = Draft.<FilterShape.ChebyshevTwo>withoutPresets();
    var order = order(s, FilterShape.ChebyshevTwo::order, ORDER);
    var attenuation = attenuation(s, FilterShape.ChebyshevTwo::attenuationDb);
    return s.make(v -> new FilterShape.ChebyshevTwo(v.get(order), v.get(attenuation)));
  }

  private static Section<FilterShape.Elliptic> elliptic() {
    var s = Draft.<FilterShape.Elliptic>withoutPresets();
    var order = order(s, FilterShape.Elliptic::order, ORDER);
    var ripple = ripple(s, FilterShape.Elliptic::rippleDb);
    var attenuation = attenuation(s, FilterShape.Elliptic::attenuationDb);
    return s.make(v -> new FilterShape.Elliptic(v.get(order), v.get(ripple), v.get(attenuation)));
  }

  private static OneOf<FilterBand> band() {
    return new OneOf<>(
        "type",
        List.of(
            new Variant<>(
                "band_pass",
                betweenEdges(
                    FilterBand.BandPass::lowHz,
                    FilterBand.BandPass::highHz,
                    FilterBand.BandPass::new),
                x -> x,
                x -> x instanceof FilterBand.BandPass b ? b : null),
            new Variant<>(
                "band_stop",
                betweenEdges(
                    FilterBand.BandStop::lowHz,
                    FilterBand.BandStop::highHz,
                    FilterBand.BandStop::new),
                x -> x,
                x -> x instanceof FilterBand.BandStop b ? b : null),
            new Variant<>(
                "low_pass",
                atEdge(FilterBand.LowPass::edgeHz, FilterBand.LowPass::new),
                x -> x,
                x -> x instanceof FilterBand.LowPass b ? b : null),
            new Variant<>(
                "high_pass",
                atEdge(FilterBand.HighPass::edgeHz, FilterBand.HighPass::new),
                x -> x,
                x -> x instanceof FilterBand.HighPass b ? b : null)));
  }

  private interface BetweenEdges<S> {
    S of(double lowHz, double highHz);
  }

  private static <S> Section<S> betweenEdges(
      Function<S, @Nullable Double> lowHz,
      Function<S, @Nullable Double> highHz,
      BetweenEdges<S> make) {
    var s = Draft.<S>withoutPresets();
    var low = s.add("low_hz", decimal(EDGE_HZ), lowHz, "lower edge");
    var high = s.add("high_hz", decimal(EDGE_HZ), highHz, "upper edge");
    return s.make(v -> make.of(v.get(low), v.get(high)));
  }

  private static <S> Section<S> atEdge(
      Function<S, @Nullable Double> edgeHz, Function<Double, S> make) {
    var s = Draft.<S>withoutPresets();
    var edge = s.add("edge_hz", decimal(EDGE_HZ), edgeHz, "the edge");
    return s.make(v -> make.apply(v.get(edge)));
  }

  private static Section<NodeSpec> lockIn() {
    var s = new NodeDraft<>(NodeKind.LockIn.class);
    var modulation =
        s.required(
            "modulation_hz",
            decimal(MeasurementConfig.MODULATION_HZ),
            NodeKind.LockIn::modulationHz,
            "frequency at which the light is modulated");
    var harmonic =
        s.required(
            "harmonic",
            whole(NodeKind.LockIn.HARMONIC),
            NodeKind.LockIn::harmonic,
            "1 to measure at the modulation frequency, 2 for 2f");
    var integration =
        s.required(
            "integration_s",
            seconds(MeasurementConfig.INTEGRATION_S),
            NodeKind.LockIn::integration,
            "span of one reading, s");
    var lowPass =
        s.optional(
            "low_pass",
            lowPass(),
            NodeKind.LockIn::lowPass,
            "an RC low-pass whose value at the span's end is the reading's; without it, the mean"
                + " over the span");
    return s.make(v ->
        new NodeKind.LockIn(
            v.get(modulation), v.get(harmonic), v.get(integration), v.find(lowPass)));
  }

  private static Section<RcLowPass> lowPass() {
    var s = Draft.<RcLowPass>withoutPresets();
    var order = s.add("order", whole(LOW_PASS_ORDER), RcLowPass::order, "stages, 6 dB each");
    var timeConstant =
        s.add(
            "time_constant_s",
            decimal(TIME_CONSTANT_S),
            RcLowPass::timeConstantSeconds,
            "time constant of a stage, s");
    return s.make(v -> new RcLowPass(v.get(order), v.get(timeConstant)));
  }

  private static Section<NodeSpec> concentration() {
    var s = new NodeDraft<>(NodeKind.Concentration.class);
    var gas =
        s.required(
            "gas",
            line(),
            NodeKind.Concentration::gas,
            "what is measured, which every reading carries");
    var unit =
        s.optional(
            "unit",
            named(List.of(ConcentrationUnit.values()), ConcentrationUnit::wireName),
            NodeKind.Concentration::unit,
            "unit of the readings; without it, that of the calibration");
    var density =
        s.optional(
            "density",
            density(),
            NodeKind.Concentration::density,
            "the gas's mass, needed between ppm or ppb and mg/m³");
    var calibration =
        s.optional(
            "calibration",
            Settings.calibration(),
            NodeKind.Concentration::calibration,
            "from amplitude to concentration, as long as no other is in force");
    return s.make(v ->
        new NodeKind.Concentration(v.get(gas), v.find(unit), v.find(density), v.find(calibration)));
  }

  private static Section<GasDensity> density() {
    var s = Draft.from(REFERENCE_AIR);
    var molarMass =
        s.required(
            "molar_mass",
            decimal(GasDensity.MOLAR_MASS_GRAMS),
            GasDensity::molarMassGrams,
            "of the gas, g/mol");
    var temperature =
        s.add(
            "temperature_c",
            decimal(Environment.TEMPERATURE_C),
            GasDensity::temperatureC,
            "of the air for which the mass is told, °C");
    var pressure =
        s.add(
            "pressure_hpa",
            decimal(Environment.PRESSURE_HPA),
            GasDensity::pressureHpa,
            "of that air, hPa");
    return s.make(v -> new GasDensity(v.get(molarMass), v.get(temperature), v.get(pressure)));
  }

  private static Section<NodeSpec> resonance() {
    var s = new NodeDraft<>(NodeKind.Resonance.class);
    var quality =
        s.required(
            "quality",
            decimal(NodeKind.Resonance.QUALITY),
            kind -> kind.quality().value(),
            "quality factor, as a sweep tells it");
    var qualityUncertainty =
        s.required(
            "quality_uncertainty",
            decimal(NodeKind.Resonance.UNCERTAINTY),
            kind -> kind.quality().standardUncertainty(),
            "its standard uncertainty");
    var phase =
        s.required(
            "phase_at_resonance_deg",
            decimal(Calibration.PHASE_DEG),
            kind -> kind.phaseAtResonanceDeg().value(),
            "phase of the gas signal if the modulation were at the resonance");
    var phaseUncertainty =
        s.required(
            "phase_uncertainty_deg",
            decimal(NodeKind.Resonance.UNCERTAINTY),
            kind -> kind.phaseAtResonanceDeg().standardUncertainty(),
            "its standard uncertainty");
    return s.make(v ->
        new NodeKind.Resonance(
            new Estimate(v.get(quality), v.get(qualityUncertainty)),
            new Estimate(v.get(phase), v.get(phaseUncertainty))));
  }

  private static Section<NodeSpec> interference() {
    var s = new NodeDraft<>(NodeKind.Interference.class);
    var row = new ListOf<>(decimal(NodeKind.Interference.ELEMENT), 2);
    var matrix =
        s.required(
            "matrix",
            new ListOf<>(row, 2),
            NodeKind.Interference::matrix,
            "rows in the order of the inputs: what one unit of each gas adds to this one's"
                + " apparent concentration; 1 for itself");
    var uncertainties =
        s.optional(
            "uncertainties",
            new ListOf<>(row, 0),
            NodeKind.Interference::uncertainties,
            "standard uncertainties of these, 0 on the diagonal; without them, all 0");
    return s.make(v -> {
      List<List<Double>> known = v.find(uncertainties);
      return new NodeKind.Interference(v.get(matrix), known == null ? List.of() : known);
    });
  }

  private static <K extends NodeKind> Setting<NodeSpec, Duration> interval(
      NodeDraft<K> s, Function<K, @Nullable Duration> get) {
    return s.required(
        "interval_s", seconds(NodeKind.INTERVAL_S), get, "from one result to the next, s");
  }

  private static <K extends NodeKind> Setting<NodeSpec, Integer> size(
      NodeDraft<K> s, Function<K, @Nullable Integer> get, String description) {
    return s.required("size", powerOfTwo(StreamingConfig.SPECTRAL_WINDOW), get, description);
  }

  private static <K extends NodeKind> Setting<NodeSpec, Window> window(
      NodeDraft<K> s, Function<K, @Nullable Window> get) {
    return s.required(
        "window", named(List.of(Window.values()), Window::wireName), get, "taper of the samples");
  }

  private static Section<NodeSpec> level() {
    var s = new NodeDraft<>(NodeKind.Level.class);
    var interval = interval(s, NodeKind.Level::interval);
    return s.make(v -> new NodeKind.Level(v.get(interval)));
  }

  private static Section<NodeSpec> peak() {
    var s = new NodeDraft<>(NodeKind.Peak.class);
    var size = size(s, NodeKind.Peak::size, "samples that a peak is told from");
    var interval = interval(s, NodeKind.Peak::interval);
    var low = s.required("low_hz", decimal(EDGE_HZ), NodeKind.Peak::lowHz, "where the band begins");
    var high = s.required("high_hz", decimal(EDGE_HZ), NodeKind.Peak::highHz, "where it ends");
    return s.make(v -> new NodeKind.Peak(v.get(size), v.get(interval), v.get(low), v.get(high)));
  }

  private static Section<NodeSpec> densityMeter() {
    var s = new NodeDraft<>(NodeKind.Density.class);
    var size = size(s, NodeKind.Density::size, "samples of one segment");
    var window = window(s, NodeKind.Density::window);
    var interval = interval(s, NodeKind.Density::interval);
    return s.make(v -> new NodeKind.Density(v.get(size), v.get(window), v.get(interval)));
  }

  private static Section<NodeSpec> spectrum() {
    var s = new NodeDraft<>(NodeKind.Spectrum.class);
    var size = size(s, NodeKind.Spectrum::size, "samples of one spectrum");
    var window = window(s, NodeKind.Spectrum::window);
    return s.make(v -> new NodeKind.Spectrum(v.get(size), v.get(window)));
  }
}
