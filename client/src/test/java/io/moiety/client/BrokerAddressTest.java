package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "broker.example:1234, broker.example, 1234",
    "' 10.0.0.1:99 ', 10.0.0.1, 99",
    "localhost, localhost, 9876",
    "[::1]:5, ::1, 5",
    "[fe80::1], fe80::1, 9876",
  })
  void reads(String text, String host, int port) {
    assertThat(BrokerAddress.parse(text)).isEqualTo(new BrokerAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":1", "h:", "h:x", "h:0", "h:65536", "h:-1", "::1", "[::1", "[]:1", "[::1]x"})
  void refuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> BrokerAddress.parse(text));
  }

  @Test
  void readsListsAndWritesWhatItReads() {
    assertThat(BrokerAddress.parseList("a:1, [::1]:2;b"))
        .containsExactly(
            new BrokerAddress("a", 1), new BrokerAddress("::1", 2), new BrokerAddress("b", 9_876))
        .allSatisfy(
            address -> assertThat(BrokerAddress.parse(address.toString())).isEqualTo(address));
  }
}
