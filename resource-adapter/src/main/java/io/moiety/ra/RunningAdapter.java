package io.moiety.ra;

import static java.lang.System.Logger.Level.INFO;

import io.moiety.client.EventLoops;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.AdapterConnection;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.broker.BrokerLocation;
import io.moiety.ra.inbound.Activations;
import io.moiety.ra.inbound.ContainerTasks;
import io.moiety.ra.xa.RecoveryResource;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.UnavailableException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;
import java.util.Timer;

/**
 * What a resource adapter is made of between its start and its stop: broker, network threads,
 * activations, recovery. The composition root; it only news things up and ends them in order.
 */
final class RunningAdapter implements BrokerAccess, AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(RunningAdapter.class.getName());
  private static final int NETWORK_THREADS = 2;

  private final AdapterSettings settings;
  private final BrokerLocation broker;
  private final EventLoops eventLoops;
  private final ContainerTasks tasks;
  private final Activations activations;
  private final RecoveryResource recovery;
  private final Optional<TransactionSynchronizationRegistry> transactions;

  private RunningAdapter(
      AdapterSettings settings,
      BrokerLocation broker,
      EventLoops eventLoops,
      ContainerTasks tasks,
      Optional<TransactionSynchronizationRegistry> transactions) {
    this.settings = settings;
    this.broker = broker;
    this.eventLoops = eventLoops;
    this.tasks = tasks;
    this.transactions = transactions;
    activations = Activations.over(this::connect, tasks);
    recovery = new RecoveryResource(() -> connect(Optional.empty()));
  }

  /** What was started before a failure is ended again. */
  static RunningAdapter start(AdapterSettings settings, BootstrapContext context)
      throws ResourceException {
    BrokerLocation broker = settings.locate();
    try {
      ContainerTasks tasks = new ContainerTasks(context.getWorkManager(), timer(context));
      RunningAdapter adapter =
          new RunningAdapter(
              settings,
              broker,
              EventLoops.start(NETWORK_THREADS, RunningAdapter::networkThread),
              tasks,
              Optional.ofNullable(context.getTransactionSynchronizationRegistry()));
      LOGGER.log(INFO, "Resource adapter started, with its broker at {0}", broker.addresses());
      return adapter;
    } catch (ResourceException | RuntimeException failure) {
      broker.close();
      throw failure;
    }
  }

  private static Timer timer(BootstrapContext context) throws ResourceAdapterInternalException {
    try {
      return context.createTimer();
    } catch (UnavailableException refused) {
      throw new ResourceAdapterInternalException(
          "The server gives the resource adapter no timer", refused);
    }
  }

  /** Without the context class loader of whoever happens to open the first connection. */
  private static Thread networkThread(Runnable task) {
    Thread thread = new Thread(task, "moiety-ra-network");
    thread.setDaemon(true);
    thread.setContextClassLoader(RunningAdapter.class.getClassLoader());
    return thread;
  }

  Activations activations() {
    return activations;
  }

  RecoveryResource recovery() {
    return recovery;
  }

  @Override
  public MoietyXAConnectionFactory newConnectionFactory() {
    MoietyXAConnectionFactory factory = new MoietyXAConnectionFactory();
    factory.setAddresses(broker.addresses());
    factory.setUser(settings.user());
    factory.setPassword(settings.password());
    factory.setTrustedClasses(settings.trustedClasses());
    factory.setConnectTimeoutMillis(settings.connectTimeoutMillis());
    factory.setRequestTimeoutMillis(settings.requestTimeoutMillis());
    factory.useEventLoops(eventLoops);
    return factory;
  }

  private AdapterConnection connect(Optional<String> clientId) throws JMSException {
    MoietyXAConnectionFactory factory = newConnectionFactory();
    clientId.ifPresent(factory::setClientId);
    return (AdapterConnection) factory.createXAConnection();
  }

  @Override
  public Optional<TransactionSynchronizationRegistry> transactions() {
    return transactions;
  }

  /** Those who use the broker first, the broker last. */
  @Override
  public void close() {
    activations.close();
    tasks.close();
    recovery.close();
    eventLoops.close();
    broker.close();
    LOGGER.log(INFO, "Resource adapter stopped");
  }
}
