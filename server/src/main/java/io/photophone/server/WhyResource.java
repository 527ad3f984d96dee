package io.photophone.server;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// `/api/why` and `/api/disturbances`: why a reading was late.
final class WhyResource {
  private final LiveWhy live;

  WhyResource(LiveWhy live) {
    this.live = live;
  }

  /// Disturbances whose notes are kept.
  record Disturbances(List<LiveWhy.Disturbance> disturbances) {}

  Disturbances disturbances() {
    return new Disturbances(live.disturbances().get());
  }

  WhyAnswer why(Query query) {
    Instant time = query.time(InstrumentApi.TIME);
    OptionalLong reading = query.index(InstrumentApi.FROM_SAMPLE);
    if (time != null && reading.isPresent()) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "time and from_sample are given, allowed: one of them");
    }
    try {
      return live.why().apply(question(time, reading));
    } catch (LiveWhy.Unknown e) {
      throw new Problem.Refusal(HttpStatus.NOT_FOUND_404, String.valueOf(e.getMessage()));
    }
  }

  private static WhyQuestion question(@Nullable Instant time, OptionalLong reading) {
    if (time != null) {
      return new WhyQuestion.At(time);
    }
    return reading.isPresent()
        ? new WhyQuestion.OfReading(reading.getAsLong())
        : new WhyQuestion.Newest();
  }
}
