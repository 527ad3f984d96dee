package io.photophone.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "10.0.0.0/8, a00::, false",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "192.168.4.1, 192.168.4.1, true",
    "192.168.4.1, 192.168.4.2, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fc00::1, false",
    "2001:db8::/33, 2001:db8:7fff::, true",
    "2001:db8::/33, 2001:db8:8000::, false",
    "::1, ::1, true"
  })
  void a_block_has_the_addresses_that_begin_as_it_does(String range, String address, boolean in) {
    assertEquals(in, AddressRange.parse(range).contains(InetAddress.ofLiteral(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1/8",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "10",
        "256.0.0.0/8",
        "lab.example",
        "fe80::1%eth0",
        "",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/-1"
      })
  void what_is_no_block_is_refused(String text) {
    assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/8, 10.0.0.0/8", "::1, 0:0:0:0:0:0:0:1/128"})
  void its_text_reads_back_as_the_same(String text, String written) {
    assertEquals(written, AddressRange.parse(text).toString());
    assertEquals(AddressRange.parse(text), AddressRange.parse(written));
  }
}
