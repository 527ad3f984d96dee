package io.photophone.server.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A certificate that vouches for itself, with its key, in two files of a folder.
///
/// It is made where there is none, where the one there is names too few, and a month before its
/// end. Nobody else may read the key.
final class SelfSigned {
  static final String CERTIFICATE = "certificate.pem";
  static final String KEY = "key.pem";

  /// The longest that some systems accept of a certificate that a person has trusted by hand.
  private static final Duration VALIDITY = Duration.ofDays(825);

  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;

  private SelfSigned() {}

  /// Makes the two files where they are needed.
  ///
  /// @param required names and addresses that it must be for
  /// @param others that a new one is for as well
  /// @return where they are
  /// @throws IOException if the folder can't be written
  static Tls.Pem in(Path folder, Set<String> required, Set<String> others, Instant now)
      throws IOException {
    Tls.Pem files = new Tls.Pem(folder.resolve(CERTIFICATE), folder.resolve(KEY));
    if (Files.exists(files.certificate()) && Files.exists(files.key())) {
      X509Certificate present = PemFiles.certificates(files.certificate()).getFirst();
      if (names(present).containsAll(lowerCase(required))
          && present.getNotAfter().toInstant().minus(RENEWED_BEFORE).isAfter(now)) {
        return files;
      }
    }
    List<String> names = new ArrayList<>(required);
    others.stream().filter(name -> !required.contains(name)).forEach(names::add);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X509Certificate certificate = certificate(pair, names, now);
      Files.createDirectories(folder, ownersOnly("rwx------"));
      write(files.key(), "PRIVATE KEY", pair.getPrivate().getEncoded());
      write(files.certificate(), "CERTIFICATE", certificate.getEncoded());
      return files;
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate can be made: " + e.getMessage(), e);
    }
  }

  private static Set<String> lowerCase(Collection<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /// The names and addresses that a certificate is for; addresses in the form that Java writes.
  static Set<String> names(X509Certificate certificate) throws IOException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Set.of()
          : lowerCase(names.stream().map(name -> name.get(1).toString()).toList());
    } catch (CertificateParsingException e) {
      throw new IOException("the certificate's names can't be read: " + e.getMessage(), e);
    }
  }

  /// A certificate for a pair of keys of the curve P-256, signed by that pair.
  private static X509Certificate certificate(KeyPair pair, List<String> names, Instant now)
      throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.objectId(ECDSA_WITH_SHA256));
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.objectId(COMMON_NAME), Der.text("Photophone"))));
    byte[] toBeSigned =
        Der.sequence(
            Der.wrapped(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(126, new SecureRandom()).setBit(126)),
            algorithm,
            name,
            Der.sequence(Der.time(now.minus(Duration.ofDays(1))), Der.time(now.plus(VALIDITY))),
            name,
            pair.getPublic().getEncoded(),
            Der.wrapped(3, extensions(names)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(toBeSigned);
    byte[] certificate = Der.sequence(toBeSigned, algorithm, Der.bits(0, signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate));
  }

  private static byte[] extensions(List<String> names) {
    byte[] alternatives =
        Der.sequence(names.stream().map(SelfSigned::alternativeName).toArray(byte[][]::new));
    byte digitalSignature = (byte) 0x80;
    return Der.sequence(
        Der.sequence(Der.objectId(BASIC_CONSTRAINTS), Der.yes(), Der.octets(Der.sequence())),
        Der.sequence(
            Der.objectId(KEY_USAGE),
            Der.yes(),
            Der.octets(Der.bits(7, new byte[] {digitalSignature}))),
        Der.sequence(
            Der.objectId(EXTENDED_KEY_USAGE),
            Der.octets(Der.sequence(Der.objectId(SERVER_AUTHENTICATION)))),
        Der.sequence(Der.objectId(ALTERNATIVE_NAMES), Der.octets(alternatives)));
  }

  private static byte[] alternativeName(String name) {
    InetAddress address = AddressRange.addressOrNull(name);
    return address == null
        ? Der.tagged(DNS_NAME, name.getBytes(US_ASCII))
        : Der.tagged(ADDRESS, address.getAddress());
  }

  /// Replaces a file as a whole; a reader sees the old or the new one.
  private static void write(Path file, String label, byte[] content) throws IOException {
    Path unfinished =
        Files.createTempFile(
            file.toAbsolutePath().getParent(), "new", ".pem", ownersOnly("rw-------"));
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        unfinished, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label));
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Nothing where the file system has no such permissions.
  private static FileAttribute<?>[] ownersOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
