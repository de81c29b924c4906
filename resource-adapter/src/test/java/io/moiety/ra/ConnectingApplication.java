package io.moiety.ra;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;

/**
 * An application of a class loader of its own, on a thread that is full of it: context class
 * loader, inheritable thread local, and its code among those that called.
 */
final class ConnectingApplication implements Runnable {

  private static final InheritableThreadLocal<Object> INHERITED = new InheritableThreadLocal<>();
  private final ConnectionFactory factory;

  ConnectingApplication(ConnectionFactory factory) {
    this.factory = factory;
  }

  /** Sends something over the server's connections and is gone; returns its class loader. */
  static WeakReference<ClassLoader> runAndForget(TestServer server) throws Exception {
    SecondLoader loader = new SecondLoader();
    Constructor<?> constructor =
        loader
            .loadAgain(ConnectingApplication.class)
            .getDeclaredConstructor(ConnectionFactory.class);
    constructor.setAccessible(true);
    Runnable application = (Runnable) constructor.newInstance(server.connectionFactory());
    Thread thread = new Thread(application, "application");
    thread.setContextClassLoader(loader);
    thread.start();
    thread.join();
    return new WeakReference<>(loader);
  }

  @Override
  public void run() {
    INHERITED.set(this);
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue("orders"), "1");
    }
  }
}
