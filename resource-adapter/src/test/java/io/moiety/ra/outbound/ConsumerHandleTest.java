package io.moiety.ra.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.TestServer;
import jakarta.jms.IllegalStateException;
import jakarta.jms.MessageConsumer;
import jakarta.resource.spi.ManagedConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Consumers that are closed on one thread while another one opens them, over a real connection. */
@Timeout(60)
final class ConsumerHandleTest {

  private final List<MessageConsumer> opened = new ArrayList<>();
  private TestServer server;
  private ManagedConnection managed;
  private SessionHandle session;

  @BeforeEach
  void connect(@TempDir Path store) throws Exception {
    server = TestServer.start(store);
    managed = server.managedConnectionFactory().createManagedConnection(null, null);
    ConnectionHandle connection = (ConnectionHandle) managed.getConnection(null, null);
    session = (SessionHandle) connection.createSession();
  }

  @AfterEach
  void stop() throws Exception {
    managed.destroy();
    server.close();
  }

  /**
   * @param meanwhile what another thread does while the second and later consumers are opened
   */
  private ConsumerHandle open(Runnable meanwhile) throws Exception {
    return ConsumerHandle.open(
        session,
        physical -> {
          if (!opened.isEmpty()) {
            meanwhile.run();
          }
          MessageConsumer consumer = physical.createConsumer(physical.createQueue("orders"));
          opened.add(consumer);
          return consumer;
        });
  }

  private static void assertClosed(MessageConsumer consumer) {
    assertThatThrownBy(consumer::getMessageSelector).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leavesNothingOpenWhenItIsClosedWhileItIsOpenedAgain() throws Exception {
    ConsumerHandle[] handle = new ConsumerHandle[1];
    handle[0] = open(() -> close(handle[0]));
    handle[0].leave();

    assertThatThrownBy(handle[0]::receiveNoWait)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");

    assertThat(opened).hasSize(2).allSatisfy(ConsumerHandleTest::assertClosed);
  }

  @Test
  void leavesNothingOpenWhenItsSessionIsClosedWhileItIsOpened() throws Exception {
    ConsumerHandle handle = open(() -> {});
    session.close();

    assertThatThrownBy(() -> session.add(handle)).hasMessageContaining("closed");

    assertThat(opened).singleElement().satisfies(ConsumerHandleTest::assertClosed);
  }

  private static void close(ConsumerHandle handle) {
    try {
      handle.close();
    } catch (jakarta.jms.JMSException failure) {
      throw new AssertionError(failure);
    }
  }
}
