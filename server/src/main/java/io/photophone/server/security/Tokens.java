package io.photophone.server.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes tokens, reads those that are shown, and revokes them.
///
/// A token is a JSON Web Token that says who, which scopes, and until when; what is kept of it is
/// that it was made and whether it was revoked. A token for programs that nobody kept a note of
/// doesn't count, so that a copy of older files brings no revoked one back.
final class Tokens {
  static final String ISSUER = "photophone";
  static final String AUDIENCE = "photophone";

  /// How far apart the clocks of two processes may be.
  static final Duration SKEW = Duration.ofSeconds(5);

  /// No token lives longer.
  static final Duration LONGEST_LIFE = Duration.ofDays(366);

  private static final String FILE = "tokens.json";
  private static final String SCOPE = "scope";
  private static final String SESSION = "session";
  private static final String REVISION = "revision";
  private static final int LONGEST_TEXT = 4096;

  private final SigningKeys keys;
  private final InstantSource clock;
  private final SharedFile<Register> register;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /// @param tokens for programs, until their end
  /// @param endedSessions that somebody signed out of, until they would have ended
  private record Register(List<IssuedToken> tokens, List<EndedSession> endedSessions) {
    Register {
      tokens = List.copyOf(tokens);
      endedSessions = List.copyOf(endedSessions);
    }

    Register at(Instant now) {
      return new Register(
          tokens.stream().filter(each -> now.isBefore(each.expires())).toList(),
          endedSessions.stream().filter(each -> now.isBefore(each.expires())).toList());
    }

    @Nullable IssuedToken token(String id) {
      return tokens.stream().filter(each -> each.id().equals(id)).findFirst().orElse(null);
    }
  }

  private record EndedSession(String id, Instant expires) {}

