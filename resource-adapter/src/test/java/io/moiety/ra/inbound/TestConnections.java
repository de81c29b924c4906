package io.moiety.ra.inbound;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundSpec;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections whose receivers the test feeds. */
final class TestConnections implements ReceivingConnections {

  final List<FakeReceiver> receivers = new CopyOnWriteArrayList<>();
  final List<InboundSpec> specs = new CopyOnWriteArrayList<>();
  final AtomicInteger refusals = new AtomicInteger();
  private volatile ExceptionListener listener;
  volatile boolean connected = true;
  volatile CountDownLatch gate = new CountDownLatch(0);
  final AtomicInteger opening = new AtomicInteger();

  void lose() {
    listener.onException(new JMSException("the connection is lost"));
  }

  @Override
  public AdapterConnection open(Optional<String> clientId) throws JMSException {
    opening.incrementAndGet();
    awaitUninterruptibly(gate);
    if (refusals.getAndDecrement() > 0) {
      throw new JMSException("no broker");
    }
    List<FakeReceiver> own = new CopyOnWriteArrayList<>();
    return (AdapterConnection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {AdapterConnection.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "setExceptionListener" -> listener = (ExceptionListener) arguments[0];
                case "openInbound" -> {
                  FakeReceiver receiver = new FakeReceiver();
                  specs.add((InboundSpec) arguments[0]);
                  own.add(receiver);
                  receivers.add(receiver);
                  return receiver;
                }
                case "isOpen" -> {
                  return connected;
                }
                case "close" -> own.forEach(FakeReceiver::close);
                default -> throw new UnsupportedOperationException(method.getName());
              }
              return null;
            });
  }

  static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
