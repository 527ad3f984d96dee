/** Times as text and the age of a reading. Pure functions; wall-clock times are ms since 1970. */

import { isNumber, NONE } from "./numbers.js";

/** Time of a reading's last sample, or null where a recording doesn't tell its time. */
export function endTime(reading) {
  const start = Date.parse(reading.start_time ?? "");
  const span = reading.to_s - reading.from_s;
  return Number.isFinite(start) && Number.isFinite(span) ? start + span * 1000 : null;
}

/**
 * Age of a reading in seconds, null where nobody knows.
 *
 * A live source's reading is as old as its last sample, by the server's clock. A recording's samples
 * may be years old when they are played, so there the moment counts at which the reading arrived.
 */
export function ageSeconds({ endTime, receivedAt }, { now, serverAheadMs, live }) {
  const sinceReceived = receivedAt === null ? null : (now - receivedAt) / 1000;
  const sinceMeasured = endTime === null ? null : (now + serverAheadMs - endTime) / 1000;
  if (sinceReceived !== null && (!live || sinceMeasured === null)) {
    return Math.max(0, sinceReceived);
  }
  return sinceMeasured === null ? null : Math.max(0, sinceMeasured, sinceReceived ?? 0);
}

/** A reading is stale after three integration times, and never before a second: pages draw late. */
export function staleAfterSeconds(integrationSeconds) {
  return Math.max(1, 3 * (isNumber(integrationSeconds) ? integrationSeconds : 1));
}

/** "3 s ago", "12 min ago". */
export function agoText(seconds) {
  if (!isNumber(seconds)) {
    return "age unknown";
  }
  if (seconds < 1) {
    return "just now";
  }
  if (seconds < 120) {
    return `${Math.floor(seconds)} s ago`;
  }
  if (seconds < 7200) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  return seconds < 172_800
    ? `${Math.floor(seconds / 3600)} h ago`
    : `${Math.floor(seconds / 86_400)} days ago`;
}

/** "14:03:12" of today, "2026-11-21 14:03:12" of another day. */
export function clockText(time, now) {
  const date = new Date(time);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return date.toDateString() === new Date(now).toDateString() ? clock : `${dayText(date)} ${clock}`;
}

/** The same with milliseconds: "14:03:12.045". */
export function clockTextMs(time, now) {
  return `${clockText(time, now)}.${String(new Date(time).getMilliseconds()).padStart(3, "0")}`;
}

/** "0:42", "12:05", "1:02:03": seconds since the start of the stream. */
export function elapsedText(seconds) {
  if (!isNumber(seconds)) {
    return NONE;
  }
  const whole = Math.floor(Math.abs(seconds) + 1e-9);
  const sign = seconds < 0 ? "\u2212" : "";
  const minutes = Math.floor(whole / 60);
  const rest = two(whole % 60);
  return minutes < 60
    ? `${sign}${minutes}:${rest}`
    : `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** Labels of a wall-clock axis, seconds since 1970; a new day also shows its date. */
export function clockTicks(splits, incrementSeconds) {
  let day = null;
  return splits.map((split) => {
    const date = new Date(Math.round(split * 1000));
    const label =
      incrementSeconds >= 60
        ? `${two(date.getHours())}:${two(date.getMinutes())}`
        : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}` +
          (incrementSeconds < 1 ? `.${Math.floor(date.getMilliseconds() / 100)}` : "");
    const changed = day !== null && day !== date.toDateString();
    day = date.toDateString();
    return changed ? `${label}\n${dayText(date)}` : label;
  });
}

/** "local time, UTC+1". */
export function zoneText(now) {
  const minutes = -new Date(now).getTimezoneOffset();
  if (minutes === 0) {
    return "time in UTC";
  }
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `local time, UTC${minutes < 0 ? "\u2212" : "+"}${hours}${rest === 0 ? "" : `:${two(rest)}`}`;
}

function dayText(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(number) {
  return String(number).padStart(2, "0");
}
