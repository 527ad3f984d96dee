/// The measurement: from audio frames to readings and spectra. No thread, no I/O; the same samples
/// give the same bits wherever it runs.
@org.jspecify.annotations.NullMarked
module io.photophone.analysis {
  requires static transitive org.jspecify;
  requires transitive io.photophone.model;
  requires transitive io.photophone.dsp;

  exports io.photophone.analysis;
  exports io.photophone.analysis.alarm;
  exports io.photophone.analysis.calibration;
  exports io.photophone.analysis.graph;
  exports io.photophone.analysis.resonance;
}
