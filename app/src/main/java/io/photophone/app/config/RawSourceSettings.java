package io.photophone.app.config;

import static io.photophone.app.config.Scalar.anyText;
import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.text;
import static io.photophone.app.config.Scalar.trueOrFalse;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.acquisition.source.ChannelChoice;
import io.photophone.acquisition.source.PcmFormat;
import io.photophone.acquisition.source.RawSettings;
import io.photophone.acquisition.source.RawSettings.Address;
import io.photophone.acquisition.source.RawSettings.Transport;
import io.photophone.acquisition.source.SampleEncoding;
import io.photophone.app.config.Section.Draft;
import io.photophone.app.config.SourceConfig.File;
import java.nio.ByteOrder;
import java.util.List;

/// The part of the table of settings that is about raw samples of another program.
final class RawSourceSettings {
  private RawSourceSettings() {}

  static Section<RawSettings> raw() {
    var s = Draft.from(RawSettings.DEFAULT);
    var from =
        s.add(
            "from",
            named(List.of(Transport.values()), Transport::configName),
            RawSettings::from,
            "standard input, a TCP connection that the sender makes (tcp_listen) or that is made to"
                + " it (tcp_connect), or UDP datagrams of whole samples");
    var host =
        s.add(
            "host",
            line(),
            raw -> raw.address().host(),
            "name or address to listen at, or to connect to");
    var port =
        s.add(
            "port",
            whole(RawSettings.PORT),
            raw -> raw.address().port(),
            "port to listen at, or to connect to");
    var peer =
        s.add(
            "peer",
            anyText(),
            raw -> raw.address().peer(),
            "name or address of who may send; empty for this machine alone");
    var encoding =
        s.add(
            "encoding",
            named(List.of(SampleEncoding.values()), SampleEncoding::configName),
            raw -> raw.format().encoding(),
            "how one sample is written");
    var byteOrder =
        s.add(
            "byte_order",
            named(
                List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN),
                order -> order.equals(ByteOrder.BIG_ENDIAN) ? "big" : "little"),
            raw -> raw.format().order(),
            "which byte of a sample comes first, the least (little) or the most significant (big)");
    var sampleRate =
        s.add(
            "sample_rate_hz",
            whole(RawSettings.SAMPLE_RATE_HZ),
            raw -> raw.format().sampleRateHz(),
            "samples a second");
    var channelCount =
        s.add(
            "channel_count",
            whole(RawSettings.CHANNEL_COUNT),
            raw -> raw.format().channels(),
            "channels that are sent, a sample of each in turn");
    var channels =
        s.add(
            "channels",
            text(File.CHANNELS, File.CHANNELS_IN_WORDS),
            raw -> raw.channels().text(),
            "channels for the two microphones; empty where two are sent");
    var live =
        s.add(
            "live",
            trueOrFalse(),
            RawSettings::live,
            "whether the sender sets the pace; false for a recording, whose sender waits until its"
                + " samples are due");
    var timeout =
        s.add(
            "timeout_s",
            seconds(RawSettings.TIMEOUT_S),
            RawSettings::timeout,
            "silence of a sender after which it has failed, s");
    return s.make(v ->
        new RawSettings(
            v.get(from),
            new Address(v.get(host), v.get(port), v.get(peer)),
            new PcmFormat(
                v.get(encoding), v.get(byteOrder), v.get(channelCount), v.get(sampleRate)),
            v.get(channels).isEmpty() ? ChannelChoice.STEREO : ChannelChoice.parse(v.get(channels)),
            v.get(live),
            v.get(timeout)));
  }
}
