package io.photophone.server;

/// Something that knows numbers for `/metrics`. Asked from any thread.
interface MetricSource {

  void addTo(Metrics metrics);
}
