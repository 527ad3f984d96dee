package io.photophone.acquisition.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/// Who may send samples, and how many attempts of others were refused. For one thread.
final class Peers {
  private static final System.Logger LOG = System.getLogger(Peers.class.getName());

  private final String source;

  /// Empty for this machine alone.
  private final Set<InetAddress> allowed;

  private long refused;

  private Peers(String source, Set<InetAddress> allowed) {
    this.source = source;
    this.allowed = allowed;
  }

  /// @param source what they send to, for messages
  /// @param peer name or address; empty for this machine alone
  /// @throws IOException if the name is unknown
  static Peers of(String source, String peer) throws IOException {
    if (peer.isEmpty()) {
      return new Peers(source, Set.of());
    }
    try {
      return new Peers(source, Set.of(InetAddress.getAllByName(peer)));
    } catch (UnknownHostException e) {
      throw new IOException("%s: its peer %s is an unknown host".formatted(source, peer), e);
    }
  }

  /// Whether it may send. Refusals are logged, ever less often.
  boolean allows(InetAddress sender) {
    if (allowed.isEmpty() ? sender.isLoopbackAddress() : allowed.contains(sender)) {
      return true;
    }
    refused++;
    if (Long.bitCount(refused) == 1) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: refused {1}, which is no configured peer ({2} refused so far)",
          source,
          sender.getHostAddress(),
          refused);
    }
    return false;
  }
}
