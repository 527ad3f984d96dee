/// What the kernel of Linux records, by `perf_event_open`: live sessions and recorded files. The
/// only package that calls the operating system for it; depends on the core alone.
package io.photophone.events.linux;
