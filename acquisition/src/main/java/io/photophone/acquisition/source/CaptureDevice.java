package io.photophone.acquisition.source;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// A device that audio can be captured from.
///
/// @param name what [Microphone#open] takes, or any part of it that no other device's name has
/// @param description by the device's driver
/// @param maxChannels the most it captures at once; empty if it doesn't tell
/// @param sampleRatesHz in ascending order; empty if it doesn't tell, as most don't
public record CaptureDevice(
    String name, String description, OptionalInt maxChannels, List<Integer> sampleRatesHz) {
  public CaptureDevice {
    sampleRatesHz = List.copyOf(sampleRatesHz);
  }

  /// The device of this name, or else the only one whose name contains it in upper or lower case;
  /// for "" the first one.
  ///
  /// @throws IOException if there is none, or more than one: the message lists the names
  static CaptureDevice named(String name, List<CaptureDevice> devices) throws IOException {
    if (devices.isEmpty()) {
      throw new IOException(
          "no capture device found: connect one and look for it in the system's sound settings; "
              + "on Linux the ALSA library (libasound2) is needed, and membership of group audio");
    }
    if (name.isEmpty()) {
      return devices.getFirst();
    }
    for (CaptureDevice device : devices) {
      if (device.name.equals(name)) {
        return device;
      }
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    List<CaptureDevice> matches =
        devices.stream()
            .filter(device -> device.name.toLowerCase(Locale.ROOT).contains(wanted))
            .toList();
    return switch (matches.size()) {
      case 0 ->
          throw new IOException(
              "no capture device is called \"%s\", there are: %s".formatted(name, names(devices)));
      case 1 -> matches.getFirst();
      default ->
          throw new IOException(
              "\"%s\" is ambiguous among capture devices: %s".formatted(name, names(matches)));
    };
  }

  private static String names(List<CaptureDevice> devices) {
    return String.join(", ", devices.stream().map(CaptureDevice::name).toList());
  }
}
