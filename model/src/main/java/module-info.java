/// What flows through Photophone: audio frames, spectra, readings, and the table of a reading's
/// named fields from which store, API and command line render. Depends on nothing.
@org.jspecify.annotations.NullMarked
module io.photophone.model {
  requires static transitive org.jspecify;

  exports io.photophone.model;
}
