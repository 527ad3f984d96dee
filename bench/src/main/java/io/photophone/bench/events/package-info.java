/// Reads of events' fields and filters of events, beside what they replace.
package io.photophone.bench.events;
