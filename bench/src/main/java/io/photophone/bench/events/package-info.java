/// The `events` module beside ordinary Java for the same task.
package io.photophone.bench.events;
