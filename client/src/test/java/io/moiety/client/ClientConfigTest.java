package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class ClientConfigTest {

  @Test
  void namesWhatIsWrongAndWhatIsAllowed() {
    refuses(builder -> builder.addresses(List.of()), "addresses");
    refuses(builder -> builder.clientId(" "), "clientId");
    refuses(builder -> builder.connectTimeout(Duration.ZERO), "connectTimeout = PT0S");
    refuses(builder -> builder.requestTimeout(Duration.ofDays(2)), "requestTimeout = PT48H");
    refuses(builder -> builder.maxFrameBytes(10), "maxFrameBytes = 10");
    refuses(builder -> builder.maxInFlightSends(0), "maxInFlightSends = 0");
    refuses(builder -> builder.maxInFlightBytes(0), "maxInFlightBytes = 0");
  }

  @Test
  void readsSeveralAddresses() {
    assertThat(ClientConfig.builder().addresses("a:1,b:2").clientId("c").build().addresses())
        .containsExactly(new BrokerAddress("a", 1), new BrokerAddress("b", 2));
  }

  private static void refuses(UnaryOperator<ClientConfig.Builder> change, String what) {
    ClientConfig.Builder builder = ClientConfig.builder().addresses("a:1").clientId("c");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change.apply(builder).build())
        .withMessageContaining(what)
        .withMessageContaining("allowed: ");
  }
}
