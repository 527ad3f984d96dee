package io.photophone.server.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Signing in at an identity provider: by authorization code with PKCE, a state that counts once
/// and only in the browser that began, and a nonce.
///
/// For any thread. Contract: A29.
public final class OidcSignIn {
  /// How long somebody may take at the provider.
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  /// Beyond so many that wait, the oldest is forgotten.
  private static final int MOST_PENDING = 10_000;

  private static final int SECRET_BYTES = 32;
  private static final System.Logger LOG = System.getLogger(OidcSignIn.class.getName());

  private final OidcSettings settings;
  private final OidcProvider provider;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /// By their states, the oldest first; guarded by itself.
  private final LinkedHashMap<String, Pending> pending = new LinkedHashMap<>();

  /// @throws IOException if the file of the client's secret can't be read
  public OidcSignIn(OidcSettings settings, InstantSource clock) throws IOException {
    this.settings = settings;
    this.provider = new OidcProvider(settings);
    this.clock = clock;
  }

  private record Pending(String nonce, String verifier, String redirect, Instant end) {}

  /// A sign-in that has begun.
  ///
  /// @param state for a cookie of the browser, which brings it back
  /// @param provider where the browser is to go
  public record Begun(String state, URI provider) {}

  /// Begins one.
  ///
  /// @param redirect where the provider is to send the browser back to
  /// @throws IOException if the provider can't be asked
  public Begun begin(String redirect) throws IOException, InterruptedException {
    String state = secret();
    Pending begun = new Pending(secret(), secret(), redirect, clock.instant().plus(PATIENCE));
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "code");
    parameters.put("client_id", settings.clientId());
    parameters.put("redirect_uri", redirect);
    parameters.put("scope", String.join(" ", settings.scopes()));
    parameters.put("state", state);
    parameters.put("nonce", begun.nonce);
    parameters.put("code_challenge", challenge(begun.verifier));
    parameters.put("code_challenge_method", "S256");
    URI address = provider.authorization(parameters);
    synchronized (pending) {
      pending.put(state, begun);
      if (pending.size() > MOST_PENDING) {
        pending.pollFirstEntry();
      }
    }
    return new Begun(state, address);
  }

  /// Ends one with what the provider sent the browser back with.
  ///
  /// @param state of the query
  /// @param own state that the browser's cookie has; null if it has none
  public OidcOutcome end(String state, @Nullable String own, String code)
      throws InterruptedException {
    if (own == null || !MessageDigest.isEqual(own.getBytes(US_ASCII), state.getBytes(US_ASCII))) {
      return new OidcOutcome.Refused("this sign-in was begun in another browser");
    }
    Pending begun;
    synchronized (pending) {
      begun = pending.remove(state);
    }
    if (begun == null || clock.instant().isAfter(begun.end)) {
      return new OidcOutcome.Refused("this sign-in has ended or took too long");
    }
    try {
      return known(provider.claims(code, begun.verifier, begun.redirect, begun.nonce));
    } catch (BadJOSEException e) {
      LOG.log(System.Logger.Level.WARNING, "a sign-in was refused: {0}", e.getMessage());
      return new OidcOutcome.Refused("what the identity provider says doesn't hold");
    } catch (IOException e) {
      return unavailable(e);
    }
  }

  /// What to tell if the provider can't be asked.
  public OidcOutcome.Unavailable unavailable(IOException cause) {
    LOG.log(
        System.Logger.Level.WARNING, "the identity provider {0}: {1}", settings.issuer(), cause);
    return new OidcOutcome.Unavailable("the identity provider can't be reached now");
  }

  private OidcOutcome known(JWTClaimsSet claims) {
    String name = name(claims);
    List<String> values = values(claims);
    for (OidcSettings.RoleOf each : settings.roles()) {
      if (values.contains(each.value())) {
        return new OidcOutcome.Known(name, each.role());
      }
    }
    return new OidcOutcome.Refused(
        "%s has no role here: the claim %s has %s, allowed: one of %s"
            .formatted(
                name,
                settings.roleClaim(),
                values.isEmpty() ? "nothing" : Names.shown(String.join(", ", values)),
                String.join(
                    ", ", settings.roles().stream().map(OidcSettings.RoleOf::value).toList())));
  }

  /// The person's name at the provider, which can't be that of a user of this server.
  private String name(JWTClaimsSet claims) {
    String own =
        Stream.of("preferred_username", "email", "sub")
            .map(claims::getClaim)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .map(text -> text.replaceAll("[^A-Za-z0-9._@-]", "_"))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("somebody");
    return Names.shown("%s at %s".formatted(own, settings.host()));
  }

  /// The values of the claim that gives roles, which may stand in objects within each other.
  private List<String> values(JWTClaimsSet claims) {
    Object at = claims.getClaim(settings.roleClaim());
    if (at == null) {
      at = claims.getClaims();
      for (String step : settings.roleClaim().split("\\.", -1)) {
        at = at instanceof Map<?, ?> object ? object.get(step) : null;
      }
    }
    return switch (at) {
      case String one -> List.of(one.split(" ", -1));
      case Collection<?> many -> many.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String challenge(String verifier) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
