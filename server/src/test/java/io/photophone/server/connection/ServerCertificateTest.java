package io.photophone.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerCertificateTest {
  @TempDir private Path folder;

  private static WebConfig config(String host, Tls tls, String... names) {
    return new WebConfig(
        host, 0, tls, false, List.of(names), List.of(), List.of(), WebLimits.DEFAULT);
  }

  private static ServerCertificate open(Tls tls, Path folder) throws IOException {
    ServerCertificate certificate = ServerCertificate.open(config("127.0.0.1", tls), folder);
    assertTrue(certificate != null);
    return certificate;
  }

  /// A pair of files, as an authority would hand it out.
  private Tls.Pem pair(String name) throws IOException {
    return SelfSigned.in(folder.resolve(name), Set.of("localhost"), Set.of(), Instant.now());
  }

  private static String refusal(Tls tls, Path folder) {
    return assertThrows(IOException.class, () -> open(tls, folder)).getMessage();
  }

  @Test
  void without_encryption_there_is_none() throws Exception {
    assertNull(ServerCertificate.open(config("127.0.0.1", new Tls.None()), folder));
  }

  @Test
  void a_self_signed_one_is_for_every_name_and_verifies_itself() throws Exception {
    ServerCertificate made =
        ServerCertificate.open(
            config("0.0.0.0", new Tls.SelfSigned(), "cell.lab.example", "10.1.2.3", "fd00::1"),
            folder);
    assertTrue(made != null && made.isSelfSigned());
    assertEquals(List.of(), made.complaints(Instant.now()));
    X509Certificate certificate =
        PemFiles.certificates(folder.resolve(SelfSigned.CERTIFICATE)).getFirst();
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertEquals(3, certificate.getVersion());
    assertEquals(-1, certificate.getBasicConstraints());
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
    Set<String> names = SelfSigned.names(certificate);
    assertTrue(
        names.containsAll(
            Set.of(
                "localhost",
                "127.0.0.1",
                "0:0:0:0:0:0:0:1",
                "cell.lab.example",
                "10.1.2.3",
                "fd00:0:0:0:0:0:0:1")),
        names.toString());
    assertFalse(names.contains("0.0.0.0"));
  }

  @Test
  void nobody_else_may_read_its_key() throws Exception {
    open(new Tls.SelfSigned(), folder.resolve("security"));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("security").resolve(SelfSigned.KEY))));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("security"))));
  }

  @Test
  void it_is_kept_until_a_name_is_missing() throws Exception {
    String first = open(new Tls.SelfSigned(), folder).fingerprint();
    assertEquals(first, open(new Tls.SelfSigned(), folder).fingerprint());
    ServerCertificate more =
        ServerCertificate.open(
            config("127.0.0.1", new Tls.SelfSigned(), "New.lab.example"), folder);
    assertTrue(more != null);
    assertNotEquals(first, more.fingerprint());
    ServerCertificate same =
        ServerCertificate.open(
            config("127.0.0.1", new Tls.SelfSigned(), "new.lab.example"), folder);
    assertTrue(same != null);
    assertEquals(more.fingerprint(), same.fingerprint());
  }

  @Test
  void it_is_made_anew_a_month_before_its_end() throws Exception {
    Instant start = Instant.now();
    Set<String> names = Set.of("localhost");
    SelfSigned.in(folder, names, Set.of(), start);
    String first = Files.readString(folder.resolve(SelfSigned.CERTIFICATE));
    SelfSigned.in(folder, names, Set.of(), start.plus(Duration.ofDays(794)));
    assertEquals(first, Files.readString(folder.resolve(SelfSigned.CERTIFICATE)));
    SelfSigned.in(folder, names, Set.of(), start.plus(Duration.ofDays(796)));
    assertNotEquals(first, Files.readString(folder.resolve(SelfSigned.CERTIFICATE)));
  }

  @Test
  void a_file_that_cannot_be_used_is_told_with_the_reason() throws Exception {
    Tls.Pem pair = pair("a");
    Path missing = folder.resolve("missing.pem");
    assertEquals(missing + " doesn't exist", refusal(new Tls.Pem(missing, pair.key()), folder));
    assertEquals(
        missing + " doesn't exist", refusal(new Tls.Pem(pair.certificate(), missing), folder));
    assertEquals(
        pair.key() + " has no certificate, allowed: BEGIN CERTIFICATE",
        refusal(new Tls.Pem(pair.key(), pair.key()), folder));
    assertEquals(
        pair.certificate() + " has no key, allowed: BEGIN PRIVATE KEY",
        refusal(new Tls.Pem(pair.certificate(), pair.certificate()), folder));
    Tls.Pem other = pair("b");
    assertEquals(
        "%s isn't the key of the first certificate in %s"
            .formatted(other.key(), pair.certificate()),
        refusal(new Tls.Pem(pair.certificate(), other.key()), folder));
    Path old =
        Files.writeString(
            folder.resolve("old.pem"),
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
    assertEquals(
        ("%s has BEGIN EC PRIVATE KEY, allowed: BEGIN PRIVATE KEY, into which"
                + " openssl pkcs8 -topk8 -nocrypt -in %s -out NEW_FILE turns it")
            .formatted(old, old),
        refusal(new Tls.Pem(pair.certificate(), old), folder));
    Path broken =
        Files.writeString(
            folder.resolve("broken.pem"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertEquals(
        broken + " has a key that can't be read, allowed: EC, RSA, EdDSA",
        refusal(new Tls.Pem(pair.certificate(), broken), folder));
  }

  @Test
  void a_store_is_opened_with_the_first_line_of_its_password_file() throws Exception {
    Tls.Pem pair = pair("a");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "mine",
        PemFiles.key(pair.key()),
        "secret".toCharArray(),
        PemFiles.certificates(pair.certificate()).toArray(X509Certificate[]::new));
    Path file = folder.resolve("server.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "secret".toCharArray());
    }
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    assertEquals(
        open(pair, folder).fingerprint(),
        open(new Tls.Pkcs12(file, password), folder).fingerprint());
    Files.writeString(password, "wrong\n");
    String refusal = refusal(new Tls.Pkcs12(file, password), folder);
    assertTrue(refusal.startsWith(file + " can't be read: "), refusal);
    assertFalse(refusal.contains("wrong\n"), refusal);
  }

  @Test
  void renewed_files_are_taken_and_unusable_ones_leave_it_as_it_was() throws Exception {
    Tls.Pem pair = pair("a");
    ServerCertificate certificate = open(pair, folder);
    String first = certificate.fingerprint();
    assertFalse(certificate.reload());

    Files.writeString(pair.certificate(), "half a file");
    assertFalse(certificate.reload());
    assertEquals(first, certificate.fingerprint());
    assertEquals(
        List.of(
            "the renewed certificate can't be used: "
                + pair.certificate()
                + " has no certificate, allowed: BEGIN CERTIFICATE"),
        certificate.complaints(Instant.now()));

    Tls.Pem renewed = pair("b");
    Files.copy(
        renewed.certificate(),
        pair.certificate(),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.copy(renewed.key(), pair.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertTrue(certificate.reload());
    assertNotEquals(first, certificate.fingerprint());
    assertEquals(List.of(), certificate.complaints(Instant.now()));
  }

  @Test
  void one_that_has_expired_or_is_not_yet_valid_is_complained_of() throws Exception {
    ServerCertificate certificate = open(pair("a"), folder);
    Instant end = certificate.validUntil();
    assertTrue(
        certificate
            .complaints(end.plusSeconds(1))
            .getFirst()
            .endsWith("certificate.pem expired at " + end));
    assertTrue(
        certificate
            .complaints(Instant.now().minus(Duration.ofDays(2)))
            .getFirst()
            .contains(" is valid from "));
  }
}
