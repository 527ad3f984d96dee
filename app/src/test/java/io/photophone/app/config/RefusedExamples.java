package io.photophone.app.config;

import io.photophone.acquisition.stream.StreamBuffer;
import io.photophone.server.connection.AddressRange;
import io.photophone.server.connection.WebConfig;
import java.util.List;
import java.util.stream.Stream;

/// Files with one error each.
final class RefusedExamples {
  private RefusedExamples() {}

  /// @param error the line that reports it, without the file's name
  /// @param bySchema whether a JSON Schema can say that it isn't allowed
  record Example(String yaml, String error, boolean bySchema) {}

  static Stream<Example> all() {
    return Stream.concat(
        bySchema().stream().map(e -> new Example(e.getFirst(), e.getLast(), true)),
        beyondSchema().stream().map(e -> new Example(e.getFirst(), e.getLast(), false)));
  }

  private static List<List<String>> bySchema() {
    String host = WebConfig.HOST_IN_WORDS;
    return List.of(
        // the form of a value
        List.of(
            "streaming: {target_fps: \"30\"}",
            "1:25: streaming.target_fps is \"30\", which is text, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: .5}",
            "1:25: streaming.target_fps is \".5\", which is text, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: true}",
            "1:25: streaming.target_fps is true, which is neither text nor number, allowed: (0,"
                + " 1000]"),
        List.of(
            "streaming: {target_fps: [30]}",
            "1:25: streaming.target_fps is a list, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: {x: 30}}",
            "1:25: streaming.target_fps is a block of settings, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: null}",
            "1:25: streaming.target_fps is empty, allowed: (0, 1000]"),
        List.of(
            "streaming:\n  target_fps:", "2:14: streaming.target_fps is empty, allowed: (0, 1000]"),
        List.of(
            "streaming: {heartbeats: on}",
            "1:25: streaming.heartbeats is \"on\", which is text, allowed: true or false"),
        List.of(
            "streaming: {heartbeats: 1}",
            "1:25: streaming.heartbeats is 1, which is a number, allowed: true or false"),
        List.of(
            "server: {port: 0x10}",
            "1:16: server.port is \"0x10\", which is text,"
                + " allowed: a whole number in [0, 65535]"),
        List.of(
            "server: {port: 1.5}",
            "1:16: server.port is 1.5, allowed: a whole number in [0, 65535]"),
        List.of(
            "streaming: {buffer: 100}",
            "1:21: streaming.buffer is 100, which is a number, allowed: " + StreamBuffer.IN_WORDS),
        List.of(
            "streaming: {buffer: 10001 frames}",
            "1:21: streaming.buffer is \"10001 frames\", allowed: " + StreamBuffer.IN_WORDS),
        List.of(
            "streaming: {buffer: 2 min}",
            "1:21: streaming.buffer is \"2 min\", allowed: " + StreamBuffer.IN_WORDS),
        List.of(
            "recovery: {attempts: 0}",
            "1:22: recovery.attempts is 0, allowed: a whole number in [1, 100]"),
        List.of(
            "events: {memory_mb: 0}",
            "1:21: events.memory_mb is 0, allowed: a whole number in [1, 1000]"),
        List.of("logging: {format: xml}", "1:19: logging.format is \"xml\", allowed: text, json"),
        List.of(
            "logging: {file: {path: a.log, keep: 0}}",
            "1:37: logging.file.keep is 0, allowed: a whole number in [1, 100]"),
        List.of(
            "measurement: {gas: 5}",
            "1:20: measurement.gas is 5, which is a number, allowed: one line of text"),
        List.of("streaming: 5", "1:12: streaming is 5, allowed: a block of settings"),
        List.of("streaming:", "1:11: streaming is empty, allowed: a block of settings"),
        List.of("streaming: []", "1:12: streaming is an empty list, allowed: a block of settings"),
        List.of("source: simulated", "1:9: source is \"simulated\", allowed: a block of settings"),
        List.of("[server]", "1:1: is a list, allowed: a block of settings"),
        List.of("server", "1:1: is \"server\", allowed: a block of settings"),
        // ranges, at each end
        List.of(
            "streaming: {target_fps: 0}", "1:25: streaming.target_fps is 0, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: 1000.5}",
            "1:25: streaming.target_fps is 1000.5, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: 1e400}",
            "1:25: streaming.target_fps is 1e400, allowed: (0, 1000]"),
        List.of(
            "server: {port: -1}", "1:16: server.port is -1, allowed: a whole number in [0, 65535]"),
        List.of(
            "server: {port: 65536}",
            "1:16: server.port is 65536, allowed: a whole number in [0, 65535]"),
        List.of(
            "server: {port: 99999999999999999999}",
            "1:16: server.port is 99999999999999999999,"
                + " allowed: a whole number in [0, 65535]"),
        List.of(
            "server: {port: %s}".formatted("9".repeat(900)),
            "1:16: server.port is %s…, allowed: a whole number in [0, 65535]"
                .formatted("9".repeat(60))),
        List.of(
            "streaming: {sse_timeout_s: 300.001}",
            "1:28: streaming.sse_timeout_s is 300.001, allowed: [1, 300]"),
        List.of(
            "streaming: {spectral_window: 1000}",
            "1:30: streaming.spectral_window is 1000, allowed: a power of two in [256, 65536]"),
        List.of(
            "streaming: {spectral_window: 128}",
            "1:30: streaming.spectral_window is 128, allowed: a power of two in [256, 65536]"),
        List.of(
            "streaming: {spectral_window: 131072}",
            "1:30: streaming.spectral_window is 131072, allowed: a power of two in [256, 65536]"),
        List.of(
            "source: {seed: 9223372036854775808}",
            "1:16: source.seed is 9223372036854775808,"
                + " allowed: a whole number of at most 64 bits"),
        // texts
        List.of(
            "streams: {most: 0}",
            "1:17: streams.most is 0, allowed: a whole number in [1, 100000]"),
        List.of(
            "streams: {compression: gzip}",
            "1:24: streams.compression is \"gzip\", which is text, allowed: true or false"),
        List.of("server: {host: 'a b'}", "1:16: server.host is \"a b\", allowed: " + host),
        List.of("server: {host: '[::1]'}", "1:16: server.host is \"[::1]\", allowed: " + host),
        List.of(
            "server: {allowed_origins: ['*']}",
            "1:28: server.allowed_origins[0] is \"*\", allowed: " + WebConfig.ORIGIN_IN_WORDS),
        List.of(
            "server: {allowed_origins: ['https://lab.example/']}",
            "1:28: server.allowed_origins[0] is \"https://lab.example/\", allowed: "
                + WebConfig.ORIGIN_IN_WORDS),
        List.of(
            "server: {trusted_proxies: ['all']}",
            "1:28: server.trusted_proxies[0] is \"all\", allowed: " + AddressRange.IN_WORDS),
        List.of(
            "server: {limits: {header_bytes: 1023}}",
            "1:33: server.limits.header_bytes is 1023, allowed: a whole number in [1024, 1048576]"),
        List.of(
            "server: {tls: {type: pem, certificate: a.pem}}",
            "1:15: server.tls.key is missing, allowed: a path"),
        List.of("data: ' '", "1:7: data is \" \", allowed: a path"),
        List.of("data: \"a\\nb\"", "1:7: data is \"a\uFFFDb\", allowed: a path"),
        List.of(
            "measurement: {instrument: ''}",
            "1:27: measurement.instrument is \"\", allowed: one line of text"),
        List.of(
            "measurement: {channel: Difference}",
            "1:24: measurement.channel is \"Difference\", allowed: difference, a, b"),
        List.of(
            "source: {type: file, path: a.wav, channels: '2,'}",
            "1:45: source.channels is \"2,\", allowed: " + SourceConfig.File.CHANNELS_IN_WORDS),
        // names
        List.of(
            "streaming: {traget_fps: 30}",
            "1:13: streaming.traget_fps is unknown, did you mean target_fps?"),
        List.of("server: {tls: true}", "1:15: server.tls is true, allowed: a block of settings"),
        List.of(
            "server: {<<: 1}",
            "1:10: server.<< is unknown, allowed: host, port, tls, plain_http, names,"
                + " allowed_origins, trusted_proxies, limits"),
        // the type of source
        List.of(
            "source: {type: wav}",
            "1:16: source.type is \"wav\", allowed: simulated, file, microphone, raw, none"),
        List.of(
            "source: {loop: true}",
            "1:10: source.loop is a setting of the type file, but the type is simulated"),
        List.of(
            "source: {type: none, sample_rate_hz: 48000}",
            "1:22: source.sample_rate_hz is a setting of the type simulated, microphone,"
                + " raw,"
                + " but the type is none"),
        List.of(
            "source: {type: raw, from: pipe}",
            "1:27: source.from is \"pipe\", allowed: stdin, tcp_listen, tcp_connect, udp"),
        List.of(
            "source: {type: raw, encoding: int8}",
            "1:31: source.encoding is \"int8\", allowed: int16, int24, int32, float32"),
        List.of(
            "source: {type: raw, port: 0}",
            "1:27: source.port is 0, allowed: a whole number in [1, 65535]"),
        List.of("source: {type: file}", "1:9: source.path is missing, allowed: a path"),
        // lists
        List.of(
            "source: {script: []}",
            "1:18: source.script is an empty list, allowed: a list of at least 1"),
        List.of(
            "source: {script: {for_s: 1, ppm: 1}}",
            "1:18: source.script is a block of settings, allowed: a list of at least 1"),
        List.of(
            "source: {script: [{for_s: 1, ppm: 1}, {for_s: 0, ppm: 1}]}",
            "1:47: source.script[1].for_s is 0, allowed: (0, 86400]"),
        List.of(
            "source: {script: [{for_s: 1}]}",
            "1:19: source.script[0].ppm is missing, allowed: [0, 1000000]"),
        List.of(
            "source: {faults: [{kind: fire, at_s: 1, for_s: 1}]}",
            "1:26: source.faults[0].kind is \"fire\","
                + " allowed: clipping, dropout, drift, noise_burst, no_numbers"),
        // alarms
        List.of(
            "alarms: [{type: siren}]",
            "1:17: alarms[0].type is \"siren\", allowed: level, no_reading"),
        List.of(
            "alarms: [{name: a, gas: gas, direction: above, level: 1}]",
            "1:10: alarms[0].unit is missing, allowed: ppm, ppb, mg/m³"),
        List.of(
            "alarms: [{type: no_reading, name: a, gas: gas, level: 1}]",
            "1:48: alarms[0].level is a setting of the type level, but the type is no_reading"),
        List.of(
            "alarms: [{name: a, gas: gas, direction: above, level: 1, unit: ppm, hysteresis: -1}]",
            "1:81: alarms[0].hysteresis is -1, allowed: [0, 1000000000000]"),
        // the nodes of an analysis
        List.of(
            "analysis: [{type: fft, name: a, of: [frames]}]",
            "1:19: analysis[0].type is \"fft\", allowed: channel, mix, gain, filter, lock_in,"
                + " resonance, concentration, interference, level, peak, density, spectrum"),
        List.of("analysis: []", "1:11: analysis is an empty list, allowed: a list of at least 1"),
        List.of(
            "analysis: [{type: level, name: A, of: [frames], interval_s: 1}]",
            "1:32: analysis[0].name is \"A\","
                + " allowed: up to 40 small letters, digits, _ and -, a letter first"),
        List.of(
            "analysis: [{type: level, name: a, of: [frames], interval_s: 0}]",
            "1:61: analysis[0].interval_s is 0, allowed: [0.01, 3600]"),
        List.of(
            "analysis: [{type: level, name: a, of: [frames], interval_s: 1, size: 256}]",
            "1:64: analysis[0].size is a setting of the type peak, density, spectrum,"
                + " but the type is level"),
        List.of(
            "analysis: [{type: spectrum, name: a, of: [frames], size: 1000, window: hann}]",
            "1:58: analysis[0].size is 1000, allowed: a power of two in [256, 65536]"),
        // the calibration has no defaults
        List.of(
            "calibration: {id: a, unit: ppm, sensitivity: 1, offset: 0, phase_deg: 0, highest: 1}",
            "1:14: calibration.relative_uncertainty is missing, allowed: [0, 1]"));
  }

