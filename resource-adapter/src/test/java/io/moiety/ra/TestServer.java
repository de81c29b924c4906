package io.moiety.ra;

import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkManager;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * As much of an application server as the adapter needs: threads, a timer, transactions by
 * Narayana, pools that enlist, endpoints that begin and complete transactions.
 */
public final class TestServer implements AutoCloseable {

  private final TransactionManager transactions;
  private final ServerThreads threads = new ServerThreads();
  private final MoietyResourceAdapter adapter;
  private final AtomicInteger timeoutSeconds = new AtomicInteger();
  private final List<EnlistingConnections> pools = new ArrayList<>();
  private boolean hasTransactions = true;

  private TestServer(MoietyResourceAdapter adapter) {
    this.adapter = adapter;
    transactions = transactionManager();
  }

  /** With its broker inside. */
  public static TestServer start(Path store) throws ResourceException {
    return start(adapter -> adapter.setStoreDirectory(store.toString()));
  }

  static TestServer start(Consumer<MoietyResourceAdapter> settings) throws ResourceException {
    MoietyResourceAdapter adapter = new MoietyResourceAdapter();
    settings.accept(adapter);
    TestServer server = new TestServer(adapter);
    adapter.start(server.bootstrapContext());
    return server;
  }

  private static TransactionManager transactionManager() {
    try {
      String directory = Files.createTempDirectory("moiety-ra-transactions").toString();
      // Of all its stores at once; the one of transactions has no name of its own.
      arjPropertyManager.getObjectStoreEnvironmentBean().setObjectStoreDir(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  MoietyResourceAdapter adapter() {
    return adapter;
  }

  TransactionManager transactions() {
    return transactions;
  }

  public MoietyManagedConnectionFactory managedConnectionFactory() throws ResourceException {
    MoietyManagedConnectionFactory factory = new MoietyManagedConnectionFactory();
    factory.setResourceAdapter(adapter);
    return factory;
  }

  ConnectionFactory connectionFactory() throws ResourceException {
    return connectionFactory(managedConnectionFactory());
  }

  ConnectionFactory connectionFactory(MoietyManagedConnectionFactory factory)
      throws ResourceException {
    return (ConnectionFactory) factory.createConnectionFactory(pool(factory));
  }

  EnlistingConnections pool(MoietyManagedConnectionFactory factory) {
    EnlistingConnections pool = new EnlistingConnections(transactions, factory);
    pools.add(pool);
    return pool;
  }

  BeanEndpoints endpoints(MessageListener bean) {
    return new BeanEndpoints(transactions, bean, true, timeoutSeconds::get);
  }

  /** Of a bean that is called outside of transactions. */
  BeanEndpoints plainEndpoints(MessageListener bean) {
    return new BeanEndpoints(transactions, bean, false, timeoutSeconds::get);
  }

  /** For the transactions of beans from now on. */
  void transactionTimeoutSeconds(int seconds) {
    timeoutSeconds.set(seconds);
  }

  /** How many of the server's threads are at work. */
  int busyThreads() {
    return threads.running();
  }

  /** As a server that is stopped while it starts an adapter may be. */
  static void startWithoutTransactions(Path store) throws ResourceException {
    MoietyResourceAdapter adapter = new MoietyResourceAdapter();
    adapter.setStoreDirectory(store.toString());
    try (TestServer server = new TestServer(adapter)) {
      server.hasTransactions = false;
      adapter.start(server.bootstrapContext());
    }
  }

  /** As by a server that does not validate properties, nor lets the adapter do so. */
  static void startUnchecked(MoietyResourceAdapter adapter) throws ResourceException {
    try (TestServer server = new TestServer(adapter)) {
      RunningAdapter.start(adapter.settings(), server.bootstrapContext()).close();
    }
  }

  private BootstrapContext bootstrapContext() {
    return new BootstrapContext() {
      @Override
      public WorkManager getWorkManager() {
        return threads;
      }

      @Override
      public XATerminator getXATerminator() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Timer createTimer() {
        return new Timer(true);
      }

      @Override
      public boolean isContextSupported(Class<? extends WorkContext> type) {
        return false;
      }

      @Override
      public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        if (!hasTransactions) {
          throw new IllegalStateException("no transactions here");
        }
        return new TransactionSynchronizationRegistryImple();
      }
    };
  }

  @Override
  public void close() {
    pools.forEach(EnlistingConnections::close);
    adapter.stop();
    threads.close();
  }
}
