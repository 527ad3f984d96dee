package io.photophone.app.cli;

import io.photophone.acquisition.source.CaptureDevice;
import io.photophone.acquisition.source.Microphone;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `photophone devices`: the sound cards that can be a source.
@Command(
    name = "devices",
    description = "Lists the capture devices of this machine.",
    mixinStandardHelpOptions = true)
final class DevicesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<CaptureDevice> devices = Microphone.devices();
    if (devices.isEmpty()) {
      out.println("no capture device found");
      out.println("Is one plugged in, and may this user open it (on Linux: the group audio)?");
    }
    for (CaptureDevice device : devices) {
      out.println(device);
    }
    if (!devices.isEmpty()) {
      out.println("to use one: photophone serve --source 'mic:NAME'");
    }
    return 0;
  }
}
