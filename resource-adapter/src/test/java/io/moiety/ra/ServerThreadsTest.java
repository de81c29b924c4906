package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.InternalThreadLocalMap;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.resource.spi.ManagedConnection;
import java.nio.file.Path;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Netty's thread locals would keep the adapter's class loader for as long as the server's threads
 * live, which is until the server stops.
 */
@Timeout(120)
final class ServerThreadsTest {

  private static void assertNothingLeft(String after) {
    assertThat(InternalThreadLocalMap.getIfSet()).as("thread locals after " + after).isNull();
  }

  @Test
  void leavesNoThreadLocalsOnTheThreadsOfTheServer(@TempDir Path store) throws Exception {
    TestServer server = TestServer.start(store);
    assertNothingLeft("the start");
    ManagedConnection managed =
        server.managedConnectionFactory().createManagedConnection(null, null);
    assertNothingLeft("connecting");
    managed.getXAResource().recover(XAResource.TMSTARTRSCAN);
    assertNothingLeft("recovering");
    Connection connection = (Connection) managed.getConnection(null, null);
    Session session = connection.createSession();
    Queue queue = session.createQueue("orders");
    session.createProducer(queue).send(session.createTextMessage("1"));
    assertNothingLeft("sending");
    MessageConsumer consumer = session.createConsumer(queue);
    connection.start();
    assertThat(consumer.receive(5_000)).isNotNull();
    assertNothingLeft("receiving");
    consumer.close();
    connection.close();
    managed.cleanup();
    managed.destroy();
    assertNothingLeft("closing");
    server.close();
    assertNothingLeft("the stop");
  }
}
