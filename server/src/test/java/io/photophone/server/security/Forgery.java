package io.photophone.server.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;

/// Tokens as an attacker would make them, beside one good one that shows that the rest is right.
public final class Forgery {
  private final ECKey own;
  private final JWTClaimsSet.Builder claims;
  private String keyId;

  private Forgery(ECKey own, JWTClaimsSet.Builder claims) {
    this.own = own;
    this.claims = claims;
    this.keyId = own.getKeyID();
  }

  /// With the key of a data directory, and claims of an administrator.
  public static Forgery of(Path data) {
    try {
      ECKey own =
          JWKSet.load(data.resolve("security/keys.json").toFile()).getKeys().getFirst().toECKey();
      Instant made = own.getIssueTime().toInstant();
      return new Forgery(
          own,
          new JWTClaimsSet.Builder()
              .issuer("photophone")
              .audience("photophone")
              .subject("mallory")
              .jwtID("00112233")
              .issueTime(Date.from(made))
              .notBeforeTime(Date.from(made))
              .expirationTime(Date.from(made.plusSeconds(3600)))
              .claim("scope", "admin:api operate:api read:api"));
    } catch (IOException | ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  public Forgery claim(String name, Object value) {
    claims.claim(name, value instanceof Instant instant ? Date.from(instant) : value);
    return this;
  }

  public Forgery keyId(String id) {
    keyId = id;
    return this;
  }

  public String signed() {
    return by(header(JWSAlgorithm.ES256).build(), signer(own));
  }

  public String unsigned() {
    return new PlainJWT(claims.build()).serialize();
  }

  public String signedWithThePublicKeyAsSecret() {
    try {
      byte[] secret = own.toPublicJWK().toJSONString().getBytes(US_ASCII);
      return by(header(JWSAlgorithm.HS256).build(), new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public String signedByAForeignKey() {
    return by(header(JWSAlgorithm.ES256).build(), signer(foreign()));
  }

  public String signedByAForeignKeyThatItBrings() {
    ECKey foreign = foreign();
    return by(
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .jwk(foreign.toPublicJWK())
            .keyID(foreign.getKeyID())
            .build(),
        signer(foreign));
  }

  private JWSHeader.Builder header(JWSAlgorithm algorithm) {
    return new JWSHeader.Builder(algorithm).keyID(keyId);
  }

  private static ECKey foreign() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("foreign").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JWSSigner signer(ECKey key) {
    try {
      return new ECDSASigner(key);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String by(JWSHeader header, JWSSigner signer) {
    SignedJWT token = new SignedJWT(header, claims.build());
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  static String keyIdOf(String token) throws ParseException {
    return SignedJWT.parse(token).getHeader().getKeyID();
  }
}
