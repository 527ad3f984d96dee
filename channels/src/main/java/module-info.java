/// Message channels between threads, usable without the rest of Photophone. Depends on nothing.
@org.jspecify.annotations.NullMarked
module io.photophone.channels {
  requires static transitive org.jspecify;

  exports io.photophone.channels;
  exports io.photophone.channels.shared;
}
