package io.photophone.app.config;

import static io.photophone.app.config.Scalar.path;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.text;
import static io.photophone.app.config.Scalar.trueOrFalse;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.app.config.OneOf.Variant;
import io.photophone.app.config.Section.Draft;
import io.photophone.server.connection.AddressRange;
import io.photophone.server.connection.Tls;
import io.photophone.server.connection.Tls.Pem;
import io.photophone.server.connection.Tls.Pkcs12;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebLimits;
import java.nio.file.Path;
import java.util.List;

/// The part of [Settings] that is about connections.
final class WebSettings {
  private WebSettings() {}

  static Section<WebConfig> web() {
    var s = Draft.from(WebConfig.DEFAULT);
    Scalar<String> hostName = text(WebConfig.HOST, WebConfig.HOST_IN_WORDS);
    var host =
        s.add(
            "host",
            hostName,
            WebConfig::host,
            "name or address to listen at; 0.0.0.0 for all. Beyond this computer it takes tls or"
                + " plain_http");
    var port =
        s.add("port", whole(WebConfig.PORT), WebConfig::port, "TCP port, 0 for any free one");
    var tls = s.add("tls", tls(), WebConfig::tls, "encryption of the connections");
    var plainHttp =
        s.add(
            "plain_http",
            trueOrFalse(),
            WebConfig::plainHttp,
            "whether others may connect without encryption, as behind a proxy that encrypts");
    var names =
        s.add(
            "names",
            new ListOf<>(hostName, 0),
            WebConfig::names,
            "further names and addresses of this server that requests may ask for");
    var origins =
        s.add(
            "allowed_origins",
            new ListOf<>(text(WebConfig.ORIGIN, WebConfig.ORIGIN_IN_WORDS), 0),
            WebConfig::allowedOrigins,
            "origins of foreign pages that may use the interface");
    var proxies =
        s.add(
            "trusted_proxies",
            new ListOf<>(addressRange(), 0),
            WebConfig::trustedProxies,
            "proxies that tell the client's address, scheme and host truly");
    var limits =
        s.add("limits", limits(), WebConfig::limits, "how much of the server clients may take");
    return s.make(v ->
        new WebConfig(
            v.get(host),
            v.get(port),
            v.get(tls),
            v.get(plainHttp),
            v.get(names),
            v.get(origins),
            v.get(proxies),
            v.get(limits)));
  }

  private static Scalar<AddressRange> addressRange() {
    return Scalar.parsed(
        AddressRange.FORM, AddressRange.IN_WORDS, AddressRange::parse, AddressRange::toString);
  }

  private static OneOf<Tls> tls() {
    return new OneOf<>(
        "type",
        List.of(
            new Variant<>(
                "none",
                Draft.<Tls.None>withoutPresets().make(_ -> new Tls.None()),
                n -> n,
                tls -> tls instanceof Tls.None n ? n : null),
            new Variant<>(
                "self_signed",
                Draft.<Tls.SelfSigned>withoutPresets().make(_ -> new Tls.SelfSigned()),
                s -> s,
                tls -> tls instanceof Tls.SelfSigned s ? s : null),
            new Variant<>("pem", pem(), p -> p, tls -> tls instanceof Pem p ? p : null),
            new Variant<>("pkcs12", pkcs12(), p -> p, tls -> tls instanceof Pkcs12 p ? p : null)));
  }

  private static Section<Pem> pem() {
    var s = Draft.from(new Pem(Path.of("certificate.pem"), Path.of("key.pem")));
    var certificate =
        s.required(
            "certificate",
            path(),
            Pem::certificate,
            "PEM file, the server's own certificate first, then those that vouch for it");
    var key = s.required("key", path(), Pem::key, "PEM file, PKCS #8, not encrypted");
    return s.make(v -> new Pem(v.get(certificate), v.get(key)));
  }

  private static Section<Pkcs12> pkcs12() {
    var s = Draft.from(new Pkcs12(Path.of("server.p12"), Path.of("password")));
    var store =
        s.required(
            "store", path(), Pkcs12::store, "PKCS #12 file with one key and its certificate");
    var password =
        s.required(
            "password_file", path(), Pkcs12::password, "file whose first line is the password");
    return s.make(v -> new Pkcs12(v.get(store), v.get(password)));
  }

  private static Section<WebLimits> limits() {
    var s = Draft.from(WebLimits.DEFAULT);
    var header =
        s.add(
            "header_bytes",
            whole(WebLimits.HEADER_BYTES),
            WebLimits::headerBytes,
            "head of one request, its first line included");
    var connections =
        s.add(
            "connections",
            whole(WebLimits.CONNECTIONS),
            WebLimits::connections,
            "connections at once; one more is closed");
    var perAddress =
        s.add(
            "connections_per_address",
            whole(WebLimits.CONNECTIONS),
            WebLimits::connectionsPerAddress,
            "of them from one address, trusted proxies apart");
    var requests =
        s.add(
            "requests_per_s",
            whole(WebLimits.REQUESTS),
            WebLimits::requestsPerSecond,
            "requests a second from one address, on average");
    var burst =
        s.add(
            "burst",
            whole(WebLimits.REQUESTS),
            WebLimits::burst,
            "requests from one address that may come at once");
    var idle =
        s.add(
            "idle_timeout_s",
            seconds(WebLimits.TIMEOUT_S),
            WebLimits::idleTimeout,
            "after which a connection without a request is closed, s");
    var request =
        s.add(
            "request_timeout_s",
            seconds(WebLimits.TIMEOUT_S),
            WebLimits::requestTimeout,
            "for a request to arrive whole, s");
    var stall =
        s.add(
            "stall_timeout_s",
            seconds(WebLimits.TIMEOUT_S),
            WebLimits::stallTimeout,
            "how long a client may leave what was sent to it unread, s");
    return s.make(v ->
        new WebLimits(
            v.get(header),
            v.get(connections),
            v.get(perAddress),
            v.get(requests),
            v.get(burst),
            v.get(idle),
            v.get(request),
            v.get(stall)));
  }
}
