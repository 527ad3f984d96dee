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

/** Temperature and pressure of the gas: GET api/environment. */
export function environment() {
  return getJson("api/environment");
}

/** Every channel of the server with its statistics. */
export async function channels() {
  const answer = await getJson("api/channels");
  return answer.channels ?? [];
}

/** What is in force in the simulated cell. */
export function simulation() {
  return getJson("api/simulation");
}

/** Commands the simulated cell; the answer is what is in force then. */
export function simulate(command) {
  return postJson("api/simulation", command);
}

/** How a sweep of the resonance is doing. */
export function sweepProgress() {
  return getJson("api/sweeps");
}

/** The newest sweep, null before the first. */
export function latestSweep() {
  return getJson("api/sweeps/latest");
}

/** Begins a sweep. */
export function beginSweep(plan) {
  return postJson("api/sweeps", plan);
}

/** Addresses are relative to the page, so that it also works below a proxy's path. */
export function address(path) {
  return new URL(path, document.baseURI).href;
}

function getJson(path) {
  return fetchJson(path, {});
}

function postJson(path, body) {
  return fetchJson(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
}

/** The answer's value; null where it has none. */
async function fetchJson(path, request) {
  const response = await fetch(address(path), {
    ...request,
    headers: { ...request.headers, Accept: "application/json, application/problem+json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) {
    throw await refusal(path, response);
  }
  return response.status === 204 ? null : response.json();
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
