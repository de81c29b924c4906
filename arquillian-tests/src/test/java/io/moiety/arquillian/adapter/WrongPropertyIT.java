package io.moiety.arquillian.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.arquillian.orders.Application;
import io.moiety.arquillian.orders.Mode;
import io.moiety.arquillian.server.ServerKind;
import io.moiety.arquillian.server.ServerSetup;
import io.moiety.arquillian.server.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A property of the adapter that is not allowed, as somebody who deploys it hears of it. */
final class WrongPropertyIT {

  private static final String NAMED = "listenPort: allowed: 0..65535";

  @TempDir Path directory;

  @Test
  void stopsTheDeploymentAndIsNamedByTheServer() throws Exception {
    try (TestServer server = TestServer.start(ServerKind.ofThisRun(), setup("70000"))) {
      assertThatThrownBy(() -> server.deploy(Application.adapter()))
          .isInstanceOf(AssertionError.class)
          .hasStackTraceContaining(NAMED);
      assertThat(server.tail()).as("what the server logged").contains(NAMED);
    }
  }

  private ServerSetup setup(String listenPort) {
    return new ServerSetup(
        directory.resolve("server"),
        ServerSetup.STANDALONE,
        List.of(Mode.XA.configuration()),
        List.of(),
        Map.of(
            "postgres.port",
            "5432",
            "moiety.addresses",
            "",
            "moiety.listenPort",
            listenPort,
            "moiety.brokerProperties",
            ""),
        List.of());
  }
}
