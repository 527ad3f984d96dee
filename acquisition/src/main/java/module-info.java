/// From a source of audio to a shared stream of frames: sources, the daemon that reads them, and
/// the stream its consumers subscribe to; beside it the sensors of temperature and pressure.
@SuppressWarnings("requires-automatic")
@org.jspecify.annotations.NullMarked
module io.photophone.acquisition {
  requires static transitive org.jspecify;
  requires transitive io.photophone.model;
  requires transitive io.photophone.channels;
  requires transitive io.photophone.dsp;
  requires com.digitalpetri.modbus;
  requires com.digitalpetri.modbus.tcp;
  requires dev.failsafe.core;
  requires java.desktop;

  exports io.photophone.acquisition.daemon;
  exports io.photophone.acquisition.environment;
  exports io.photophone.acquisition.processing;
  exports io.photophone.acquisition.source;
  exports io.photophone.acquisition.stream;
}
