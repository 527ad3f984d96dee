/// Message channels between threads, usable without the rest of Photophone. Needs HdrHistogram for
/// the latency statistics and nothing else.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module io.photophone.channels {
  requires HdrHistogram;
  requires static transitive org.jspecify;

  exports io.photophone.channels;
  exports io.photophone.channels.shared;
}
