package io.photophone.server.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The certificate and key that the server shows, and their renewal while it runs.
///
/// [#reload] is called by one thread; anybody may read.
public final class ServerCertificate {
  private static final System.Logger LOG = System.getLogger(ServerCertificate.class.getName());
  private static final String ENTRY = "server";

  /// How long before its end a certificate is complained of.
  private static final Duration NOTICE = Duration.ofDays(14);

  private static final byte[] PROOF = {'p', 'r', 'o', 'o', 'f'};

  /// Of the store in memory, which needs one.
  static final String PASSWORD = "in memory";

  /// Renewed files are read from here; a certificate of our own is always of this kind.
  private final Tls source;

  private final boolean selfSigned;
  private final List<Path> files;
  private volatile Loaded loaded;
  private volatile @Nullable String failure;

  /// What the files hold.
  ///
  /// @param digest of their bytes
  private record Loaded(KeyStore store, X509Certificate certificate, byte[] digest) {}

  private ServerCertificate(Tls source, boolean selfSigned, List<Path> files) throws IOException {
    this.source = source;
    this.selfSigned = selfSigned;
    this.files = files;
    this.loaded = load();
  }

  /// The configured certificate; null where connections aren't encrypted.
  ///
  /// @param folder of a certificate that the server makes itself
  /// @throws IOException with the file and what is wrong with it
  public static @Nullable ServerCertificate open(WebConfig config, Path folder) throws IOException {
    return switch (config.tls()) {
      case Tls.None() -> null;
      case Tls.SelfSigned() -> {
        Tls.Pem pem = SelfSigned.in(folder, ownNames(config), otherNames(), Instant.now());
        yield new ServerCertificate(pem, true, List.of(pem.certificate(), pem.key()));
      }
      case Tls.Pem pem -> new ServerCertificate(pem, false, List.of(pem.certificate(), pem.key()));
      case Tls.Pkcs12 p12 ->
          new ServerCertificate(p12, false, List.of(p12.store(), p12.password()));
    };
  }

  /// What the configuration says that requests may ask for.
  private static Set<String> ownNames(WebConfig config) {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
    for (String name : config.names()) {
      names.add(written(name));
    }
    InetAddress host = AddressRange.addressOrNull(config.host());
    if (host == null || !host.isAnyLocalAddress()) {
      names.add(written(config.host()));
    }
    return names;
  }

