/// Writes profiles in formats that other tools read: pprof, collapsed stacks, Perfetto, speedscope.
/// Depends on the profile and on nothing that records one.
package io.photophone.events.profile.export;
