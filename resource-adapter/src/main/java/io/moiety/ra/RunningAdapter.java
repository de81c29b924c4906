package io.moiety.ra;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.EventLoops;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.AdapterConnection;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.broker.BrokerLocation;
import io.moiety.ra.checkback.CheckBackGroups;
import io.moiety.ra.checkback.CheckBackList;
import io.moiety.ra.checkback.Checkers;
import io.moiety.ra.checkback.DataSources;
import io.moiety.ra.checkback.Tasks;
import io.moiety.ra.connection.ConnectionOptions;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.inbound.Activations;
import io.moiety.ra.inbound.MoietyActivationSpec;
import io.moiety.ra.metrics.AdapterBean;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.metrics.ManagementBeans;
import io.moiety.ra.work.ContainerTasks;
import io.moiety.ra.xa.LostRollbacks;
import io.moiety.ra.xa.RecoveryResources;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.UnavailableException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import javax.transaction.xa.XAResource;

/**
 * What a resource adapter is made of between its start and its stop: broker, network threads,
 * activations, recovery. The composition root; it only news things up and ends them in order.
 */
final class RunningAdapter implements BrokerAccess, AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(RunningAdapter.class.getName());

  /**
   * Own threads, the only ones besides the server's: they live as long as the adapter, and bring
   * the answers that the server's threads wait for. Were they the work manager's, a pool that is
   * full of waiting beans would keep them from starting, and nobody could go on.
   */
  private static final int NETWORK_THREADS = 2;

  static final String NETWORK_THREAD = "moiety-ra-network";

  /** Where the connections of a recovery come from, asked each time. */
  private interface Factories {
    MoietyXAConnectionFactory next() throws ResourceException;
  }

  private final AdapterSettings settings;
  private final BrokerLocation broker;
  private final EventLoops eventLoops;
  private final ContainerTasks tasks;
  private final Optional<TransactionSynchronizationRegistry> transactions;
  private final AdapterMetrics metrics = new AdapterMetrics();
  private final RecoveryResources recovery = new RecoveryResources(metrics);
  private final LostRollbacks lostRollbacks;
  private final RecoveryWatch recoveryWatch;
  private final ManagementBeans management;
  private final CheckBackGroups checkBackGroups;
  private final Checkers checkers;
  private final Activations activations;

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
    lostRollbacks = new LostRollbacks(tasks);
    recoveryWatch =
        new RecoveryWatch(
            tasks,
            settings.recoveryWarningMillis(),
            () -> !broker.isOwn() || !settings.listensOnLoopback(),
            property -> System.getProperty(property));
    checkBackGroups =
        new CheckBackGroups(new ServerTasks(tasks), DataSources.JNDI, Clock.systemUTC());
    management = ManagementBeans.open(new AdapterBean(metrics, checkBackGroups, this::place));
    checkers = new Checkers(new ServerTasks(tasks), new OwnBroker());
    activations = Activations.over(this, tasks, management, recovery::release);
  }

  /** What was started before a failure is ended again. */
  static RunningAdapter start(AdapterSettings settings, BootstrapContext context)
      throws ResourceException {
    try (Startup startup = new Startup()) {
      ContainerTasks tasks = new ContainerTasks(context.getWorkManager(), timer(context));
      startup.began(tasks::close);
      BrokerLocation broker = settings.locate(tasks);
      // One that was left running would keep its store from the next deployment.
      startup.began(broker::close);
      Optional<TransactionSynchronizationRegistry> transactions =
          Optional.ofNullable(context.getTransactionSynchronizationRegistry());
      EventLoops eventLoops = EventLoops.start(NETWORK_THREADS, RunningAdapter::networkThread);
      startup.began(eventLoops::close);
      eventLoops.startThreads();
      RunningAdapter adapter =
          new RunningAdapter(settings, broker, eventLoops, tasks, transactions);
      startup.began(adapter::close);
      adapter.answerCheckBacks();
      startup.succeeded();
      LOGGER.log(INFO, "Resource adapter started: {0}", settings);
      return adapter;
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

  /** Without the thread locals and the context class loader of whoever starts it. */
  private static Thread networkThread(Runnable task) {
    Thread thread = new Thread(null, task, NETWORK_THREAD, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(RunningAdapter.class.getClassLoader());
    return thread;
  }

  private AdapterBean.Place place() {
    try {
      return new AdapterBean.Place(broker.addresses(), broker.isOwn());
    } catch (ResourceException unknown) {
      return new AdapterBean.Place("", false);
    }
  }

  /** Before any application looks up a factory: after a restart a broker may be waiting. */
  private void answerCheckBacks() {
    for (CheckBackList.Entry entry : CheckBackList.parse(settings.checkBackGroups())) {
      checkBackGroups.answerFor(entry.place(), entry.producerGroup(), new OwnBroker());
    }
  }

  Checkers checkers() {
    return checkers;
  }

  Activations activations() {
    return activations;
  }

  /**
   * What recovers the transactions of beans: one resource for each way of connecting. A broker that
   * cannot be reached does not keep the others from their recovery.
   *
   * @throws ResourceException when none can be reached, so that the server asks again
   */
  XAResource[] recovery(ActivationSpec[] specs) throws ResourceException {
    recoveryWatch.asked(RecoveryWatch.BEANS);
    Set<XAResource> resources = new LinkedHashSet<>();
    Optional<ResourceException> unreachable = Optional.empty();
    for (ActivationSpec spec : specs) {
      if (spec instanceof MoietyActivationSpec ours) {
        try {
          ConnectionSource source = activations.sourceOf(ours);
          resources.add(
              recovery.of(
                  source.recoveryKey(), () -> connectToRecover(source::newConnectionFactory)));
        } catch (ResourceException failure) {
          LOGGER.log(WARNING, "Transactions of {0} are not recovered now: {1}", ours, failure);
          unreachable = Optional.of(failure);
        }
      }
    }
    if (resources.isEmpty() && unreachable.isPresent()) {
      throw unreachable.get();
    }
    return resources.toArray(new XAResource[0]);
  }

  private AdapterConnection connectToRecover(Factories factories) throws JMSException {
    try {
      MoietyXAConnectionFactory factory = factories.next();
      if (!settings.recoveryUser().isEmpty()) {
        factory.setUser(settings.recoveryUser());
        factory.setPassword(settings.recoveryPassword());
      }
      return (AdapterConnection) factory.createXAConnection();
    } catch (ResourceException unavailable) {
      JMSException failure = new JMSException(unavailable.getMessage());
      failure.initCause(unavailable);
      throw failure;
    }
  }

  @Override
  public MoietyXAConnectionFactory newConnectionFactory(ConnectionOptions own)
      throws ResourceException {
    ConnectionOptions adapter =
        own.addresses().isEmpty()
            ? settings.connection().at(broker.addresses())
            : settings.connection();
    MoietyXAConnectionFactory factory = new MoietyXAConnectionFactory();
    own.over(adapter).applyTo(factory);
    factory.setTrustedClasses(settings.trustedClasses());
    factory.setBranchTimeoutSeconds(settings.branchTimeoutSeconds());
    factory.useEventLoops(eventLoops);
    factory.useThreadsOf(tasks::execute);
    factory.tellUnansweredRollbacks(
        branch ->
            lostRollbacks.add(
                branch, own, () -> connectToRecover(() -> newConnectionFactory(own))));
    return factory;
  }

  @Override
  public Optional<TransactionSynchronizationRegistry> transactions() {
    return transactions;
  }

  @Override
  public CheckBackGroups checkBackGroups() {
    return checkBackGroups;
  }

  @Override
  public AdapterMetrics metrics() {
    return metrics;
  }

  @Override
  public RecoveryWatch recoveryWatch(ConnectionOptions own) {
    return own.addresses().isEmpty() ? recoveryWatch : recoveryWatch.overSharedBroker();
  }

  /** Those who use the broker first, the broker last. */
  @Override
  public void close() {
    activations.close();
    checkers.close();
    checkBackGroups.close();
    management.close();
    tasks.close();
    recovery.close();
    eventLoops.close();
    broker.close();
    LOGGER.log(INFO, "Resource adapter stopped");
  }

  private record ServerTasks(ContainerTasks tasks) implements Tasks {

    @Override
    public void execute(Runnable task) {
      tasks.execute(task);
    }

    @Override
    public void executeAfter(long delayMillis, Runnable task) {
      tasks.executeAfter(delayMillis, task);
    }
  }

  /** The adapter's broker, as the adapter's user. */
  private final class OwnBroker implements CheckBackGroups.Broker {

    @Override
    public Object key() {
      return ConnectionOptions.ADAPTERS;
    }

    @Override
    public MoietyXAConnectionFactory factory() throws JMSException {
      try {
        return newConnectionFactory(ConnectionOptions.ADAPTERS);
      } catch (ResourceException unavailable) {
        JMSException failure = new JMSException(unavailable.getMessage());
        failure.initCause(unavailable);
        throw failure;
      }
    }
  }
}