  /// What this computer is called and reached by, as far as it knows.
  private static Set<String> otherNames() {
    Set<String> names = new LinkedHashSet<>();
    try {
      String name = InetAddress.getLocalHost().getHostName();
      if (WebConfig.HOST.matcher(name).matches()) {
        names.add(written(name));
      }
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(each.getInetAddresses())) {
          if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
            names.add(address.getHostAddress());
          }
        }
      }
    } catch (UnknownHostException | SocketException e) {
      LOG.log(System.Logger.Level.DEBUG, "the certificate is for fewer names: {0}", e.getMessage());
    }
    return names;
  }

  /// An address as Java writes it, or a name in small letters.
  private static String written(String name) {
    InetAddress address = AddressRange.addressOrNull(name);
    return address == null ? name.toLowerCase(Locale.ROOT) : address.getHostAddress();
  }

  /// Reads the files anew if they have changed. Files that can't be used leave all as it was, and
  /// are reported once.
  ///
  /// @return whether there is another certificate
  public boolean reload() {
    try {
      if (Arrays.equals(digest(), loaded.digest)) {
        failure = null;
        return false;
      }
      loaded = load();
      failure = null;
      LOG.log(System.Logger.Level.INFO, "the new certificate is valid until {0}", validUntil());
      return true;
    } catch (IOException e) {
      String reason = e.getMessage();
      if (!String.valueOf(reason).equals(failure)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the certificate stays as it was, since the new one is unusable: {0}",
            reason);
      }
      failure = reason;
      return false;
    }
  }

  private Loaded load() throws IOException {
    byte[] digest = digest();
    return switch (source) {
      case Tls.Pem pem -> ofPem(pem, digest);
      case Tls.Pkcs12 p12 -> ofStore(p12, digest);
      case Tls.None(), Tls.SelfSigned() -> throw new IllegalStateException("no files: " + source);
    };
  }

  private static Loaded ofPem(Tls.Pem pem, byte[] digest) throws IOException {
    List<X509Certificate> chain = PemFiles.certificates(pem.certificate());
    PrivateKey key = PemFiles.key(pem.key());
    X509Certificate own = chain.getFirst();
    if (!isPair(key, own)) {
      throw new IOException(
          "%s isn't the key of the first certificate in %s"
              .formatted(pem.key(), pem.certificate()));
    }
    return new Loaded(store(key, chain.toArray(Certificate[]::new)), own, digest);
  }

  private static Loaded ofStore(Tls.Pkcs12 p12, byte[] digest) throws IOException {
    char[] password = PemFiles.text(p12.password()).lines().findFirst().orElse("").toCharArray();
    try (InputStream in = Files.newInputStream(p12.store())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, password) instanceof PrivateKey key) {
          Certificate[] chain = store.getCertificateChain(alias);
          return new Loaded(store(key, chain), (X509Certificate) chain[0], digest);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("%s can't be used: %s".formatted(p12.store(), e.getMessage()), e);
    } catch (IOException e) {
      throw PemFiles.unreadable(p12.store(), e);
    }
    throw new IOException(p12.store() + " has no private key");
  }

  private static KeyStore store(PrivateKey key, Certificate[] chain) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(ENTRY, key, PASSWORD.toCharArray(), chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate can't be used: " + e.getMessage(), e);
    }
  }

  /// Whether what the key signs the certificate verifies.
  private static boolean isPair(PrivateKey key, X509Certificate certificate) throws IOException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key, new SecureRandom());
      signature.update(PROOF);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(PROOF);
      return signature.verify(signed);
    } catch (SignatureException | java.security.InvalidKeyException _) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IOException("the key can't be used: " + e.getMessage(), e);
    }
  }

  private byte[] digest() throws IOException {
    MessageDigest digest = sha256();
    for (Path file : files) {
      try {
        digest.update(Files.readAllBytes(file));
      } catch (IOException e) {
        throw PemFiles.unreadable(file, e);
      }
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// With [#PASSWORD].
  KeyStore store() {
    return loaded.store;
  }

  /// Whether nobody but the server vouches for it.
  public boolean isSelfSigned() {
    return selfSigned;
  }

  public Instant validUntil() {
    return loaded.certificate.getNotAfter().toInstant();
  }

  /// SHA-256 of the certificate, as browsers show it.
  public String fingerprint() {
    try {
      return HexFormat.ofDelimiter(":")
          .withUpperCase()
          .formatHex(sha256().digest(loaded.certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate was read from its encoding", e);
    }
  }

  /// Whether a client with a right clock takes its dates.
  public boolean isInForce(Instant now) {
    return !now.isAfter(validUntil())
        && !now.isBefore(loaded.certificate.getNotBefore().toInstant());
  }

  /// What a person should look after; none if all is well.
  public List<String> complaints(Instant now) {
    List<String> complaints = new ArrayList<>();
    X509Certificate certificate = loaded.certificate;
    if (now.isAfter(validUntil())) {
      complaints.add(
          "the certificate in %s expired at %s".formatted(files.getFirst(), validUntil()));
    } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
      complaints.add(
          "the certificate in %s is valid from %s on"
              .formatted(files.getFirst(), certificate.getNotBefore().toInstant()));
    } else if (now.plus(NOTICE).isAfter(validUntil())) {
      complaints.add("the certificate in %s ends at %s".formatted(files.getFirst(), validUntil()));
    }
    String unusable = failure;
    if (unusable != null) {
      complaints.add("the renewed certificate can't be used: " + unusable);
    }
    return complaints;
  }
}
