package io.photophone.acquisition.processing;

import io.photophone.dsp.Window;
import java.util.Arrays;
import java.util.List;

/// What an [AudioProcessor] makes of a frame.
///
/// @param window what each frame is tapered by; rectangular for no taper
/// @param normalize whether its peak is made 1 after that
public record ProcessingConfig(Window window, boolean normalize) {

  /// Leaves frames as they are.
  public static final ProcessingConfig NONE = new ProcessingConfig(Window.RECTANGULAR, false);

  /// The names of the windows, as in `hann`.
  public static List<String> windowNames() {
    return Arrays.stream(Window.values()).map(Window::wireName).toList();
  }

  /// By the window's name.
  ///
  /// @param window one of [#windowNames]
  public static ProcessingConfig of(String window, boolean normalize) {
    return Arrays.stream(Window.values())
        .filter(known -> known.wireName().equals(window))
        .findFirst()
        .map(known -> new ProcessingConfig(known, normalize))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "window is %s, allowed: %s".formatted(window, String.join(", ", windowNames()))));
  }

  public String windowName() {
    return window.wireName();
  }
}
