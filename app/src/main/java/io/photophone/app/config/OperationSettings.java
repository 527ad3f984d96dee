package io.photophone.app.config;

import static io.photophone.app.config.Scalar.decimal;
import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.path;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.trueOrFalse;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.acquisition.daemon.RecoveryConfig;
import io.photophone.app.config.LoggingConfig.LogFile;
import io.photophone.app.config.LoggingConfig.LoggerLevel;
import io.photophone.app.config.Section.Draft;
import java.util.List;

/// The settings of what keeps a server running: recovery of a source, and the log.
final class OperationSettings {
  private OperationSettings() {}

  static Section<RecoveryConfig> recovery() {
    var s = Draft.from(RecoveryConfig.DEFAULT);
    var attempts =
        s.add(
            "attempts",
            whole(RecoveryConfig.ATTEMPTS),
            RecoveryConfig::attempts,
            "failed attempts in a row after which the breaker opens");
    var base =
        s.add("base_s", seconds(RecoveryConfig.BASE_S), RecoveryConfig::base, "first pause, s");
    var cap =
        s.add(
            "cap_s",
            seconds(RecoveryConfig.CAP_S),
            RecoveryConfig::cap,
            "longest pause between attempts, s");
    var factor =
        s.add(
            "factor",
            decimal(RecoveryConfig.FACTOR),
            RecoveryConfig::factor,
            "by which each pause is longer than the one before");
    var jitter =
        s.add(
            "jitter",
            decimal(RecoveryConfig.JITTER),
            RecoveryConfig::jitter,
            "part of a pause by which it may be longer or shorter");
    var deadline =
        s.add(
            "deadline_s",
            seconds(RecoveryConfig.DEADLINE_S),
            RecoveryConfig::deadline,
            "time after which the breaker opens even before so many attempts, s");
    var open =
        s.add(
            "open_s",
            seconds(RecoveryConfig.OPEN_S),
            RecoveryConfig::open,
            "shortest pause while the breaker is open, s");
    var stall =
        s.add(
            "stall_s",
            seconds(RecoveryConfig.STALL_S),
            RecoveryConfig::stall,
            "time after which a source that doesn't answer is opened anew, s");
    return s.make(v ->
        new RecoveryConfig(
            v.get(attempts),
            v.get(base),
            v.get(cap),
            v.get(factor),
            v.get(jitter),
            v.get(deadline),
            v.get(open),
            v.get(stall)));
  }

  static Section<EventsConfig> events() {
    var s = Draft.from(EventsConfig.DEFAULT);
    var alwaysOn =
        s.add("always_on", trueOrFalse(), EventsConfig::alwaysOn, "whether it notes anything");
    var memory =
        s.add(
            "memory_mb",
            whole(EventsConfig.MEMORY_MB),
            EventsConfig::memoryMegabytes,
            "memory for the newest notes, MB");
    var kept =
        s.add(
            "kept",
            whole(EventsConfig.KEPT),
            EventsConfig::kept,
            "disturbances (a late frame, a lag, a gap) whose notes are kept after that");
    return s.make(v -> new EventsConfig(v.get(alwaysOn), v.get(memory), v.get(kept)));
  }

  static Section<LoggingConfig> logging() {
    var s = Draft.from(LoggingConfig.DEFAULT);
    var format =
        s.add(
            "format",
            named(List.of(LoggingConfig.Format.values()), LoggingConfig.Format::configName),
            LoggingConfig::format,
            "a line for people or a JSON object for programs");
    var level = s.add("level", level(), LoggingConfig::level, "least weight of what is logged");
    var levels =
        s.add(
            "levels",
            new ListOf<>(loggerLevel(), 0),
            LoggingConfig::levels,
            "other weights for single parts of the program");
    var file =
        s.optional(
            "file", file(), LoggingConfig::file, "where it is logged; without it standard error");
    return s.make(v -> new LoggingConfig(v.get(format), v.get(level), v.get(levels), v.find(file)));
  }

  private static Scalar<LoggingConfig.Level> level() {
    return named(List.of(LoggingConfig.Level.values()), LoggingConfig.Level::configName);
  }

  private static Section<LoggerLevel> loggerLevel() {
    var s = Draft.<LoggerLevel>withoutPresets();
    var logger =
        s.add("logger", line(), LoggerLevel::logger, "its name, as in io.photophone.acquisition");
    var level = s.add("level", level(), LoggerLevel::level, "least weight of what it logs");
    return s.make(v -> new LoggerLevel(v.get(logger), v.get(level)));
  }

  private static Section<LogFile> file() {
    var s = Draft.from(LogFile.EXAMPLE);
    var path = s.required("path", path(), LogFile::path, "the file");
    var maxMegabytes =
        s.add(
            "max_mb",
            whole(LogFile.MAX_MB),
            LogFile::maxMegabytes,
            "size at which a new file is begun, MB");
    var keep =
        s.add(
            "keep",
            whole(LogFile.KEEP),
            LogFile::keep,
            "how many files are kept, the present one included");
    return s.make(v -> new LogFile(v.get(path), v.get(maxMegabytes), v.get(keep)));
  }
}