  /// Why a token doesn't count.
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message, null, false, false);
    }
  }

  Tokens(PrivateFolder folder, SigningKeys keys, InstantSource clock) throws IOException {
    this.keys = keys;
    this.clock = clock;
    register = SharedFile.json(folder, FILE, Register.class, new Register(List.of(), List.of()));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, (wanted, _) -> keys.matching(wanted)));
    Claims claims = new Claims(clock);
    claims.setMaxClockSkew((int) SKEW.toSeconds());
    processor.setJWTClaimsSetVerifier(claims);
  }

  /// The library's rules by our clock.
  private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    private final InstantSource clock;

    Claims(InstantSource clock) {
      super(
          AUDIENCE,
          new JWTClaimsSet.Builder().issuer(ISSUER).build(),
          Set.of("sub", "iat", "nbf", "exp", "jti", SCOPE));
      this.clock = clock;
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }

  /// Makes a token for a program and notes it.
  ///
  /// @param by who makes it
  MadeToken issue(String name, Role role, Duration life, String by) {
    if (life.compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException(
          "the token's life is %s s, allowed: [1, %d] s"
              .formatted(life.toSeconds(), LONGEST_LIFE.toSeconds()));
    }
    Names.check("name", name);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    IssuedToken about = new IssuedToken(Secret.newId(), name, role, by, now, now.plus(life), null);
    String text = signed(claims(about.id(), name, role, now, about.expires()).build());
    register.change(before -> {
      Register current = before.at(now);
      List<IssuedToken> all = new ArrayList<>(current.tokens());
      all.add(about);
      return new Register(all, current.endedSessions());
    });
    return new MadeToken(text, about);
  }

  /// Makes a token for a page.
  ///
  /// @param revision of the user; null for one without
  String session(String name, Role role, @Nullable Integer revision, Duration life) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return signed(
        claims(Secret.newId(), name, role, now, now.plus(life))
            .claim(SESSION, true)
            .claim(REVISION, revision)
            .build());
  }

  private static JWTClaimsSet.Builder claims(
      String id, String name, Role role, Instant now, Instant expires) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject(name)
        .jwtID(id)
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now))
        .expirationTime(Date.from(expires))
        .claim(SCOPE, String.join(" ", role.scopes().stream().sorted().toList()));
  }

  private String signed(JWTClaimsSet claims) {
    ECKey key = keys.signing();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java can't sign with P-256", e);
    }
    return token.serialize();
  }

  /// Who shows this token.
  ///
  /// @throws RefusedException if it doesn't count, with the reason and nothing of the token
  Caller read(String text) throws RefusedException {
    if (text.length() > LONGEST_TEXT) {
      throw new RefusedException(
          "the token has %d characters, allowed: %d".formatted(text.length(), LONGEST_TEXT));
    }
    JWTClaimsSet claims = verified(text);
    Caller caller = caller(claims);
    String ended = ended(caller);
    if (ended != null) {
      throw new RefusedException(ended);
    }
    return caller;
  }

  private JWTClaimsSet verified(String text) throws RefusedException {
    try {
      return processor.process(text, null);
    } catch (ParseException e) {
      throw new RefusedException("the token is no signed JSON Web Token");
    } catch (BadJOSEException | JOSEException e) {
      throw new RefusedException("the token is refused: " + e.getMessage());
    }
  }

  private static Caller caller(JWTClaimsSet claims) throws RefusedException {
    try {
      Integer revision = claims.getIntegerClaim(REVISION);
      return new Caller(
          claims.getSubject(),
          role(Set.of(claims.getStringClaim(SCOPE).split(" "))),
          claims.getJWTID(),
          claims.getIssueTime().toInstant(),
          claims.getExpirationTime().toInstant(),
          Boolean.TRUE.equals(claims.getBooleanClaim(SESSION)),
          revision);
    } catch (ParseException | IllegalArgumentException e) {
      throw new RefusedException("the token's claims are of a wrong type");
    }
  }

  /// The highest role whose scopes are all there.
  private static Role role(Set<String> scopes) throws RefusedException {
    Role found = null;
    for (Role role : Role.values()) {
      if (scopes.containsAll(role.scopes())) {
        found = role;
      }
    }
    if (found == null) {
      throw new RefusedException("the token has no scope of this server, allowed: read:api, …");
    }
    return found;
  }

  /// Why the token of somebody who was let in doesn't count any more; null while it does.
  @Nullable String ended(Caller caller) {
    if (!clock.instant().minus(SKEW).isBefore(caller.expires())) {
      return "the token has expired";
    }
    Register now = register.value();
    if (caller.session()) {
      return now.endedSessions().stream().anyMatch(each -> each.id().equals(caller.tokenId()))
          ? "the session was signed out"
          : null;
    }
    IssuedToken about = now.token(caller.tokenId());
    if (about == null) {
      // Another process may have made it a moment ago.
      about = register.look().token(caller.tokenId());
    }
    if (about == null) {
      return "the token is not among those that this server knows";
    }
    return about.revoked() == null ? null : "the token was revoked";
  }

  /// Those for programs that haven't ended, the oldest first.
  List<IssuedToken> all() {
    return register.look().at(clock.instant()).tokens();
  }

  /// Ends a token for programs.
  ///
  /// @return what is known of it; null if there is none
  @Nullable IssuedToken revoke(String id) {
    Instant now = clock.instant();
    return change(before ->
            new Register(
                before.tokens().stream()
                    .map(each -> each.id().equals(id) ? each.revokedAt(now) : each)
                    .toList(),
                before.endedSessions()))
        .token(id);
  }

  /// Ends a page's session.
  void endSession(Caller caller) {
    change(before -> {
      List<EndedSession> ended = new ArrayList<>(before.endedSessions());
      ended.add(new EndedSession(caller.tokenId(), caller.expires().plus(SKEW)));
      return new Register(before.tokens(), ended);
    });
  }

  private Register change(UnaryOperator<Register> change) {
    return register.change(before -> change.apply(before.at(clock.instant())));
  }
}
