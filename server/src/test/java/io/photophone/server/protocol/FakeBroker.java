package io.photophone.server.protocol;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A broker without subscribers that keeps what it gets, for a test to look at.
final class FakeBroker implements AutoCloseable {
  final BlockingQueue<Connect> connects = new LinkedBlockingQueue<>();
  final BlockingQueue<Published> published = new LinkedBlockingQueue<>();
  final BlockingQueue<String> partings = new LinkedBlockingQueue<>();

  /// Topics that nobody may publish to.
  final Set<String> forbidden = ConcurrentHashMap.newKeySet();

  /// Whether the publisher hears that a message has come.
  volatile boolean acknowledges = true;

  private final NioEventLoopGroup network =
      new NioEventLoopGroup(1, Thread.ofPlatform().daemon().name("test broker").factory());
  private final Set<Channel> clients = ConcurrentHashMap.newKeySet();
  private final Channel listening;
  private final @Nullable String password;

  record Connect(
      String clientId,
      String willTopic,
      String will,
      boolean willRetain,
      int willQos,
      boolean cleanStart,
      int sessionExpiry) {}

  record Published(
      String topic,
      String payload,
      int qos,
      boolean retain,
      @Nullable Integer expiry,
      @Nullable String contentType) {}

  FakeBroker(int port) {
    this(port, null);
  }

  /// @param port 0 for any
  /// @param password of every user; null where nobody has to say one
  FakeBroker(int port, @Nullable String password) {
    this.password = password;
    listening =
        new ServerBootstrap()
            .group(network)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new MqttDecoder(1 << 20), MqttEncoder.INSTANCE);
                    channel.pipeline().addLast(new Client());
                  }
                })
            .bind("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /// The next message, but for those to topics that end so.
  Published next(String... notTo) throws InterruptedException {
    while (true) {
      Published next = published.take();
      if (List.of(notTo).stream().noneMatch(next.topic()::endsWith)) {
        return next;
      }
    }
  }

  private final class Client extends SimpleChannelInboundHandler<MqttMessage> {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      clients.add(context.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      clients.remove(context.channel());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
      switch (message.fixedHeader().messageType()) {
        case CONNECT -> accept(context, (MqttConnectMessage) message);
        case PUBLISH -> accept(context, (MqttPublishMessage) message);
        case PINGREQ -> send(context, MqttMessage.PINGRESP);
        case DISCONNECT -> partings.add("disconnect");
        default -> throw new AssertionError("not expected of a publisher: " + message);
      }
    }

    private void accept(ChannelHandlerContext context, MqttConnectMessage message) {
      boolean welcome =
          password == null
              || Arrays.equals(
                  password.getBytes(StandardCharsets.UTF_8), message.payload().passwordInBytes());
      if (welcome) {
        connects.add(
            new Connect(
                message.payload().clientIdentifier(),
                message.payload().willTopic(),
                new String(message.payload().willMessageInBytes(), StandardCharsets.UTF_8),
                message.variableHeader().isWillRetain(),
                message.variableHeader().willQos(),
                message.variableHeader().isCleanSession(),
                number(
                    message.variableHeader().properties(),
                    MqttPropertyType.SESSION_EXPIRY_INTERVAL,
                    0)));
      }
      send(
          context,
          MqttMessageBuilders.connAck()
              .returnCode(
                  welcome
                      ? MqttConnectReturnCode.CONNECTION_ACCEPTED
                      : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD)
              .properties(MqttProperties.NO_PROPERTIES)
              .build());
      if (!welcome) {
        ChannelFuture _ = context.close();
      }
    }

    private void accept(ChannelHandlerContext context, MqttPublishMessage message) {
      MqttProperties properties = message.variableHeader().properties();
      StringProperty type =
          (StringProperty) properties.getProperty(MqttPropertyType.CONTENT_TYPE.value());
      int expiry = number(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL, -1);
      String topic = message.variableHeader().topicName();
      // A test may change it as soon as it sees the message.
      boolean acknowledged = acknowledges && message.fixedHeader().qosLevel().value() == 1;
      published.add(
          new Published(
              topic,
              message.payload().toString(StandardCharsets.UTF_8),
              message.fixedHeader().qosLevel().value(),
              message.fixedHeader().isRetain(),
              expiry < 0 ? null : expiry,
              type == null ? null : type.value()));
      if (acknowledged) {
        send(
            context,
            MqttMessageBuilders.pubAck()
                .packetId(message.variableHeader().packetId())
                .reasonCode((byte) (forbidden.contains(topic) ? 0x87 : 0))
                .build());
      }
    }

    private static void send(ChannelHandlerContext context, MqttMessage message) {
      ChannelFuture _ = context.writeAndFlush(message);
    }

    private static int number(MqttProperties properties, MqttPropertyType type, int otherwise) {
      IntegerProperty property = (IntegerProperty) properties.getProperty(type.value());
      return property == null ? otherwise : property.value();
    }
  }

  /// Cuts all connections, without a word.
  void cut() {
    clients.forEach(client -> client.close().syncUninterruptibly());
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    cut();
    network.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
