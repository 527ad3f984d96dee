/// What the kernel, the JVM and a program itself did, as typed events on one clock; usable without
/// the rest of Photophone.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module io.photophone.events {
  requires static transitive org.jspecify;

  exports io.photophone.events;
  exports io.photophone.events.filter;
  exports io.photophone.events.linux;
}
