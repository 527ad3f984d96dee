package io.photophone.server.protocol;

/// The topics of a program and of its instruments.
record MqttTopics(String prefix) {

  /// `online` or `offline`.
  String status() {
    return prefix + "/status";
  }

  String readings(String instrument) {
    return of(instrument, "readings");
  }

  String alarms(String instrument) {
    return of(instrument, "alarms");
  }

  String state(String instrument) {
    return of(instrument, "state");
  }

  private String of(String instrument, String what) {
    return prefix + "/" + level(instrument) + "/" + what;
  }

  /// One level: what has a meaning in topics, and `%` itself, is percent-encoded. All of these are
  /// ASCII.
  private static String level(String name) {
    StringBuilder level = new StringBuilder();
    name.chars()
        .forEach(c -> {
          if (c == '/' || c == '+' || c == '#' || c == '%' || Character.isISOControl(c)) {
            level.append("%%%02X".formatted(c));
          } else {
            level.append((char) c);
          }
        });
    return level.toString();
  }
}
