package io.photophone.server.connection;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and keys in the text form that certificate authorities use.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
final class PemFiles {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private PemFiles() {}

  private record Block(String label, byte[] content) {}

  /// All certificates of a file, in its order; at least one.
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label.equals(CERTIFICATE)) {
        try {
          found.add(
              (X509Certificate)
                  CertificateFactory.getInstance("X.509")
                      .generateCertificate(new ByteArrayInputStream(block.content)));
        } catch (CertificateException e) {
          throw new IOException(
              "%s has a certificate that can't be read: %s".formatted(file, e.getMessage()), e);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IOException(file + " has no certificate, allowed: BEGIN CERTIFICATE");
    }
    return found;
  }

  /// The private key of a file.
  static PrivateKey key(Path file) throws IOException {
    List<Block> blocks = blocks(file);
    for (Block block : blocks) {
      if (block.label.equals(KEY)) {
        return key(file, block.content);
      }
    }
    for (Block block : blocks) {
      if (block.label.endsWith(KEY)) {
        throw new IOException(
            ("%s has BEGIN %s, allowed: BEGIN PRIVATE KEY, into which"
                    + " openssl pkcs8 -topk8 -nocrypt -in %s -out NEW_FILE turns it")
                .formatted(file, block.label, file));
      }
    }
    throw new IOException(file + " has no key, allowed: BEGIN PRIVATE KEY");
  }

  private static PrivateKey key(Path file, byte[] content) throws IOException {
    GeneralSecurityException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new IOException(
        "%s has a key that can't be read, allowed: %s"
            .formatted(file, String.join(", ", ALGORITHMS)),
        last);
  }

  private static List<Block> blocks(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text(file));
    while (matcher.find()) {
      try {
        blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
      } catch (IllegalArgumentException e) {
        throw new IOException("%s has a %s that is no Base64".formatted(file, matcher.group(1)), e);
      }
    }
    return blocks;
  }

  /// The text of a file, or why there is none.
  static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new IOException(file + " isn't text", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// Why a file can't be read, in words.
  static IOException unreadable(Path file, IOException cause) {
    String reason =
        switch (cause) {
          case NoSuchFileException _ -> "doesn't exist";
          case AccessDeniedException _ -> "can't be read: permission denied";
          default -> "can't be read: " + cause.getMessage();
        };
    return new IOException(file + " " + reason, cause);
  }
}
