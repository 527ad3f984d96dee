package io.photophone.server;

import io.photophone.acquisition.processing.ProcessingConfig;
import io.photophone.model.AlarmEvent;
import io.photophone.model.Reading;
import io.photophone.model.Stability;
import io.photophone.server.Outcome.EventType;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;

/// The operations of one instrument. Their paths are those of the first; under
/// `/api/instruments/{instrument}/` each stands for the instrument with that name.
final class InstrumentApi {
  static final Parameter.Whole LIMIT =
      new Parameter.Whole(
          "limit", "how many at most, and no more than are retained", 1000, 1, 1_000_000);
  static final Parameter.Word GAS =
      new Parameter.Word("gas", "whose readings; the instrument's present gas if left out");
  static final Parameter.Real SECONDS =
      new Parameter.Real(
          "seconds", "span of the newest readings that count, s; by default all", 1e9, 0, 1e9);
  static final Parameter.Word WINDOW =
      new Parameter.Word(
          "window",
          "what the frame is tapered by: "
              + String.join(", ", ProcessingConfig.windowNames())
              + "; rectangular, which is no taper, if left out");
  static final Parameter.Flag NORMALIZE =
      new Parameter.Flag("normalize", "whether the frame's peak is made 1, for display");
  static final Parameter.Real FROM_HZ =
      new Parameter.Real(
          "from_hz",
          "lowest frequency of the spectra, Hz, at most half the sample rate",
          0,
          0,
          Double.POSITIVE_INFINITY);
  static final Parameter.Real TO_HZ =
      new Parameter.Real(
          "to_hz",
          "highest frequency of the spectra, Hz, from from_hz to half the sample rate",
          Double.POSITIVE_INFINITY,
          0,
          Double.POSITIVE_INFINITY);
  static final Parameter.Flag PHASES =
      new Parameter.Flag("phases", "whether spectra come with their phases");
  static final Parameter.Words TOPICS =
      new Parameter.Words(
          "topics",
          "what to send, separated by commas",
          List.of("alarms", "audio", "readings", "spectral", "stats"));
  static final Parameter.Word RESOLUTION =
      new Parameter.Word(
          "resolution",
          "full, half, quarter, eighth or sixteenth of the samples and bins, behind a filter; auto"
              + " for what the connection allows");
  static final Parameter.Word FORMAT =
      new Parameter.Word("format", "of samples in bytes: float32 or int16");
  static final Parameter.Segment NODE =
      new Parameter.Segment("node", "name of a node of the analysis");
  static final Parameter.Time TIME =
      new Parameter.Time("time", "about which something is to be explained, by the wall clock");
  static final Parameter.Index FROM_SAMPLE =
      new Parameter.Index("from_sample", "of the reading that is to be explained");
  private static final Parameter.Header LAST_EVENT_ID =
      new Parameter.Header(
          EventStreams.LAST_EVENT_ID,
          "id of the last event seen; what is retained behind it comes");

  private static final String ACQUISITION = "Acquisition";
  private static final String AUDIO = "Audio";
  private static final String READINGS = "Readings";
  private static final String ALARMS = "Alarms";
  private static final String ANALYSIS = "Analysis";
  private static final String CALIBRATION = "Calibration";
  private static final String CELL = "Cell";

  static final Operation INSTRUMENT =
      Operation.get("/api/instrument", ACQUISITION, "What the instrument is and measures")
          .json("name, gas, unit, source and rates", InstrumentInfo.class);

  static final Operation GET_ACQUISITION =
      Operation.get("/api/acquisition", ACQUISITION, "How the acquisition is doing")
          .json("state, rates and counts", AcquisitionResource.State.class)
          .refusing(HttpStatus.GATEWAY_TIMEOUT_504, "it didn't tell within ten seconds");

  static final Operation POST_ACQUISITION =
      Operation.post(
              "/api/acquisition",
              ACQUISITION,
              "Start, stop, reset after an error, or another frame rate",
              AcquisitionResource.ORDER)
          .json("the state once the command is done", AcquisitionResource.State.class)
          .refusing(HttpStatus.CONFLICT_409, "the command failed, and why")
          .refusing(HttpStatus.GATEWAY_TIMEOUT_504, "not done within ten seconds");

  static final Operation STREAM =
      Operation.get(
              "/api/stream", ACQUISITION, "Several topics on one connection", TOPICS, RESOLUTION)
          .answering(
              events(
                  new EventType("alarm", "an alarm changed", List.of(AlarmEvent.class)),
                  new EventType("audio", "a frame", List.of(AudioFrameResponse.class)),
                  new EventType("reading", "a reading", List.of(Reading.class)),
                  new EventType("spectral", "a spectrum", List.of(SpectralDataResponse.class)),
                  new EventType(
                      "stats", "statistics, each second", List.of(AudioResource.Stats.class)),
                  axis(),
                  resolution()));

