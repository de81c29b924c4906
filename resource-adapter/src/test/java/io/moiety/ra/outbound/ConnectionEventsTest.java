package io.moiety.ra.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ConnectionEventsTest {

  private final JMSException failure = new JMSException("no answer");

  private final AtomicBoolean connected = new AtomicBoolean(true);
  private final List<Object> told = new ArrayList<>();
  private final ConnectionEvents events = new ConnectionEvents(source(), connected::get);

  private static ManagedConnection source() {
    return (ManagedConnection)
        Proxy.newProxyInstance(
            ConnectionEventsTest.class.getClassLoader(),
            new Class<?>[] {ManagedConnection.class},
            (proxy, method, arguments) -> "connection");
  }

  private ConnectionEventListener pool() {
    return (ConnectionEventListener)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ConnectionEventListener.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "connectionErrorOccurred" ->
                      told.add(((ConnectionEvent) arguments[0]).getException());
                  case "equals" -> proxy == arguments[0];
                  default -> null;
                });
  }

  @Test
  void aFailureOverALivingConnectionIsNoBreakage() {
    events.add(pool());

    events.failed(failure);

    assertThat(told).isEmpty();
    assertThat(events.isBroken()).isFalse();
  }

  @Test
  void tellsThePoolOnce() {
    events.add(pool());
    connected.set(false);

    events.failed(failure);
    events.broken(new JMSException("later"));

    assertThat(told).containsExactly(failure);
  }

  @Test
  void tellsAPoolThatListensOnlyAfterTheLossAtTheNextFailure() {
    events.broken(new JMSException("lost before anybody listened"));
    connected.set(false);
    assertThat(events.isBroken()).isTrue();
    events.add(pool());

    events.failed(failure);

    assertThat(told).containsExactly(failure);
  }
}
