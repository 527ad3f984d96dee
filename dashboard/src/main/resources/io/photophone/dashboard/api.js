/** The questions that the page asks the server, beside the stream. */

import { goToSignIn } from "./session.js";

/** A server that takes longer than this is taken for one that doesn't answer. */
const PATIENCE_MS = 10_000;

/** Paths that are the program's, whatever instrument is chosen. */
const OF_PROGRAM = ["api/channels", "api/instruments"];

/** Signing in is the program's, too. */
const OF_ACCESS = "api/auth/";

const NOT_SIGNED_IN = 401;

/** Name of the instrument that the page's address chooses; null for the server's first. */
export const chosenInstrument = new URL(location.href).searchParams.get("instrument");

/** The server answered, but refused; the message is the problem's detail if it told one. */
export class Refusal extends Error {
  constructor(message, { status, hasDetail }) {
    super(message);
    this.status = status;
    this.hasDetail = hasDetail;
  }
}

/** All instruments of the server, the first first. */
export async function instruments() {
  const answer = await getJson("api/instruments");
  return answer.instruments ?? [];
}

/** The graph that measures, and how long its nodes take. */
export function analysis() {
  return getJson("api/analysis");
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
  return postJson("api/calibration", command);
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

/** Where every alarm stands. */
export async function alarms() {
  const answer = await getJson("api/alarms");
  return answer.alarms ?? [];
}

/** The newest changes of alarms, oldest first. */
export async function alarmEvents(limit) {
  const answer = await getJson(`api/alarms/events?limit=${limit}`);
  return answer.events ?? [];
}

/** Says that somebody knows of an alarm. */
export function acknowledge(alarm, who) {
  return postJson("api/alarms", { command: "acknowledge", alarm, who });
}

/** What a gas's readings of so many seconds, or "all", tell together. */
export function stability(gas, seconds) {
  const query = new URLSearchParams({ gas, ...(seconds === "all" ? {} : { seconds }) });
  return getJson(`api/readings/allan?${query}`);
}

/** Late frames, lags and gaps that can be explained, the oldest first. */
export async function disturbances() {
  const answer = await getJson("api/disturbances");
  return answer.disturbances ?? [];
}

/** Why the reading `from_sample`, or what happened about `time`, was late; {} for the newest. */
export function why(question) {
  const query = new URLSearchParams(question);
  return getJson(query.size === 0 ? "api/why" : `api/why?${query}`);
}

/** Who is signed in. */
export function me() {
  return getJson("api/auth/me");
}

/** Begins a session, with a name and a password or the secret of a link. */
export function signIn(order) {
  return askJson("api/auth/sign-in", bodyOf("POST", order), () => {});
}

export function signOut() {
  return askJson("api/auth/sign-out", { method: "POST" });
}

/** A wrong password is told where it was typed. */
export function changePassword(password, newPassword) {
  const order = { password, new_password: newPassword };
  return askJson("api/auth/password", bodyOf("POST", order), () => {});
}

/** All users. */
export async function users() {
  return (await getJson("api/auth/users")).users;
}

export function createUser(user) {
  return postJson("api/auth/users", user);
}

export function changeUser(name, change) {
  return askJson(`api/auth/users/${encodeURIComponent(name)}`, bodyOf("PUT", change));
}

export function deleteUser(name) {
  return askJson(`api/auth/users/${encodeURIComponent(name)}`, { method: "DELETE" });
}

/** The tokens for programs that haven't ended. */
export async function tokens() {
  return (await getJson("api/auth/tokens")).tokens;
}

/** A token for a program, shown this once. */
export function makeToken(order) {
  return postJson("api/auth/tokens", order);
}

export function revokeToken(id) {
  return askJson(`api/auth/tokens/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** The newest lines of the audit, oldest first. */
export async function audit(limit) {
  return (await getJson(`api/auth/audit?limit=${limit}`)).audit;
}

/**
 * The address of a path of the API, under the chosen instrument's name where it is an instrument's.
 * Addresses are relative to the page, so that it also works below a proxy's path.
 */
export function address(path) {
  const own =
    chosenInstrument === null || OF_PROGRAM.includes(path) || path.startsWith(OF_ACCESS)
      ? path
      : path.replace("api/", `api/instruments/${encodeURIComponent(chosenInstrument)}/`);
  return new URL(own, document.baseURI).href;
}

function getJson(path) {
  return askJson(path, {});
}

function postJson(path, body) {
  return askJson(path, bodyOf("POST", body));
}

function bodyOf(method, value) {
  return { method, body: JSON.stringify(value) };
}

/** @param notSignedIn what to do besides if the server wants to know who asks */
async function askJson(path, request, notSignedIn = goToSignIn) {
  const response = await fetch(address(path), {
    headers: {
      Accept: "application/json, application/problem+json",
      ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...request,
  });
  if (response.status === NOT_SIGNED_IN) {
    notSignedIn();
  }
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