  static final Operation ENVIRONMENT =
      Operation.get("/api/environment", CELL, "Temperature and pressure of the gas")
          .json("what holds now, and how the sensor is doing", EnvironmentResource.Now.class);

  static final Operation GET_SIMULATION =
      Operation.get("/api/simulation", CELL, "What is in force in the simulated cell")
          .json("its state", SimulationResource.State.class)
          .refusing(HttpStatus.CONFLICT_409, "the source isn't simulated");

  static final Operation POST_SIMULATION =
      Operation.post(
              "/api/simulation",
              CELL,
              "Faults, another concentration, temperature or modulation",
              SimulationResource.ORDER)
          .json("the state once the command is in force", SimulationResource.State.class)
          .refusing(HttpStatus.CONFLICT_409, "the source isn't simulated");

  static final Operation GET_SWEEPS =
      Operation.get("/api/sweeps", CELL, "How the sweep under way, or the last one, is doing")
          .json("its progress", Sweeps.Progress.class);

  static final Operation POST_SWEEPS =
      Operation.post(
              "/api/sweeps", CELL, "Sweep the resonance of a simulated cell", SweepsResource.ORDER)
          .answering(
              new Outcome.Json(
                  HttpStatus.ACCEPTED_202, "the sweep has begun", Sweeps.Progress.class))
          .refusing(HttpStatus.CONFLICT_409, "a sweep is under way, or the source isn't simulated");

  static final Operation SWEEPS_LATEST =
      Operation.get("/api/sweeps/latest", CELL, "The newest sweep that is kept")
          .json("the sweep", SweepAnswer.class)
          .nothing("there is none yet");

  static final Operation AUDIO_STATS =
      Operation.get("/api/audio/stream/stats", AUDIO, "How the stream of frames is doing")
          .json("frames, rates and losses", AudioResource.Stats.class);

  static final Operation AUDIO_LATEST =
      Operation.get(
              "/api/audio/stream/latest", AUDIO, "The newest frame", FORMAT, WINDOW, NORMALIZE)
          .json("the frame", AudioFrameResponse.class)
          .answering(
              new Outcome.Content(
                  HttpStatus.OK_200, "the frame as bytes", AudioFrameBytes.CONTENT_TYPE))
          .nothing("there is none yet")
          .answering(
              new Outcome.Nothing(
                  HttpStatus.NOT_MODIFIED_304, "the client has it, as If-None-Match tells"));

  static final Operation AUDIO_STREAM =
      Operation.get(
              "/api/audio/stream/audio", AUDIO, "Frames as they come", RESOLUTION, LAST_EVENT_ID)
          .answering(
              events(
                  new EventType("message", "a frame", List.of(AudioFrameResponse.class)),
                  resolution()));

  static final Operation SPECTRAL =
      Operation.get(
              "/api/audio/stream/spectral",
              AUDIO,
              "Spectra as they come, one a frame",
              FROM_HZ,
              TO_HZ,
              PHASES,
              RESOLUTION,
              LAST_EVENT_ID)
          .answering(
              events(
                  new EventType("message", "a spectrum", List.of(SpectralDataResponse.class)),
                  axis(),
                  resolution()));

  static final Operation WEB_SOCKET =
      Operation.get(
              "/api/audio/stream/ws",
              AUDIO,
              "Frames and spectra as bytes over a WebSocket",
              TOPICS,
              FORMAT,
              FROM_HZ,
              TO_HZ,
              PHASES,
              RESOLUTION)
          .answering(new Outcome.Nothing(HttpStatus.SWITCHING_PROTOCOLS_101, "messages follow"))
          .refusing(HttpStatus.UPGRADE_REQUIRED_426, "it is no WebSocket handshake");

  static final Operation READINGS_LATEST =
      Operation.get("/api/readings/latest", READINGS, "The newest reading")
          .json("the reading", Reading.class)
          .nothing("there is none yet");

  static final Operation READINGS_RECENT =
      Operation.get("/api/readings/recent", READINGS, "The newest readings", LIMIT)
          .json("readings, oldest first", ReadingsResource.Recent.class);

  static final Operation READINGS_ALLAN =
      Operation.get(
              "/api/readings/allan",
              READINGS,
              "What the retained readings tell about noise and drift",
              GAS,
              SECONDS)
          .json("Allan deviations and detection limits", Stability.class);

  static final Operation READINGS_STREAM =
      Operation.get("/api/readings/stream", READINGS, "Readings as they come", LAST_EVENT_ID)
          .answering(events(new EventType("message", "a reading", List.of(Reading.class))));

  static final Operation GET_ALARMS =
      Operation.get("/api/alarms", ALARMS, "Where each alarm stands")
          .json("in the order of the configuration", AlarmsResource.Alarms.class);