  private static List<List<String>> beyondSchema() {
    String encrypted =
        "localhost, 127.0.0.0/8 or ::1, since what others send isn't encrypted; for any other set"
            + " server.tls, or server.plain_http behind a proxy that encrypts";
    return List.of(
        List.of("server: {host: 0.0.0.0}", "1:16: server.host is 0.0.0.0, allowed: " + encrypted),
        List.of(
            "server: {host: 127.0.0.256}",
            "1:16: server.host is 127.0.0.256, allowed: " + encrypted),
        List.of(
            "server: {host: \"127.0.0.1.example.com\"}",
            "1:16: server.host is 127.0.0.1.example.com, allowed: " + encrypted),
        List.of(
            "server: {trusted_proxies: [10.0.0.1/8]}",
            "1:28: server.trusted_proxies[0] is \"10.0.0.1/8\", allowed: " + AddressRange.IN_WORDS),
        List.of(
            "recovery: {base_s: 2, cap_s: 1}",
            "1:30: recovery.cap_s is 1.0, allowed: base_s (2.0) or more"),
        List.of(
            "server:\n  port: 1\n  port: 2",
            "3:3: server.port is set twice, the first time at photophone.yaml:2:3"),
        List.of(
            "streaming: {target_fps: .nan}",
            "1:25: streaming.target_fps is .nan, allowed: (0, 1000]"),
        List.of(
            "streaming: {target_fps: -.inf}",
            "1:25: streaming.target_fps is -.inf, allowed: (0, 1000]"),
        List.of(
            "server: {port: 5.0}",
            "1:16: server.port is 5.0, allowed: a whole number in [0, 65535]"),
        List.of("data: *folder", "1:7: data is *folder, which is an alias, allowed: a path"),
        List.of("data: !!binary aGk=", "1:7: data is binary data, allowed: a path"),
        List.of(
            "source: {modulation_hz: 24000.5}",
            "1:25: source.modulation_hz is 24000.5, allowed: (0, 24000)"),
        List.of(
            "measurement: {modulation_hz: 24000.5}",
            "1:30: measurement.modulation_hz is 24000.5, allowed: (0, 24000)"),
        List.of(
            "source: {script: [{for_s: 1e-10, ppm: 1}]}",
            "1:27: source.script[0].for_s is 0, allowed: (0, 86400]"),
        List.of(
            "streaming: {buffer: 0 s}",
            "1:21: streaming.buffer is \"0 s\", allowed: " + StreamBuffer.IN_WORDS),
        List.of(
            "streaming: {buffer: 0.5 MB}",
            "1:21: streaming.buffer is \"0.5 MB\", allowed: " + StreamBuffer.IN_WORDS),
        List.of(
            "streaming: {buffer: 3600 s}",
            "1:21: streaming.buffer is 3600 s, allowed: at most 10000 frames, of which target_fps"
                + " makes 30.0 a second"),
        List.of(
            "source: {type: raw, from: udp, live: false}",
            "1:38: source.live is false, allowed: true (from is udp)"),
        List.of(
            "source: {type: raw}\nfurther_instruments: [{source: {type: raw}, measurement:"
                + " {instrument: b}}]",
            "2:22: further_instruments is a list with a second reader of standard input, allowed:"
                + " one"),
        List.of("measurement: {gas: \"\u2003\"}", "1:14: measurement isn't valid: gas has no name"),
        // alarms that contradict each other or the rest
        List.of(
            "alarms: [{type: no_reading, name: a, gas: gas}, {type: no_reading, name: a, gas:"
                + " gas}]",
            "1:74: alarms[1].name is a, allowed: a name of its own, not that of alarms[0]"),
        List.of(
            "alarms: [{type: no_reading, name: a, gas: NO2}]",
            "1:43: alarms[0].gas is NO2, allowed: gas, which is measured"),
        List.of(
            "alarms: [{type: no_reading, name: a, gas: gas, after_s: 1}]",
            "1:57: alarms[0].after_s is 1, allowed: above 1, the span of one reading"),
        // graphs whose nodes don't fit together
        List.of(
            "analysis: [{type: level, name: a, of: [b], interval_s: 1}]",
            "1:39: analysis[0].of names b, which is no node; there are: frames"),
        List.of(
            "analysis: [{type: level, name: a, of: [frames, frames], interval_s: 1}]",
            "1:39: analysis[0].of has 2 inputs, a level node takes one"),
        List.of(
            "analysis: [{type: gain, name: a, of: [frames], gain_db: 1}]",
            "1:38: analysis[0].of names frames, which gives frames, but a gain node takes signal"),
        List.of(
            "analysis: [{type: gain, name: a, of: [a], gain_db: 1}]",
            "1:38: analysis[0].of runs in a circle: a takes a"),
        List.of(
            "analysis: [{type: level, name: a, of: [frames], interval_s: 1},\n"
                + " {type: level, name: a, of: [frames], interval_s: 2}]",
            "2:22: analysis[1].name is a, which another node has"),
        List.of(
            "analysis: [{type: channel, name: a, of: [frames], channel: a},\n"
                + " {type: mix, name: b, of: [a, a], weights: [1, 1, 1]}]",
            "2:44: analysis[1].weights has 3 values for 2 inputs"),
        List.of(
            "calibration: {id: a, unit: ppb, sensitivity: 1, offset: 0, phase_deg: 0, highest: 1,"
                + " relative_uncertainty: 0}\n"
                + "alarms: [{name: a, gas: gas, direction: above, level: 1, unit: ppm}]",
            "2:64: alarms[0].unit is ppm, allowed: ppb, the unit of the calibration"),
        List.of(
            "calibration: {id: a, unit: ppm, sensitivity: 1, offset: 0, phase_deg: 0, highest: 1,"
                + " relative_uncertainty: 0, valid_until: tomorrow}",
            "1:124: calibration.valid_until is \"tomorrow\","
                + " allowed: a time such as 2030-01-31T00:00:00Z"));
  }
}
