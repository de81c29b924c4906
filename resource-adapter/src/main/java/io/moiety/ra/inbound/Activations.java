package io.moiety.ra.inbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.AdapterConnection;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.checkback.OutcomePlace;
import io.moiety.ra.checkback.ReceivedMessages;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.metrics.ManagementBeans;
import io.moiety.ra.work.ContainerTasks;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The message-driven beans that are active at the adapter. Thread-safe. */
public final class Activations implements AutoCloseable {

  /** Told that no active bean has connections of a source any more. */
  public interface Unused {
    void unused(Object recoveryKey);
  }

  /**
   * @param hide takes it away from JMX
   */
  private record Active(Activation activation, ConnectionSource source, Runnable hide) {}

  private final BrokerAccess broker;
  private final ContainerTasks tasks;
  private final ManagementBeans management;
  private final DestinationNaming naming;
  private final Unused unused;
  private final List<Active> active = new CopyOnWriteArrayList<>();

  Activations(
      BrokerAccess broker,
      ContainerTasks tasks,
      ManagementBeans management,
      DestinationNaming naming,
      Unused unused) {
    this.broker = broker;
    this.tasks = tasks;
    this.management = management;
    this.naming = naming;
    this.unused = unused;
  }

  public static Activations over(
      BrokerAccess broker, ContainerTasks tasks, ManagementBeans management, Unused unused) {
    return new Activations(broker, tasks, management, DestinationNaming.ofServer(), unused);
  }

  /**
   * Begins to receive, at once or as soon as the broker can be reached.
   *
   * @throws ResourceException for what no waiting would mend
   */
  public void activate(MessageEndpointFactory endpoints, ActivationSpec spec)
      throws ResourceException {
    if (!(spec instanceof MoietyActivationSpec ours)) {
      throw new NotSupportedException(
          "An activation of Moiety's is wanted, not a " + spec.getClass().getName());
    }
    ActivationSettings settings = ours.settings(naming);
    ConnectionSource source = sourceOf(ours);
    Activation activation =
        new Activation(
            endpoints,
            spec,
            settings,
            clientId -> open(source, clientId),
            EndpointDelivery.to(
                Bean.of(endpoints, settings.destination().toString(), broker.transactions()),
                broker.metrics(),
                source.recoveryWatch(),
                received(ours)),
            tasks,
            broker.metrics());
    Runnable hide =
        management.show(
            new ActivationBean(activation),
            endpoints.getEndpointClass().getName(),
            settings.destination().toString());
    active.add(new Active(activation, source, hide));
    activation.start();
  }

  private Optional<ReceivedMessages> received(MoietyActivationSpec spec) throws ResourceException {
    if (spec.getOutcomeDataSource().isEmpty()) {
      return Optional.empty();
    }
    TransactionSynchronizationRegistry transactions =
        broker
            .transactions()
            .orElseThrow(
                () ->
                    new NotSupportedException(
                        "The server gives the resource adapter no"
                            + " TransactionSynchronizationRegistry, which outcomeDataSource needs"));
    return Optional.of(
        broker
            .checkBackGroups()
            .received(
                new OutcomePlace(spec.getOutcomeDataSource(), spec.getOutcomeTable()),
                spec.getCreateTable(),
                transactions));
  }

  private static AdapterConnection open(ConnectionSource source, Optional<String> clientId)
      throws jakarta.jms.JMSException, ResourceException {
    MoietyXAConnectionFactory factory = source.newConnectionFactory();
    factory.setClientId(clientId.orElse(""));
    factory.shareClientId();
    return (AdapterConnection) factory.createXAConnection();
  }

  /**
   * Where a bean's connections come from. The names of a bean that is active are looked up no more,
   * since recovery has none of an application's names.
   */
  public ConnectionSource sourceOf(MoietyActivationSpec spec) throws ResourceException {
    for (Active one : active) {
      if (one.activation().isOf(spec)) {
        return one.source();
      }
    }
    return spec.getConnectionFactoryLookup().isEmpty()
        ? new AdapterSource(broker, spec.connection())
        : naming.connectionFactory(spec.getConnectionFactoryLookup());
  }

  /** When it returns, the beans are not called any more. Unknown ones are none of ours. */
  public void deactivate(MessageEndpointFactory endpoints, ActivationSpec spec) {
    Optional<Active> found =
        active.stream().filter(one -> one.activation().isOf(endpoints, spec)).findFirst();
    if (found.isPresent() && active.remove(found.get())) {
      found.get().hide().run();
      found.get().activation().stop();
      Object key = found.get().source().recoveryKey();
      if (active.stream().noneMatch(other -> other.source().recoveryKey().equals(key))) {
        unused.unused(key);
      }
    }
  }

  /** For beans that the server did not deactivate. */
  @Override
  public void close() {
    active.forEach(one -> one.activation().stop());
    active.clear();
  }
}
