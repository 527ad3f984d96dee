package io.photophone.app.config;

import static io.photophone.app.config.Scalar.trueOrFalse;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.app.config.Section.Draft;
import io.photophone.server.StreamLimits;

/// The part of [Settings] that is about the clients of event streams.
final class StreamSettings {
  private StreamSettings() {}

  static Section<StreamLimits> limits() {
    var s = Draft.from(StreamLimits.DEFAULT);
    var most =
        s.add(
            "most",
            whole(StreamLimits.MOST),
            StreamLimits::most,
            "streams that may be open at a time");
    var mostPerClient =
        s.add(
            "most_per_client",
            whole(StreamLimits.MOST),
            StreamLimits::mostPerClient,
            "of them those of one client's address");
    var compression =
        s.add(
            "compression",
            trueOrFalse(),
            StreamLimits::compression,
            "whether clients that accept gzip get it");
    return s.make(v ->
        new StreamLimits(v.get(most), v.get(mostPerClient), v.get(compression)));
  }
}
