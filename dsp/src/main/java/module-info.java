/// Signal processing as pure functions and small states: no thread, no I/O. Depends on nothing.
@org.jspecify.annotations.NullMarked
module io.photophone.dsp {
  requires static transitive org.jspecify;

  exports io.photophone.dsp;
}
