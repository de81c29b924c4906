package io.moiety.shop.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDirectoryTest {
  @TempDir private Path temporary;
  private Path wildfly;
  private Path archive;
  private Path directory;

  @BeforeEach
  void layAWildFly() throws IOException {
    wildfly = temporary.resolve("wildfly");
    Files.createDirectories(wildfly.resolve("standalone/configuration"));
    Files.writeString(wildfly.resolve("standalone/configuration/standalone.xml"), "<server/>");
    archive = Files.writeString(temporary.resolve("shop.ear"), "ear");
    directory = temporary.resolve("server");
  }

  @Test
  void laysConfigurationAndDeploymentsAnewAndKeepsTheData() throws IOException {
    open().close();
    Path store = directory.resolve("data/moiety");
    Files.createDirectories(store);
    Path changed = directory.resolve("configuration/standalone.xml");
    Files.writeString(changed, "changed");
    Path mark = Files.writeString(directory.resolve("deployments/shop.ear.failed"), "why");

    try (ServerDirectory server = open()) {
      assertThat(changed).hasContent("<server/>");
      assertThat(server.yaml()).content().contains("moiety-ra.rar");
      assertThat(directory.resolve("deployments/shop.ear")).hasContent("ear");
      assertThat(mark).doesNotExist();
      assertThat(server.failedDeployments()).isEmpty();
      assertThat(store).isDirectory();
    }
  }

  @Test
  void tellsWhichDeploymentFailed() throws IOException {
    try (ServerDirectory server = open()) {
      Path mark = Files.writeString(directory.resolve("deployments/shop.ear.failed"), "why");

      assertThat(server.failedDeployments()).containsExactly(mark);
    }
  }

  @Test
  void isOpenOnlyOnce() {
    try (ServerDirectory server = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(DemoException.class)
          .hasMessageContaining("Another demo runs in " + server.path());
    }
    open().close();
  }

  @Test
  void isDeletedWithAllInIt() {
    open().close();

    ServerDirectory.delete(directory);

    assertThat(directory).doesNotExist();
  }

  private ServerDirectory open() {
    return ServerDirectory.open(directory, wildfly, List.of(archive));
  }
}
