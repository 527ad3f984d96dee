package io.photophone.analysis.graph;

import io.photophone.analysis.MeasurementConfig.Channel;
import io.photophone.analysis.graph.Output.Signal;
import io.photophone.model.AudioFrame;
import java.util.List;

/// One microphone, or A − B, as double. Allocates nothing.
final class ChannelNode implements Node {
  /// A sample from here on is at its converter's end, with 16 bits or more.
  private static final float FULL_SCALE = 1 - 0x1p-15f;

  private final Channel channel;
  private final Signal output;

  ChannelNode(Channel channel, Output.Frames input) {
    this.channel = channel;
    output = new Signal(input, List.of());
  }

  @Override
  public Signal output() {
    return output;
  }

  @Override
  public void process() {
    AudioFrame frame = output.frame();
    switch (channel) {
      case DIFFERENCE -> difference(frame.channelA(), frame.channelB());
      case A -> copy(frame.channelA());
      case B -> copy(frame.channelB());
    }
  }

  private void difference(float[] a, float[] b) {
    double[] samples = output.samples();
    byte[] marks = output.marks();
    for (int i = 0; i < a.length; i++) {
      put(i, (double) a[i] - b[i], Math.max(Math.abs(a[i]), Math.abs(b[i])), samples, marks);
    }
  }

  private void copy(float[] channel) {
    double[] samples = output.samples();
    byte[] marks = output.marks();
    for (int i = 0; i < channel.length; i++) {
      put(i, channel[i], Math.abs(channel[i]), samples, marks);
    }
  }

  private static void put(int i, double sample, float peak, double[] samples, byte[] marks) {
    if (Double.isFinite(sample)) {
      samples[i] = sample;
      marks[i] = peak >= FULL_SCALE ? Signal.CLIPPED : 0;
    } else {
      samples[i] = Double.NaN;
      marks[i] = Signal.MISSING;
    }
  }
}
