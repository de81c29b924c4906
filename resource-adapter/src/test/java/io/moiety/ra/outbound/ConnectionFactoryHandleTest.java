package io.moiety.ra.outbound;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.TestServer;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What applications hear when they get no context. */
@Timeout(60)
final class ConnectionFactoryHandleTest {

  private final RuntimeException poolsFailure = new IllegalStateException("the pool is gone");

  /** Takes no connection back. */
  private final class FailingPool implements ConnectionManager {

    private static final long serialVersionUID = 1L;

    private final transient ManagedConnection managed;

    FailingPool(ManagedConnection managed) {
      this.managed = managed;
      managed.addConnectionEventListener(
          (ConnectionEventListener)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {ConnectionEventListener.class},
                  (proxy, method, arguments) -> told(arguments)));
    }

    private Object told(Object[] arguments) {
      if (arguments[0] instanceof ConnectionEvent) {
        throw poolsFailure;
      }
      return false;
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory asked, ConnectionRequestInfo info)
        throws ResourceException {
      return managed.getConnection(null, info);
    }
  }

  @Test
  void tellsWhyThereIsNoContextWhenThePoolFailsToTakeTheConnectionBackToo(@TempDir Path store)
      throws Exception {
    try (TestServer server = TestServer.start(store)) {
      MoietyManagedConnectionFactory connections = server.managedConnectionFactory();
      ManagedConnection managed = connections.createManagedConnection(null, null);
      ConnectionFactory factory =
          (ConnectionFactory) connections.createConnectionFactory(new FailingPool(managed));

      assertThatThrownBy(
              () -> {
                try (JMSContext context = factory.createContext(99)) {
                  throw new AssertionError("made " + context);
                }
              })
          .isInstanceOf(JMSRuntimeException.class)
          .hasMessageContaining("Session mode 99")
          .cause()
          .hasSuppressedException(poolsFailure);
      managed.destroy();
    }
  }
}
