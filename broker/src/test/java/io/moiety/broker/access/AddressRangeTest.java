package io.moiety.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/16, 10.1.255.3, true",
    "10.1.0.0/16, 10.2.0.0, false",
    "10.1.2.128/25, 10.1.2.129, true",
    "10.1.2.128/25, 10.1.2.127, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "::1, ::1, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
  })
  void containsWhatBeginsWithItsBits(String range, String address, boolean contained)
      throws UnknownHostException {
    assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host.example",
        "10.1.0.0/33",
        "10.1.0.0/-1",
        "10.1/x",
        "1.2.3.4/5/6",
        "/8",
        "10",
        "10.1/16",
        "10.1.2",
        "1.2.3.4.5",
        "256.1.1.1",
        "010.1.1.1",
        "1..2.3",
        "1:2"
      })
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).hasMessageContaining("is no address");
  }
}
