package io.photophone.app.logging;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An entry as one JSON object on one line: `time`, `level`, `thread`, `logger`, `message`, and
/// `error` with the stack trace where there is one.
final class JsonFormat extends Formatter {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Override
  public String format(LogRecord entry) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("time", entry.getInstant().toString())
            .put("level", Logs.name(entry.getLevel()))
            .put("thread", Thread.currentThread().getName())
            .put("logger", entry.getLoggerName())
            .put("message", formatMessage(entry));
    if (entry.getThrown() != null) {
      json.put("error", TextFormat.trace(entry.getThrown()));
    }
    return json + "\n";
  }
}
