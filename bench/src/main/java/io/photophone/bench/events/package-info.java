/// The kernel's events: our session beside `perf record`.
package io.photophone.bench.events;
