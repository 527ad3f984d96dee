package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// An OpenID provider of its own process: everybody is signed in at once, as `ada`.
///
/// `/mode?is=…` tells how it is to misbehave, `/groups?are=…` what groups `ada` is in, and
/// `/rotate` makes a new key. Standard output has its port.
final class IdentityProvider {
  static final String CLIENT = "photophone";
  static final String SECRET = "a secret: with a colon & more";

  private final HttpServer server;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private volatile RSAKey key = newKey();
  private volatile String mode = "";
  private volatile List<String> groups = List.of("lab");

  private IdentityProvider() throws IOException, JOSEException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    on("/.well-known/openid-configuration", (_, _) -> configuration());
    on("/jwks", (_, _) -> new JWKSet(key.toPublicJWK()).toString());
    on("/rotate", (_, _) -> rotated());
    on("/token", this::token);
    on(
        "/mode",
        (_, query) -> {
          mode = query.get("is");
          return "{}";
        });
    on(
        "/groups",
        (_, query) -> {
          groups = List.of(query.get("are").split(","));
          return "{}";
        });
    server.createContext("/authorize", this::authorize);
  }

  public static void main(String[] arguments) throws Exception {
    IdentityProvider provider = new IdentityProvider();
    provider.server.start();
    System.out.println(provider.server.getAddress().getPort());
    // Ends with the process that started it.
    while (System.in.read() >= 0) {}
    provider.server.stop(0);
  }

  private interface Answer {
    String to(HttpExchange exchange, Map<String, String> query) throws Exception;
  }

  private static final class Bad extends Exception {
    private static final long serialVersionUID = 1;

    Bad(String error) {
      super(error);
    }
  }

  private void on(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          String body;
          int status = 200;
          try {
            body = answer.to(exchange, fields(exchange.getRequestURI().getRawQuery()));
          } catch (Bad e) {
            status = 400;
            body = "{\"error\": \"%s\"}".formatted(e.getMessage());
          } catch (Exception e) {
            status = 500;
            body = "{}";
          }
          byte[] bytes = body.getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static RSAKey newKey() throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
  }

  private String rotated() throws JOSEException {
    key = newKey();
    return "{}";
  }

  private String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String configuration() throws Bad {
    if (mode.equals("down")) {
      throw new Bad("temporarily_unavailable");
    }
    String named = mode.equals("other issuer") ? "http://127.0.0.1:1" : issuer();
    return """
    {"issuer": "%s", "authorization_endpoint": "%2$s/authorize", "token_endpoint": "%2$s/token",
     "jwks_uri": "%2$s/jwks"}
    """
        .formatted(named, issuer());
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = fields(exchange.getRequestURI().getRawQuery());
    String code = UUID.randomUUID().toString();
    codes.put(code, query);
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            "%s?code=%s&state=%s&iss=%s"
                .formatted(query.get("redirect_uri"), code, query.get("state"), issuer()));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private String token(HttpExchange exchange, Map<String, String> none) throws Exception {
    Map<String, String> form = fields(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
    if (asked == null) {
      throw new Bad("invalid_grant");
    }
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(form.get("code_verifier").getBytes(UTF_8));
    String[] pair =
        new String(
                Base64.getDecoder()
                    .decode(
                        exchange
                            .getRequestHeaders()
                            .getFirst("Authorization")
                            .substring("Basic ".length())),
                UTF_8)
            .split(":", 2);
    if (!Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(digest)
            .equals(asked.get("code_challenge"))
        || !form.get("redirect_uri").equals(asked.get("redirect_uri"))
        || !form.get("grant_type").equals("authorization_code")) {
      throw new Bad("invalid_grant");
    }
    if (!Arrays.equals(
        pair,
        Arrays.stream(new String[] {CLIENT, SECRET}).map(IdentityProvider::encoded).toArray())) {
      throw new Bad("invalid_client");
    }
    return "{\"token_type\": \"Bearer\", \"access_token\": \"x\", \"id_token\": \"%s\"}"
        .formatted(identity(asked.get("nonce")));
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, UTF_8);
  }

  private String identity(String nonce) throws JOSEException {
    Instant now = Instant.now();
    Instant end = mode.equals("expired") ? now.minusSeconds(600) : now.plusSeconds(60);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(mode.equals("wrong issuer") ? "http://127.0.0.1:1" : issuer())
            .subject("4711")
            .audience(mode.equals("wrong audience") ? "another" : CLIENT)
            .issueTime(Date.from(end.minusSeconds(60)))
            .expirationTime(Date.from(end))
            .claim("nonce", mode.equals("wrong nonce") ? "x" : nonce)
            .claim("preferred_username", "ada")
            .claim("resource", Map.of("cell", Map.of("groups", groups)))
            .build();
    if (mode.equals("no signature")) {
      return new PlainJWT(claims).serialize();
    }
    if (mode.equals("public key as secret")) {
      SignedJWT forged =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
      forged.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
      return forged.serialize();
    }
    RSAKey signing = mode.equals("foreign key") ? newKey() : key;
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    token.sign(new RSASSASigner(signing));
    return token.serialize();
  }

  private static Map<String, String> fields(String form) {
    return form == null || form.isEmpty()
        ? Map.of()
        : Arrays.stream(form.split("&"))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8), (a, _) -> a));
  }
}
