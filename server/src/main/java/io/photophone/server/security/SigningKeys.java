package io.photophone.server.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys that tokens are signed with: one that signs, and the public halves of those before it,
/// as long as a token of theirs may live.
///
/// ECDSA on P-256 alone (ES256). A key's id is random and is looked up in a list, so that an id
/// that is a path or an address is merely unknown. A new key is made by whoever signs first after
/// the period.
final class SigningKeys {
  private static final String FILE = "keys.json";

  private final SharedFile<Keys> file;
  private final Duration period;
  private final InstantSource clock;

  /// @param all the newest first; its private half is there
  private record Keys(List<ECKey> all) {
    String text() {
      return new JWKSet(List.<JWK>copyOf(all)).toString(false);
    }
  }

  /// Reads the keys, and makes the first where there is none.
  ///
  /// @param period after which a key signs no more
  SigningKeys(PrivateFolder folder, Duration period, InstantSource clock) throws IOException {
    this.period = period;
    this.clock = clock;
    file = new SharedFile<>(folder, FILE, text -> parse(folder, text), Keys::text);
    signing();
  }

  private static Keys parse(PrivateFolder folder, @Nullable String text) throws IOException {
    if (text == null) {
      return new Keys(List.of());
    }
    try {
      List<ECKey> keys = new ArrayList<>();
      for (JWK each : JWKSet.parse(text).getKeys()) {
        keys.add(each.toECKey());
      }
      if (keys.isEmpty() || !keys.getFirst().isPrivate()) {
        throw folder.damaged(FILE);
      }
      return new Keys(List.copyOf(keys));
    } catch (ParseException | ClassCastException e) {
      throw folder.damaged(FILE);
    }
  }

  /// The key to sign with at this moment.
  ECKey signing() {
    List<ECKey> keys = file.value().all();
    if (!keys.isEmpty() && !isOver(keys.getFirst())) {
      return keys.getFirst();
    }
    return file.change(this::withNew).all().getFirst();
  }

  private boolean isOver(ECKey key) {
    return !clock.instant().isBefore(made(key).plus(period));
  }

  private Keys withNew(Keys before) {
    if (!before.all().isEmpty() && !isOver(before.all().getFirst())) {
      return before;
    }
    List<ECKey> keys = new ArrayList<>();
    keys.add(newKey());
    Instant replaced = clock.instant();
    for (ECKey old : before.all()) {
      // A key's last token was signed before the next key was made.
      if (clock.instant().isBefore(replaced.plus(Tokens.LONGEST_LIFE))) {
        keys.add(old.toPublicJWK());
      }
      replaced = made(old);
    }
    return new Keys(List.copyOf(keys));
  }

  private static Instant made(ECKey key) {
    Date issued = key.getIssueTime();
    return issued == null ? Instant.EPOCH : issued.toInstant();
  }

  private ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyID(Secret.newId())
          .issueTime(Date.from(clock.instant()))
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java makes no P-256 keys", e);
    }
  }

  /// All keys whose tokens count, without their private halves.
  JWKSet known() {
    return published(file.value());
  }

  private static JWKSet published(Keys keys) {
    return new JWKSet(keys.all().stream().<JWK>map(ECKey::toPublicJWK).toList());
  }

  /// The known keys that a token asks for.
  List<JWK> matching(JWKSelector wanted) {
    List<JWK> found = wanted.select(known());
    // Another process may have made it a moment ago.
    return found.isEmpty() ? wanted.select(published(file.look())) : found;
  }
}
