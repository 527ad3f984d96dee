package io.photophone.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The identity provider's end of a sign-in: its addresses and keys, and what it knows of a code.
///
/// Its addresses are read at the first sign-in and again after an hour, its keys as they are
/// needed: an identity token of an unknown key has them read anew. For any thread; each method may
/// wait for the provider.
///
/// @see <a href="https://openid.net/specs/openid-connect-core-1_0.html">OpenID Connect Core</a>
final class OidcProvider {
  /// What an identity token may be signed with; never nothing, and never a secret that both ends
  /// have.
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ADDRESSES_LAST = Duration.ofHours(1);
  private static final int MOST_BYTES = 1 << 18;

  private final OidcSettings settings;
  private final @Nullable String secret;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private volatile @Nullable Addresses addresses;

  /// @throws IOException if the file of the secret can't be read
  OidcProvider(OidcSettings settings) throws IOException {
    this.settings = settings;
    Path file = settings.clientSecret();
    this.secret = file == null ? null : firstLine(file);
  }

  private static String firstLine(Path file) throws IOException {
    try {
      return Files.readString(file).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new IOException("the client secret in %s can't be read: %s".formatted(file, e), e);
    }
  }

  /// @param readNanos when they were read
  private record Addresses(
      URI authorization, URI token, DefaultJWTProcessor<SecurityContext> tokens, long readNanos) {}

  /// Where the browser is sent to sign in.
  ///
  /// @throws IOException if the provider can't be asked
  URI authorization(Map<String, String> parameters) throws IOException, InterruptedException {
    URI address = addresses().authorization;
    String query = form(parameters);
    return URI.create(address + (address.getRawQuery() == null ? "?" : "&") + query);
  }

  /// What the provider tells of the person for whom it gave a code, checked.
  ///
  /// @throws IOException if the provider can't be asked
  /// @throws BadJOSEException if it doesn't take the code, or its token isn't good
  JWTClaimsSet claims(String code, String verifier, String redirect, String nonce)
      throws IOException, InterruptedException, BadJOSEException {
    Addresses known = addresses();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirect);
    form.put("code_verifier", verifier);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(known.token)
            .timeout(TIMEOUT)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
    if (secret == null) {
      form.put("client_id", settings.clientId());
    } else {
      String pair = encoded(settings.clientId()) + ":" + encoded(secret);
      request.header(
          "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
    }
    request.POST(HttpRequest.BodyPublishers.ofString(form(form)));
    Answer answer = send(request.build());
    if (answer.status / 100 == 4) {
      throw new BadJOSEException("the provider refuses the code: " + answer.error());
    }
    String token = answer.status == 200 ? answer.text("id_token") : null;
    if (token == null) {
      throw new IOException("the provider answers a code with " + answer.status);
    }
    try {
      JWTClaimsSet claims = known.tokens.process(token, null);
      check(claims, nonce);
      return claims;
    } catch (ParseException e) {
      throw new BadJOSEException("its token isn't one", e);
    } catch (KeySourceException e) {
      throw new IOException("the provider's keys can't be read: " + e.getMessage(), e);
    } catch (JOSEException e) {
      throw new BadJOSEException("its token can't be checked", e);
    }
  }

  private void check(JWTClaimsSet claims, String nonce) throws BadJOSEException {
    if (!nonce.equals(claims.getClaim("nonce"))) {
      throw new BadJOSEException("its token was made for another sign-in");
    }
    if (claims.getAudience().size() > 1 && !settings.clientId().equals(claims.getClaim("azp"))) {
      throw new BadJOSEException("its token was made for another program");
    }
  }

  private Addresses addresses() throws IOException, InterruptedException {
    Addresses known = addresses;
    if (known != null && System.nanoTime() - known.readNanos < ADDRESSES_LAST.toNanos()) {
      return known;
    }
    URI document =
        URI.create(settings.issuer().replaceAll("/+$", "") + "/.well-known/openid-configuration");
    Answer answer = send(HttpRequest.newBuilder(document).timeout(TIMEOUT).GET().build());
    if (answer.status != 200) {
      throw new IOException("%s answers %d".formatted(document, answer.status));
    }
    if (!settings.issuer().equals(answer.text("issuer"))) {
      throw new IOException(
          "%s is of the issuer %s, not %s"
              .formatted(document, answer.text("issuer"), settings.issuer()));
    }
    Addresses read =
        new Addresses(
            address(answer, "authorization_endpoint"),
            address(answer, "token_endpoint"),
            tokens(address(answer, "jwks_uri")),
            System.nanoTime());
    addresses = read;
    return read;
  }

  private static URI address(Answer answer, String name) throws IOException {
    String text = answer.text(name);
    try {
      if (text != null && OidcSettings.ISSUER.matcher(text.replaceFirst("\\?.*", "")).matches()) {
        return new URI(text);
      }
    } catch (URISyntaxException _) {
      // Refused like one that isn't there.
    }
    throw new IOException(
        "the provider's %s is %s, allowed: %s".formatted(name, text, OidcSettings.ISSUER_IN_WORDS));
  }

  private DefaultJWTProcessor<SecurityContext> tokens(URI keys) throws IOException {
    int millis = (int) TIMEOUT.toMillis();
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            ALGORITHMS,
            JWKSourceBuilder.create(
                    keys.toURL(), new DefaultResourceRetriever(millis, millis, MOST_BYTES))
                .build()));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            settings.clientId(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("sub", "iat", "exp", "nonce")));
    return processor;
  }

  /// @param body an object; empty where the answer is none
  private record Answer(int status, Map<String, Object> body) {
    @Nullable String text(String name) {
      return body.get(name) instanceof String text ? text : null;
    }

    /// Why it was refused, as far as the provider tells.
    String error() {
      String error = text("error");
      return error == null ? "status " + status : Names.shown(error);
    }
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(MOST_BYTES);
      return new Answer(
          response.statusCode(), JSONObjectUtils.parse(new String(body, UTF_8), MOST_BYTES));
    } catch (ParseException e) {
      return new Answer(response.statusCode(), Map.of());
    }
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
