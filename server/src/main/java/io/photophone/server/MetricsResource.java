package io.photophone.server;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// `/metrics`: numbers for a monitoring system, in the text format of Prometheus or, where the
/// client prefers it, of OpenMetrics. Contract: C10.
final class MetricsResource {
  private static final ExpositionFormatWriter PROMETHEUS =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private static final ExpositionFormatWriter OPEN_METRICS =
      OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build();

  private final List<MetricSource> sources;

  /// @param sources which may become more
  MetricsResource(List<MetricSource> sources) {
    this.sources = sources;
  }

  void answer(Request request, Response response, Callback callback) {
    Metrics metrics = new Metrics();
    sources.forEach(source -> source.addTo(metrics));
    ExpositionFormatWriter format = format(request);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      format.write(text, metrics.snapshots());
    } catch (IOException e) {
      throw new UncheckedIOException("to memory, which doesn't fail", e);
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.VARY, "Accept");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, format.getContentType());
    response.write(true, ByteBuffer.wrap(text.toByteArray()), callback);
  }

  private static ExpositionFormatWriter format(Request request) {
    for (String type : request.getHeaders().getQualityCSV(HttpHeader.ACCEPT)) {
      if (type.startsWith("application/openmetrics-text")) {
        return OPEN_METRICS;
      }
      if (type.startsWith("text/") || type.startsWith("*/")) {
        return PROMETHEUS;
      }
    }
    return PROMETHEUS;
  }
}
