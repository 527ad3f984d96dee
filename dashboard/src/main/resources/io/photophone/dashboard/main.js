import { PhotophoneAccess } from "./access.js";
import { PhotophoneAlarms } from "./alarms.js";
import { PhotophoneAllan } from "./allan.js";
import { PhotophoneAnalysis } from "./analysis.js";
import { address, instrument, me, recentReadings, signOut } from "./api.js";
import { PhotophoneCalibration } from "./calibration.js";
import { PhotophoneChannels } from "./channels.js";
import { setText } from "./draw.js";
import { EnvironmentLine } from "./environment.js";
import { GasChoice } from "./gases.js";
import { labelWithIcon } from "./icon.js";
import { InstrumentChoice } from "./instruments.js";
import { PhotophoneReading } from "./reading.js";
import { Session } from "./session.js";
import { PhotophoneSimulation } from "./simulation.js";
import { PhotophoneSpectrum } from "./spectrum.js";
import { PhotophoneStatus } from "./status.js";
import { Stream } from "./stream.js";
import { PhotophoneSweep } from "./sweep.js";
import { PhotophoneTrend } from "./trend.js";
import { PhotophoneWaveform } from "./waveform.js";
import { PhotophoneWhy } from "./why.js";

const REMEMBERED_READINGS = 1000;
const TICK_MS = 500;
const ASK_AGAIN_MS = 5000;

const CONNECTION = {
  connecting: ["wait", "connecting"],
  live: ["ok", "live"],
  reconnecting: ["caution", "reconnecting"],
  unavailable: ["caution", "no source"],
  ended: ["info", "ended"],
};

customElements.define("photophone-reading", PhotophoneReading);
customElements.define("photophone-trend", PhotophoneTrend);
customElements.define("photophone-waveform", PhotophoneWaveform);
customElements.define("photophone-spectrum", PhotophoneSpectrum);
customElements.define("photophone-status", PhotophoneStatus);
customElements.define("photophone-alarms", PhotophoneAlarms);
customElements.define("photophone-allan", PhotophoneAllan);
customElements.define("photophone-analysis", PhotophoneAnalysis);
customElements.define("photophone-channels", PhotophoneChannels);
customElements.define("photophone-sweep", PhotophoneSweep);
customElements.define("photophone-simulation", PhotophoneSimulation);
customElements.define("photophone-calibration", PhotophoneCalibration);
customElements.define("photophone-access", PhotophoneAccess);
customElements.define("photophone-why", PhotophoneWhy);

const reading = document.querySelector("photophone-reading");
const trend = document.querySelector("photophone-trend");
const waveform = document.querySelector("photophone-waveform");
const spectrum = document.querySelector("photophone-spectrum");
const alarms = document.querySelector("photophone-alarms");
const allan = document.querySelector("photophone-allan");
const analysis = document.querySelector("photophone-analysis");
const status = document.querySelector("photophone-status");
const sweep = document.querySelector("photophone-sweep");
const simulation = document.querySelector("photophone-simulation");

const access = document.querySelector("photophone-access");

const session = new Session(document.getElementById("session"), {
  ask: me,
  signOut,
  onChange: (who) => {
    access.me = who;
  },
});
const choice = new InstrumentChoice(document.getElementById("instrument-choice"));
const gases = new GasChoice(document.getElementById("gas-choice"), showGas);

/** What is wrong, by what it is about. */
const notices = new Map();
let askAgain;

/** What the server said of its instrument before this connection. */
let about = {};

const stream = new Stream(address("api/stream?topics=readings,alarms,audio,spectral,stats"), {
  ready: async () => {
    await session.ask();
    await choice.ask();
    showInstrument(await instrument());
  },
  opened: () => {
    reading.reconnected();
    trend.reconnected();
    askHistory();
    alarms.refresh();
  },
  state: connectionChanged,
  reading: (text) => {
    for (const next of gases.of([JSON.parse(text)])) {
      reading.show(next, Date.now());
      trend.add(next);
    }
    showHeading();
  },
  alarm: () => alarms.refresh(),
  audio: (text) => waveform.push(text),
  axis: (text) => {
    spectrum.frequencies = JSON.parse(text).frequencies;
  },
  spectral: (text) => spectrum.push(text),
  stats: (text) => {
    const stats = JSON.parse(text);
    reading.serverAheadMs = (stats.server_time ?? Date.now()) - Date.now();
    status.show(stats);
    analysis.fps = stats.fps;
    showSourceError(stats.source);
    if (stats.source?.state === "ended") {
      stream.sourceEnded();
    }
  },
  lagged: (text) => status.lagged(JSON.parse(text)),
  resolution: (text) => status.resolution(JSON.parse(text)),
});

trend.addEventListener("why", ({ detail }) =>
  document.querySelector("photophone-why").explainReading(detail.fromSample),
);
setInterval(() => [reading, waveform, spectrum, status].forEach((part) => part.tick()), TICK_MS);
labelWithIcon(document.getElementById("connection"), ...CONNECTION.connecting);
stream.connect();
new EnvironmentLine(document.getElementById("environment"));

function connectionChanged(state, reason) {
  const pill = document.getElementById("connection");
  labelWithIcon(pill, ...CONNECTION[state]);
  pill.dataset.value = state;
  notices.set("connection", {
    connecting: "",
    live: "",
    reconnecting: `Not connected: ${reason}. Trying again.`,
    unavailable: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
    ended: `No more readings: ${reason}.`,
  }[state]);
  if (state !== "live") {
    [waveform, spectrum].forEach((part) => part.disconnected());
  }
  if (state !== "live" && state !== "ended") {
    clearTimeout(askAgain);
    notices.delete("source");
    notices.delete("history");
    status.disconnected();
    alarms.disconnected(reason || "not connected");
  }
  showNotices();
}

/** Before each connection, because the server may have another instrument now. */
function showInstrument(what) {
  about = what;
  gases.first = what.gas;
  showHeading();
  setText(document.getElementById("version"), what.version ? `Photophone ${what.version}` : "");
  for (const part of [reading, waveform, spectrum, status, sweep, simulation]) {
    part.instrument = what;
  }
}

/** What a select tells needn't be told beside it. */
function showHeading() {
  const names = [choice.several ? "" : about.instrument, gases.several ? "" : about.gas];
  setText(document.getElementById("instrument"), names.filter((name) => name).join(" · "));
}

/** Readings of two gases make no trend. */
function showGas(gas) {
  allan.gas = gas;
  trend.clear();
  reading.reconnected();
  askHistory();
}

/** After each connection: the readings that this page has missed. */
async function askHistory() {
  clearTimeout(askAgain);
  try {
    const readings = gases.of(await recentReadings(REMEMBERED_READINGS));
    showHeading();
    trend.merge(readings);
    if (readings.length > 0) {
      reading.show(readings.at(-1), null);
    }
    notices.delete("history");
  } catch (error) {
    notices.set("history", `The earlier readings are missing: ${error.message}.`);
    askAgain = setTimeout(askHistory, ASK_AGAIN_MS);
  }
  showNotices();
}

function showSourceError({ state, error } = {}) {
  notices.set("source", error && state !== "running" ? `Source ${state}: ${error}.` : "");
  showNotices();
}

function showNotices() {
  const text = [...notices.values()].filter((each) => each !== "").join(" ");
  document.getElementById("notice").hidden = text === "";
  setText(document.getElementById("notice-text"), text);
}
