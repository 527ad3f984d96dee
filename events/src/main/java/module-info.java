/// What the kernel, the JVM and a program itself did, as typed events on one clock; usable without
/// the rest of Photophone.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module io.photophone.events {
  requires com.dynatrace.hash4j;
  requires com.google.protobuf;
  requires jdk.jfr;
  requires static transitive org.jspecify;
  requires tools.jackson.core;

  exports io.photophone.events.filter;
  exports io.photophone.events.hotspot;
  exports io.photophone.events.jfr;
  exports io.photophone.events.linux;
  exports io.photophone.events.profile.export;
  exports io.photophone.events.profile;
  exports io.photophone.events.program;
  exports io.photophone.events.symbols;
  exports io.photophone.events.timeline;
  exports io.photophone.events.trace;
  exports io.photophone.events.windows;
  exports io.photophone.events;
}
