/** Words for what the server tells of late readings. Pure functions. */

import { count, isNumber, significant } from "./numbers.js";

/** As the patterns of index.html are named. */
const STATES = new Map([
  ["running", "running"],
  ["ready", "could run, had no processor"],
  ["blocked", "waiting"],
  ["stopped", "stopped"],
  ["garbage_collection", "stood still for a garbage collection"],
  ["safepoint", "stood still for the virtual machine"],
  ["absent", "not there"],
  ["unknown", "not known"],
]);

const DISTURBANCES = new Map([
  ["late", "late frame"],
  ["gap", "gap"],
  ["lag", "lag"],
]);

/** What a thread was at; a state that this page doesn't know keeps its name. */
export function stateText(state) {
  return STATES.get(state) ?? String(state).replaceAll("_", " ");
}

/** The name of the pattern that stands for a state. */
export function statePattern(state) {
  return STATES.has(state) ? state : "unknown";
}

/** Whether a step of a frame is one that shouldn't happen. */
export function isDisturbance(step) {
  return DISTURBANCES.has(step) || step === "dropped";
}

export function disturbanceText(step) {
  return DISTURBANCES.get(step) ?? String(step);
}

/** "301 ms late"; empty where the amount is not known or tells nothing of a delay. */
export function amountText(step, amount) {
  if (!isNumber(amount) || amount <= 0) {
    return "";
  }
  switch (step) {
    case "late":
      return `${durationText(amount / 1e6)} late`;
    case "gap":
      return `${count(amount)} samples lost`;
    case "lag":
    case "dropped":
      return `${count(amount)} frames missed`;
    default:
      return "";
  }
}

/** "0.42 ms", "301 ms", "2.4 s". */
export function durationText(ms) {
  return ms < 1000
    ? `${ms < 100 ? significant(ms, 2) : count(ms)} ms`
    : `${significant(ms / 1000, ms < 10_000 ? 2 : 3)} s`;
}
