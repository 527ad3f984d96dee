package io.photophone.acquisition.stream;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.DropReason;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.ReceiverStats;
import io.photophone.channels.Sent;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Streamed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The live sequence of frames: one producer, any number of consumers, each at its own pace.
///
/// A consumer never slows the producer, and a frame is shared, not copied. A consumer that falls
/// more than the buffer behind misses frames and is told how many. All methods may be called from
/// any thread; frames are published by one at a time. Contract: A1, A12, A13, A14, A17.
public final class SharedAudioStream implements AutoCloseable {
  /// Half a step of a 16-bit converter, in full-scale units: no microphone that is connected stays
  /// below it.
  private static final float SILENCE = 0x1p-16f;

  private final BroadcastChannel<Streamed<AudioFrame>> channel;
  private final StreamClock clock;
  private final FrameRate rate;
  private final CopyOnWriteArrayList<AudioStreamConsumer> consumers = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Publisher> publisher = new AtomicReference<>();
  private final LongAdder missedByThoseGone = new LongAdder();

  /// Frame and count in one object, so that no reader sees one without the other. Written by the
  /// producer before the frame is sent: who received a frame finds it counted.
  private volatile @Nullable Published latest;

  /// A frame with what was true when it was published.
  ///
  /// @param sequence how many messages the channel had carried before it
  private record Published(AudioFrame frame, long totalFrames, CaptureTime at, long sequence) {}

  /// A stream that retains the given number of frames; its channel's name is `frames`.
  public SharedAudioStream(int bufferFrames, StreamClock clock) {
    this("frames", bufferFrames, clock);
  }

  /// A stream that retains the given number of frames.
  ///
  /// @param name of its channel
  public SharedAudioStream(String name, int bufferFrames, StreamClock clock) {
    StreamBuffer.FRAMES.check("buffer_frames", bufferFrames);
    this.channel =
        new BroadcastChannel<>(ChannelOptions.of(name, bufferFrames).latency(LatencyTracking.FULL));
    this.clock = clock;
    this.rate = new FrameRate(clock.now().monotonicNanos());
  }

  /// Becomes the stream's producer until the publisher is closed.
  ///
  /// @param producer who it is, for the message to a second one
  /// @throws IllegalStateException if the stream is closed or has a producer, which the message
  ///   names
  public Publisher attach(String producer) {
    if (channel.isClosed()) {
      throw new IllegalStateException(
          "the stream is closed: %s can't publish to it".formatted(producer));
    }
    Publisher attached = new Publisher(producer);
    Publisher before = publisher.compareAndExchange(null, attached);
    if (before != null) {
      throw new IllegalStateException(
          "the stream has a producer, %s: %s can't publish to it"
              .formatted(before.producer, producer));
    }
    return attached;
  }

  /// Joins at the next frame.
  ///
  /// @param name what statistics and messages call the consumer
  /// @param resume where it goes on after it was overtaken
  public AudioStreamConsumer subscribe(String name, Resume resume) {
    return join(new AudioStreamConsumer(this, channel.subscribe(name, resume), false));
  }

  /// Joins at the latest frame, if there is one and it is still retained.
  public AudioStreamConsumer subscribeFromLatest(String name, Resume resume) {
    Published newest = latest;
    return join(
        new AudioStreamConsumer(
            this,
            newest == null
                ? channel.subscribe(name, resume)
                : channel.subscribeAt(name, resume, newest.sequence()),
            false));
  }

  /// Joins at the next frame as a consumer that a source without a pace of its own waits for.
  public AudioStreamConsumer subscribePacing(String name) {
    return join(new AudioStreamConsumer(this, channel.subscribe(name, Resume.OLDEST), true));
  }

  private AudioStreamConsumer join(AudioStreamConsumer consumer) {
    consumers.add(consumer);
    return consumer;
  }

  void left(AudioStreamConsumer consumer, ReceiverStats last) {
    if (consumers.remove(consumer)) {
      missedByThoseGone.add(lostTo(last));
    }
  }

  /// Whether every pacing consumer is less than half the buffer behind.
  public boolean hasRoom() {
    for (AudioStreamConsumer consumer : consumers) {
      if (consumer.pacing() && consumer.pending() * 2 > channel.capacity()) {
        return false;
      }
    }
    return true;
  }

  public Optional<AudioFrame> latestFrame() {
    return Optional.ofNullable(latest).map(Published::frame);
  }

  /// Never older than a frame that was received or seen as the latest before.
  public StreamStats stats() {
    List<ReceiverStats> receivers = channel.receiverStats();
    long missed = missedByThoseGone.sum();
    int lagged = 0;
    for (ReceiverStats receiver : receivers) {
      long lost = lostTo(receiver);
      missed += lost;
      lagged += lost > 0 ? 1 : 0;
    }
    Published newest = latest;
    return new StreamStats(
        newest == null ? 0 : newest.totalFrames(),
        receivers.size(),
        rate.framesPerSecond(clock.now().monotonicNanos()),
        newest == null ? null : newest.at(),
        missed,
        lagged,
        newest != null && newest.frame().isSilent(SILENCE),
        newest == null ? 0 : newest.frame().sampleRateHz());
  }

  /// What a consumer missed, that included which it has yet to find out.
  private long lostTo(ReceiverStats receiver) {
    return receiver.dropped().getOrDefault(DropReason.OVERTAKEN, 0L)
        + Math.max(0, receiver.pending() - channel.capacity());
  }

  /// Statistics of the channel that carries the frames, and the ends of their source.
  public ChannelStats channelStats() {
    return channel.stats();
  }

  /// Statistics of each consumer.
  public List<ReceiverStats> consumerStats() {
    return channel.receiverStats();
  }

  /// Frames that a consumer may be behind before it misses some.
  public int bufferFrames() {
    return channel.capacity();
  }

  /// Ends the stream: consumers get what was published, then the end.
  @Override
  public void close() {
    channel.close();
  }

  /// The right to publish; held by one producer at a time and used by one thread.
  public final class Publisher implements AutoCloseable {
    private final String producer;

    private Publisher(String producer) {
      this.producer = producer;
    }

    /// Makes the frame the latest, counts it, and sends it to every consumer. Without consumers it
    /// is retained all the same.
    ///
    /// @return false if the stream is closed and did not take the frame
    /// @throws IllegalStateException if this publisher is closed
    public boolean publish(AudioFrame frame) {
      checkAttached();
      if (channel.isClosed()) {
        return false;
      }
      Published before = latest;
      CaptureTime now = clock.now();
      latest =
          new Published(frame, before == null ? 1 : before.totalFrames() + 1, now, channel.sent());
      rate.count(now.monotonicNanos());
      return channel.send(new Streamed.Item<>(frame)) == Sent.SENT;
    }

    /// Tells every consumer that the source has come to its end. Frames may follow, from a source
    /// started anew.
    ///
    /// @throws IllegalStateException if this publisher is closed
    public void end(String reason) {
      checkAttached();
      channel.send(new Streamed.End<>(reason));
    }

    private void checkAttached() {
      if (publisher.get() != this) {
        throw new IllegalStateException(
            producer + " has left the stream and can't publish to it any more");
      }
    }

    /// Lets another producer attach. Where the producer's thread lives on, it is that thread that
    /// closes its publisher. Idempotent.
    @Override
    public void close() {
      channel.giveUpSending();
      publisher.compareAndSet(this, null);
    }
  }
}
