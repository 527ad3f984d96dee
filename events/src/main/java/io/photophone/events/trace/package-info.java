/// Traces programs: turns what a session of the kernel's events tells into a profile with names.
/// Depends on the core, `linux`, `filter`, `symbols`, `profile` and `hotspot`.
package io.photophone.events.trace;
