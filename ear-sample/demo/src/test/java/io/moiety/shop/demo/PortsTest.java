package io.moiety.shop.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
  @Test
  void freePortsAreTwo() {
    Ports ports = Ports.anyFree(Ports.NONE, Ports.NONE);

    assertThat(ports.http()).isPositive().isNotEqualTo(ports.management());
    assertThat(ports.management()).isPositive();
  }

  @Test
  void aChosenPortIsTaken() {
    int chosen = Ports.anyFree(Ports.NONE, Ports.NONE).http();

    assertThat(Ports.anyFree(chosen, Ports.NONE).http()).isEqualTo(chosen);
  }

  @Test
  void aBusyPortIsNamedWithWhatToDo() throws IOException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = busy.getLocalPort();

      assertThatThrownBy(() -> Ports.wellKnown(port, Ports.NONE))
          .isInstanceOf(DemoException.class)
          .hasMessageContaining("Port " + port + " (HTTP)")
          .hasMessageContaining("--port");
      assertThatThrownBy(() -> Ports.anyFree(Ports.NONE, port))
          .isInstanceOf(DemoException.class)
          .hasMessageContaining("Port " + port + " (management)")
          .hasMessageContaining("--management-port");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void aNumberThatIsNoPortIsRefused(int port) {
    assertThatThrownBy(() -> Ports.wellKnown(port, Ports.NONE))
        .isInstanceOf(DemoException.class)
        .hasMessage("--port is %d, allowed is 1 to 65535.", port);
  }
}
