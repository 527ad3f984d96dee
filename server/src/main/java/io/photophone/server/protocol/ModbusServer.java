package io.photophone.server.protocol;

import com.digitalpetri.modbus.ExceptionCode;
import com.digitalpetri.modbus.FunctionCode;
import com.digitalpetri.modbus.MbapHeader;
import com.digitalpetri.modbus.ModbusTcpFrame;
import com.digitalpetri.modbus.tcp.ModbusTcpCodec;
import com.digitalpetri.modbus.tcp.server.NettyTcpServerTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.photophone.model.Concentration;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.server.protocol.ModbusServerSettings.OnStale;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;

/// Readings for controllers, over Modbus TCP: input and holding registers, which can't be written.
///
/// One thread answers all clients. It takes what a block tells at one moment for each request, so
/// that no answer has half of one reading and half of another. Nothing that a client sends or
/// leaves unread makes it hold more than some kilobytes for that client. The protocol knows no
/// sign-in and no secrecy.
public final class ModbusServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ModbusServer.class.getName());

  private static final long STOP_LIMIT_MILLIS = 1000;

  /// Of a frame with its header, as the specification has it.
  private static final int MOST_FRAME_BYTES = 260;

  /// The header and a function.
  private static final int LEAST_FRAME_BYTES = 8;

  private static final int PROTOCOL_OFFSET = 2;
  private static final int LENGTH_OFFSET = 4;
  private static final int LENGTH_BYTES = 2;
  private static final int MOST_REGISTERS = 125;

  /// What one read takes; about eighty requests.
  private static final int READ_BYTES = 1024;

  private static final WriteBufferWaterMark UNREAD_BYTES =
      new WriteBufferWaterMark(8 * 1024, 32 * 1024);

  private final ModbusServerSettings settings;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final RegisterMap map;
  private final List<Gas> gases = new ArrayList<>();
  private final List<Subscription<Reading>> subscriptions = new ArrayList<>();
  private final InetAddressSet allowed;
  private final NioEventLoopGroup network;
  private final NettyTcpServerTransport transport;
  private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder full = new LongAdder();
  private final LongAdder idle = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder exceptions = new LongAdder();
  private final LongAdder missed = new LongAdder();

  private ModbusServer(
      ModbusServerSettings settings, List<PublishedInstrument> instruments, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    for (PublishedInstrument instrument : instruments) {
      instrument.gases().forEach(gas -> gases.add(new Gas(instrument, gas)));
    }
    this.map = new RegisterMap(settings.wordOrder(), gases.size());
    this.allowed = settings.networks();
    this.network =
        new NioEventLoopGroup(1, Thread.ofPlatform().daemon().name("modbus server").factory());
    this.transport =
        NettyTcpServerTransport.create(config ->
            config
                .setBindAddress(settings.host())
                .setPort(settings.port())
                .setEventLoopGroup(network)
                .setExecutor(network)
                .setBootstrapCustomizer(this::customize)
                .setPipelineCustomizer(this::customize));
    transport.receive((context, frame) -> answer(frame));
    for (PublishedInstrument instrument : instruments) {
      subscriptions.add(
          new Subscription<>(
              "modbus readings of " + instrument.name(),
              instrument.readings(),
              reading -> accept(instrument.name(), reading),
              missed::add));
    }
  }

  /// Begins to listen.
  ///
  /// @throws IOException if the address can't be had
  /// @throws IllegalArgumentException if there are more gases than registers
  public static ModbusServer start(
      ModbusServerSettings settings, List<PublishedInstrument> instruments) throws IOException {
    return start(settings, instruments, System::nanoTime);
  }

  static ModbusServer start(
      ModbusServerSettings settings, List<PublishedInstrument> instruments, LongSupplier nanoTime)
      throws IOException {
    ModbusServer server = new ModbusServer(settings, instruments, nanoTime);
    try {
      server.transport.bind().get();
      InetSocketAddress address = server.address.get();
      if (!address.getAddress().isLoopbackAddress()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Modbus TCP is open at {0} to {1}: it has no sign-in, so every program there reads",
            address,
            settings.allow());
      }
      return server;
    } catch (ExecutionException e) {
      server.close();
      throw new IOException(
          "modbus_server: port %d of %s can't be had: %s"
              .formatted(settings.port(), settings.host(), e.getCause()),
          e);
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IOException("modbus_server: interrupted while it began to listen", e);
    }
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return address.join();
  }

  /// For any thread.
  public ModbusServerState state() {
    InetSocketAddress at = address();
    return new ModbusServerState(
        at.getHostString() + ":" + at.getPort(),
        connections.get(),
        accepted.sum(),
        refused.sum(),
        full.sum(),
        idle.sum(),
        malformed.sum(),
        requests.sum(),
        exceptions.sum(),
        missed.sum());
  }

  /// Cuts all connections and waits for the threads, but not for long. Idempotent.
  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
    var unbound = transport.unbind();
    var ended = network.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    try {
      unbound.get(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      if (!ended.await(2 * STOP_LIMIT_MILLIS)) {
        LOG.log(System.Logger.Level.WARNING, "the thread of the Modbus server didn't end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.WARNING, "the port of the Modbus server didn't close", e);
    }
  }

  private void accept(String instrument, Reading reading) {
    for (Gas gas : gases) {
      if (gas.instrument.name().equals(instrument) && gas.name.equals(reading.gas())) {
        gas.accept(reading, nanoTime.getAsLong());
      }
    }
  }

  private void customize(ServerBootstrap bootstrap) {
    bootstrap
        .handler(new Admission())
        .childOption(
            ChannelOption.RCVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD_BYTES);
  }

  /// What reaches the library's decoder is a whole frame.
  private void customize(ChannelPipeline pipeline) {
    String codec = pipeline.context(ModbusTcpCodec.class).name();
    pipeline.addBefore(
        codec,
        "lengths",
        new LengthFieldBasedFrameDecoder(MOST_FRAME_BYTES, LENGTH_OFFSET, LENGTH_BYTES));
    pipeline.addBefore(
        codec, "idle", new ReadTimeoutHandler(settings.idle().toMillis(), TimeUnit.MILLISECONDS));
    pipeline.addBefore(codec, "connection", new Connection());
  }

  /// Lets a connection in or cuts it, before anything is held for it.
  private final class Admission extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      address.complete((InetSocketAddress) context.channel().localAddress());
      context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Channel connection = (Channel) message;
      if (!(connection.remoteAddress() instanceof InetSocketAddress peer)
          || !allowed.test(peer.getAddress())) {
        refused.increment();
        connection.unsafe().closeForcibly();
      } else if (connections.get() >= settings.connections()) {
        full.increment();
        connection.unsafe().closeForcibly();
      } else {
        accepted.increment();
        connections.incrementAndGet();
        connection.closeFuture().addListener(_ -> connections.decrementAndGet());
        context.fireChannelRead(connection);
      }
    }
  }

  /// Reads no further while its client leaves answers unread, and ends what can't go on.
  private final class Connection extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf frame = (ByteBuf) message;
      if (frame.readableBytes() >= LEAST_FRAME_BYTES
          && frame.getUnsignedShort(frame.readerIndex() + PROTOCOL_OFFSET) == 0) {
        context.fireChannelRead(frame);
      } else {
        frame.release();
        cut(context, malformed);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
      context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      switch (cause) {
        case ReadTimeoutException _ -> cut(context, idle);
        case DecoderException _ -> cut(context, malformed);
        default -> {
          LOG.log(System.Logger.Level.DEBUG, "a Modbus connection failed", cause);
          ChannelFuture _ = context.close();
        }
      }
    }

    private static void cut(ChannelHandlerContext context, LongAdder reason) {
      if (context.channel().isOpen()) {
        reason.increment();
        ChannelFuture _ = context.close();
      }
    }
  }

  /// On the server's thread.
  private ModbusTcpFrame answer(ModbusTcpFrame request) {
    requests.increment();
    MbapHeader header = request.header();
    ByteBuffer pdu = request.pdu();
    int function = Byte.toUnsignedInt(pdu.get());
    ExceptionCode refusal = refusal(header.unitId(), function, pdu);
    ByteBuffer answer;
    if (refusal == null) {
      answer = registers(function, pdu);
    } else {
      exceptions.increment();
      answer = ByteBuffer.wrap(new byte[] {(byte) (function | 0x80), (byte) refusal.getCode()});
    }
    return new ModbusTcpFrame(
        new MbapHeader(header.transactionId(), 0, answer.remaining() + 1, header.unitId()), answer);
  }

  /// @param pdu what follows the function
  private @Nullable ExceptionCode refusal(int unit, int function, ByteBuffer pdu) {
    if (unit != settings.unitId() && unit != 0 && unit != 255) {
      return ExceptionCode.GATEWAY_TARGET_DEVICE_FAILED_TO_RESPONSE;
    }
    if (function != FunctionCode.READ_INPUT_REGISTERS.getCode()
        && function != FunctionCode.READ_HOLDING_REGISTERS.getCode()) {
      return ExceptionCode.ILLEGAL_FUNCTION;
    }
    if (pdu.remaining() != 4) {
      return ExceptionCode.ILLEGAL_DATA_VALUE;
    }
    int from = Short.toUnsignedInt(pdu.getShort(pdu.position()));
    int count = Short.toUnsignedInt(pdu.getShort(pdu.position() + 2));
    if (count < 1 || count > MOST_REGISTERS) {
      return ExceptionCode.ILLEGAL_DATA_VALUE;
    }
    return from + count > map.size() ? ExceptionCode.ILLEGAL_DATA_ADDRESS : null;
  }

  private ByteBuffer registers(int function, ByteBuffer pdu) {
    int from = Short.toUnsignedInt(pdu.getShort());
    int count = Short.toUnsignedInt(pdu.getShort());
    ByteBuffer answer = ByteBuffer.allocate(2 + 2 * count);
    answer.put((byte) function).put((byte) (2 * count));
    long now = nanoTime.getAsLong();
    int next = from;
    while (answer.hasRemaining()) {
      ByteBuffer part =
          part(next / RegisterMap.STRIDE, now).position(2 * (next % RegisterMap.STRIDE));
      part.limit(Math.min(part.limit(), part.position() + answer.remaining()));
      next += part.remaining() / 2;
      answer.put(part);
    }
    return answer.flip();
  }

  /// The directory, or a block behind it.
  private ByteBuffer part(int index, long now) {
    long upSeconds = TimeUnit.NANOSECONDS.toSeconds(now - startNanos);
    return index == 0
        ? map.directory(upSeconds)
        : map.block(gases.get(index - 1).block(now), upSeconds);
  }

  /// The newest reading of a gas.
  private final class Gas {
    private final PublishedInstrument instrument;
    private final String name;

    /// Null before the first reading. Written by the thread of the instrument's readings.
    private volatile @Nullable Newest newest;

    Gas(PublishedInstrument instrument, String name) {
      this.instrument = instrument;
      this.name = name;
    }

    /// @param count readings up to this one
    private record Newest(Reading reading, long nanos, int count) {}

    void accept(Reading reading, long nanos) {
      Newest before = newest;
      newest = new Newest(reading, nanos, before == null ? 1 : before.count + 1);
    }

    RegisterMap.Block block(long now) {
      Newest last = newest;
      Reading reading = last == null ? null : last.reading;
      long age = last == null ? Long.MAX_VALUE : Math.max(0, now - last.nanos);
      boolean stale = age > settings.staleAfter().toNanos();
      boolean shown = !stale || settings.onStale() == OnStale.HOLD;
      return new RegisterMap.Block(
          instrument.name(),
          name,
          instrument.acquisition().get().phase(),
          (float) instrument.framesPerSecond().getAsDouble(),
          shown ? reading : null,
          settings.onStale() == OnStale.ZERO ? 0 : Float.NaN,
          reading != null && !stale && isTrusted(reading),
          stale,
          last == null ? 0 : last.count,
          last == null ? null : TimeUnit.NANOSECONDS.toMillis(age),
          instrument.alarms().get().stream().filter(alarm -> alarm.gas().equals(name)).toList());
    }

    /// As an alarm judges it.
    private static boolean isTrusted(Reading reading) {
      Concentration concentration = reading.concentration();
      return concentration != null
          && Double.isFinite(concentration.value())
          && !reading.has(ReadingFlag.GAP)
          && !reading.has(ReadingFlag.CLIPPED)
          && !reading.has(ReadingFlag.OFF_RESONANCE);
    }
  }
}
