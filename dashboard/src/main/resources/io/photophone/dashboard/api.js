/** The questions that the page asks the server, beside the stream. */

/** A server that takes longer than this is taken for one that doesn't answer. */
const PATIENCE_MS = 10_000;

/** The server answered, but refused; the message is the problem's detail if it told one. */
export class Refusal extends Error {
  constructor(message, { status, hasDetail }) {
    super(message);
    this.status = status;
    this.hasDetail = hasDetail;
  }
}

/** Who measures what, and how: GET api/instrument. */
export function instrument() {
  return getJson("api/instrument");
}

/** The newest readings, oldest first. */
export async function recentReadings(limit) {
  const answer = await getJson(`api/readings/recent?limit=${limit}`);
  return answer.readings ?? [];
}

/** Every channel of the server with its statistics. */
export async function channels() {
  const answer = await getJson("api/channels");
  return answer.channels ?? [];
}

/** All calibrations of the instrument, and those in force. */
export function calibrations() {
  return getJson("api/calibrations");
}

/** Where the calibration under way is. */
export function calibration() {
  return getJson("api/calibration");
}

/** Asks for a step of the calibration; answers where it is then. */
export function commandCalibration(command) {
  return getJson("api/calibration", {
    method: "POST",
    body: JSON.stringify(command),
    headers: { "Content-Type": "application/json" },
  });
}

/** Addresses are relative to the page, so that it also works below a proxy's path. */
export function address(path) {
  return new URL(path, document.baseURI).href;
}

async function getJson(path, { headers, ...order } = {}) {
  const response = await fetch(address(path), {
    ...order,
    headers: { ...headers, Accept: "application/json, application/problem+json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) {
    throw await refusal(path, response);
  }
  return response.json();
}

/** What stands between may answer with a page of its own, which has no detail. */
async function refusal(path, response) {
  const { status, statusText } = response;
  const detail = await response.json().then(
    (problem) => problem?.detail,
    () => null,
  );
  return typeof detail === "string" && detail !== ""
    ? new Refusal(detail, { status, hasDetail: true })
    : new Refusal(`${path} answered ${status} ${statusText}`.trim(), { status, hasDetail: false });
}
