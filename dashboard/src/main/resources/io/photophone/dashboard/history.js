import { isNumber } from "./numbers.js";
import { describeAll, isGrave, worst } from "./flags.js";
import { shown } from "./quantity.js";
import { endTime } from "./times.js";

/** A day at one reading a second. */
const MOST_POINTS = 86_400;

/** Two windows that don't share a sample index and are further apart than this part of one have a gap. */
const GAP = 0.5;

/**
 * The readings of the trend, in columns by time: {time, value, low, high, untrusted, severity, row}.
 *
 * The value of a reading that is not to be trusted stands in `untrusted` alone, so that it breaks the
 * line and sets no axis.
 * Times are seconds: since 1970 where the readings tell their time, else since the stream's start.
 * A row without a value stands wherever readings are missing, so that no line bridges a gap.
 */
export class History {
  #rows = [];
  #keys = new Set();
  #quantity = null;
  #columns = emptyColumns();
  #valued = 0;

  /** "concentration" or "amplitude" with its unit, as in the newest reading; null before the first. */
  get quantity() {
    return this.#quantity;
  }

  /** Whether times are wall-clock times; false for recordings that don't tell theirs. */
  get hasWallClock() {
    return this.#rows.length === 0 || this.#rows.at(-1).wallClock;
  }

  get columns() {
    return this.#columns;
  }

  /** Readings that have a value. */
  get valued() {
    return this.#valued;
  }

  get newestTime() {
    return this.#rows.at(-1)?.time ?? null;
  }

  clear() {
    this.#rows = [];
    this.#keys.clear();
    this.#rebuild();
  }

  /** Adds what the server remembers to what the page has seen; each reading counts once. */
  merge(readings) {
    const rows = readings.map(row).filter((each) => each !== null && !this.#keys.has(each.key));
    const wallClock = this.#rows.at(-1)?.wallClock ?? rows.at(-1)?.wallClock;
    for (const each of rows) {
      if (each.wallClock === wallClock && !this.#keys.has(each.key)) {
        this.#rows.push(each);
        this.#keys.add(each.key);
      }
    }
    this.#rows.sort((a, b) => a.time - b.time);
    this.#trim();
    this.#quantity = this.#rows.at(-1)?.quantity ?? null;
    this.#rebuild();
  }

  /** Adds the newest reading. One that lies before the last is the beginning of another stream. */
  add(reading) {
    const next = row(reading);
    if (next === null || this.#keys.has(next.key)) {
      return;
    }
    const last = this.#rows.at(-1);
    if (last !== undefined && (next.time <= last.time || next.wallClock !== last.wallClock)) {
      this.clear();
    }
    this.#rows.push(next);
    this.#keys.add(next.key);
    const sameQuantity =
      this.#quantity?.name === next.quantity.name && this.#quantity.unit === next.quantity.unit;
    this.#quantity = next.quantity;
    if (this.#trim() || !sameQuantity) {
      this.#rebuild();
    } else {
      this.#append(next, last);
    }
  }

  #trim() {
    if (this.#rows.length <= MOST_POINTS) {
      return false;
    }
    // A tenth at once, so that a full history isn't rebuilt with every reading.
    for (const dropped of this.#rows.splice(0, this.#rows.length - 0.9 * MOST_POINTS)) {
      this.#keys.delete(dropped.key);
    }
    return true;
  }

  #rebuild() {
    this.#columns = emptyColumns();
    this.#valued = 0;
    let previous;
    for (const each of this.#rows) {
      this.#append(each, previous);
      previous = each;
    }
  }

  #append(next, previous) {
    const columns = this.#columns;
    const follows = previous !== undefined && next.fromSample === previous.toSample;
    if (
      previous !== undefined &&
      !follows &&
      next.time - next.span - previous.time > GAP * next.span
    ) {
      push(columns, { time: (next.time - next.span + previous.time) / 2 });
    }
    const comparable =
      next.quantity.name === this.#quantity?.name && next.quantity.unit === this.#quantity.unit;
    const value = comparable && isNumber(next.value) ? next.value : null;
    const { time, uncertainty, severity } = next;
    const measured = isGrave(severity) ? { untrusted: value } : { value, uncertainty };
    push(columns, { time, severity, row: next, ...measured });
    if (value !== null) {
      this.#valued++;
    }
  }
}

function row(reading) {
  const end = endTime(reading);
  if (end === null && !isNumber(reading.to_s)) {
    return null;
  }
  const { name, value, uncertainty, unit } = shown(reading);
  return {
    key: `${reading.start_time ?? ""}|${reading.from_sample}`,
    wallClock: end !== null,
    time: end === null ? reading.to_s : end / 1000,
    span: reading.to_s - reading.from_s,
    fromSample: reading.from_sample,
    toSample: reading.to_sample,
    quantity: { name, unit },
    value,
    uncertainty: isNumber(uncertainty) ? uncertainty : null,
    severity: worst(reading.flags),
    label: describeAll(reading.flags)
      .map((flag) => flag.label)
      .join(", "),
  };
}

function emptyColumns() {
  return { time: [], value: [], low: [], high: [], untrusted: [], severity: [], row: [] };
}

function push(
  columns,
  { time, value = null, uncertainty = null, untrusted = null, severity = "ok", row = null },
) {
  const known = value !== null && uncertainty !== null;
  columns.time.push(time);
  columns.value.push(value);
  columns.low.push(known ? value - uncertainty : null);
  columns.high.push(known ? value + uncertainty : null);
  columns.untrusted.push(untrusted);
  columns.severity.push(severity);
  columns.row.push(row);
}