  static final Operation POST_ALARMS =
      Operation.post("/api/alarms", ALARMS, "Acknowledge an alarm", AlarmsResource.ORDER)
          .json("where each alarm stands then", AlarmsResource.Alarms.class)
          .refusing(HttpStatus.CONFLICT_409, "there is nothing to acknowledge");

  static final Operation ALARMS_EVENTS =
      Operation.get("/api/alarms/events", ALARMS, "The newest changes of alarms", LIMIT)
          .json("changes, oldest first", AlarmsResource.Events.class);

  static final Operation ALARMS_STREAM =
      Operation.get("/api/alarms/stream", ALARMS, "Changes of alarms as they come", LAST_EVENT_ID)
          .answering(events(new EventType("message", "a change", List.of(AlarmEvent.class))));

  static final Operation GET_CALIBRATION =
      Operation.get("/api/calibration", CALIBRATION, "The calibration under way")
          .json("its state, and what comes next", CalibrationAnswer.Progress.class);

  static final Operation POST_CALIBRATION =
      Operation.post(
              "/api/calibration",
              CALIBRATION,
              "The next step of a calibration",
              CalibrationResource.COMMAND)
          .json("the state once the command is done", CalibrationAnswer.Progress.class)
          .refusing(HttpStatus.CONFLICT_409, "the state doesn't allow the command");

  static final Operation CALIBRATIONS =
      Operation.get("/api/calibrations", CALIBRATION, "All accepted calibrations")
          .json(
              "all calibrations, oldest first, and those in force",
              CalibrationAnswer.History.class);

  static final Operation GET_ANALYSIS =
      Operation.get("/api/analysis", ANALYSIS, "The graph that measures")
          .json("the graph, and how long its nodes take", AnalysisResource.Graph.class);

  static final Operation PUT_ANALYSIS =
      Operation.put(
              "/api/analysis",
              ANALYSIS,
              "Another graph in place of the one that measures",
              AnalysisResource.GRAPH)
          .json("the graph once it runs", AnalysisResource.Graph.class);

  static final Operation STREAMS =
      Operation.get("/api/streams", ANALYSIS, "The nodes that can be listened to")
          .json("the nodes, and how many clients listen", NodesResource.Streams.class);

  static final Operation NODE_STREAM =
      Operation.get(
              "/api/streams/{node}",
              ANALYSIS,
              "What a node gives, as it comes",
              NODE,
              LAST_EVENT_ID)
          .answering(events(new EventType("message", "what the node gave", NodesResource.EVENTS)));

  static final Operation WHY =
      Operation.get(
              "/api/why",
              ACQUISITION,
              "Why a reading, or what happened about a time, was late; the newest disturbance"
                  + " where neither is given",
              TIME,
              FROM_SAMPLE)
          .json("the likeliest causes, and what the threads did", WhyAnswer.class)
          .refusing(HttpStatus.NOT_FOUND_404, "the notes don't tell, and why");

  static final Operation DISTURBANCES =
      Operation.get(
              "/api/disturbances", ACQUISITION, "Late frames, lags and gaps that can be explained")
          .json("the oldest first", WhyResource.Disturbances.class);

  static final List<Operation> ALL =
      List.of(
          INSTRUMENT,
          WHY,
          DISTURBANCES,
          GET_ACQUISITION,
          POST_ACQUISITION,
          STREAM,
          AUDIO_STATS,
          AUDIO_LATEST,
          AUDIO_STREAM,
          SPECTRAL,
          WEB_SOCKET,
          READINGS_LATEST,
          READINGS_RECENT,
          READINGS_ALLAN,
          READINGS_STREAM,
          GET_ALARMS,
          POST_ALARMS,
          ALARMS_EVENTS,
          ALARMS_STREAM,
          GET_ANALYSIS,
          PUT_ANALYSIS,
          STREAMS,
          NODE_STREAM,
          GET_CALIBRATION,
          POST_CALIBRATION,
          CALIBRATIONS,
          ENVIRONMENT,
          GET_SIMULATION,
          POST_SIMULATION,
          GET_SWEEPS,
          POST_SWEEPS,
          SWEEPS_LATEST);

  private InstrumentApi() {}

  private static EventType axis() {
    return new EventType(
        "axis",
        "the frequencies of the spectra that follow, once",
        List.of(AudioResource.Axis.class));
  }

  private static EventType resolution() {
    return new EventType(
        "resolution",
        "samples and bins come at this resolution from now on",
        List.of(Event.Resolved.class));
  }

  /// A stream of these, and of the notices that any stream may have.
  private static Outcome.Events events(EventType... types) {
    return new Outcome.Events("events, until the client or the server ends them", List.of(types));
  }
}
