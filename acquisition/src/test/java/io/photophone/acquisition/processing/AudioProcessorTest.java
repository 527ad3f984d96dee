package io.photophone.acquisition.processing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B29")
final class AudioProcessorTest {
  @TempDir private Path folder;

  private static AudioFrame frame(int length, float value) {
    float[] a = new float[length];
    Arrays.fill(a, value);
    return new AudioFrame(a, new float[length], 48_000, 3, 100, new CaptureTime(5, 6));
  }

  @Test
  @Tag("B28")
  void a_running_processor_tapers_and_then_normalises() {
    AudioProcessor.Running running =
        AudioProcessor.unconfigured().configure(new ProcessingConfig(Window.HANN, true)).start();
    AudioFrame processed = running.process(frame(32, 0.25f));
    assertEquals(1, processed.peakAmplitude());
    assertEquals(0, processed.channelA()[0], 1e-7);
    assertEquals(0.5, processed.channelA()[8], 1e-6);
    assertEquals(1, processed.channelA()[16], 1e-6);
    assertEquals(3, processed.frameNumber());
  }

  @Test
  @Tag("B28")
  void what_is_configured_to_do_nothing_copies_nothing() {
    AudioFrame frame = frame(32, 0.25f);
    AudioProcessor.Running running =
        AudioProcessor.unconfigured().configure(ProcessingConfig.NONE).start();
    assertSame(frame, running.process(frame));
  }

  @Test
  void what_was_stopped_starts_anew_with_its_configuration() {
    AudioProcessor.Running running =
        AudioProcessor.unconfigured().configure(ProcessingConfig.of("hann", false)).start();
    AudioFrame frame = frame(64, 1);
    assertArrayEquals(
        running.process(frame).channelA(), running.stop().start().process(frame).channelA());
  }

  @Test
  void a_window_that_does_not_exist_is_refused_with_those_that_do() {
    var e =
        assertThrows(IllegalArgumentException.class, () -> ProcessingConfig.of("triangle", false));
    assertEquals(
        "window is triangle, allowed: rectangular, hann, hamming, blackman, blackman_harris,"
            + " flat_top",
        e.getMessage());
  }

  @Test
  void the_right_order_compiles() {
    assertEquals(List.of(), errorsOf("unconfigured().configure(config).start().process(frame)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unconfigured().process(frame)",
        "unconfigured().start()",
        "unconfigured().configure(config).process(frame)",
        "unconfigured().configure(config).configure(config)",
        "unconfigured().configure(config).start().start()",
        "unconfigured().configure(config).start().configure(config)",
        "unconfigured().configure(config).start().stop().process(frame)",
      })
  void the_compiler_refuses_the_wrong_order(String order) {
    List<String> errors = errorsOf(order);
    assertFalse(errors.isEmpty(), order);
    assertTrue(errors.getFirst().contains("cannot find symbol"), errors::toString);
  }

  /// What the compiler says of a use of the processor.
  private List<String> errorsOf(String order) {
    String code =
        """
        import io.photophone.acquisition.processing.*;
        import io.photophone.model.AudioFrame;
        class Use {
          Object use(ProcessingConfig config, AudioFrame frame) {
            return AudioProcessor.%s;
          }
        }
        """
            .formatted(order);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("string:///Use.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        };
    List<String> options =
        List.of("-proc:none", "-implicit:none", "-d", folder.toString(), "-cp", classPath());
    boolean compiled =
        compiler
            .getTask(
                null,
                compiler.getStandardFileManager(found, null, null),
                found,
                options,
                null,
                List.of(source))
            .call();
    List<String> errors =
        found.getDiagnostics().stream()
            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
            .map(diagnostic -> diagnostic.getMessage(Locale.ENGLISH))
            .toList();
    assertEquals(compiled, errors.isEmpty(), errors::toString);
    return errors;
  }

  /// Where the classes that are used lie, whether they are modules or not.
  private static String classPath() {
    return String.join(
        System.getProperty("path.separator"),
        List.of(AudioProcessor.class, AudioFrame.class, Window.class).stream()
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .map(location -> Path.of(URI.create(location.toString())).toString())
            .toList());
  }
}
