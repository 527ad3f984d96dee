package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigChangeTest {
  @TempDir private Path folder;

  @Test
  void nothing_changes_where_nothing_differs() throws Exception {
    assertEquals(new ConfigChange(List.of(), List.of()), change("{}", "streaming: {}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "streaming: {target_fps: 20}       | streaming.target_fps",
        "measurement: {modulation_hz: 999} | measurement.modulation_hz",
        "logging: {level: debug}           | logging.level",
        "logging: {file: {path: a.log}}    | logging.file",
        "logging: {levels: [{logger: a, level: debug}]} | logging.levels"
      })
  void what_a_running_server_can_change_needs_no_restart(String yaml, String path)
      throws Exception {
    assertEquals(new ConfigChange(List.of(path), List.of()), change("{}", yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {port: 81}                | server.port",
        "measurement: {gas: NO2}           | measurement.gas",
        "streaming: {buffer: 9 frames}     | streaming.buffer",
        "source: {type: none}              | ",
        "recovery: {attempts: 9}           | recovery.attempts"
      })
  void what_it_cannot_change_is_told(String yaml, String path) throws Exception {
    ConfigChange change = change("{}", yaml);
    assertEquals(change.paths(), change.needRestart());
    if (path != null) {
      assertEquals(List.of(path), change.paths());
    }
  }

  @Test
  void both_kinds_are_told_by_their_places_in_further_instruments() throws Exception {
    ConfigChange change =
        change(
            "further_instruments: [{measurement: {instrument: b}}]",
            "further_instruments: [{measurement: {instrument: b, channel: a},"
                + " streaming: {sse_timeout_s: 9}}]");
    assertEquals(
        List.of(
            "further_instruments[0].measurement.channel",
            "further_instruments[0].streaming.sse_timeout_s"),
        change.paths());
    assertEquals(List.of("further_instruments[0].streaming.sse_timeout_s"), change.needRestart());
  }

  private ConfigChange change(String before, String after) throws Exception {
    return ConfigChange.between(read(before), read(after));
  }

  private PhotophoneConfig read(String yaml) throws Exception {
    return PhotophoneConfig.read(
        Files.writeString(folder.resolve("photophone.yaml"), yaml), Map.of(), List.of());
  }
}
