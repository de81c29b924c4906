package io.moiety.ra.inbound;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The message-driven beans that are active at the adapter. Thread-safe. */
public final class Activations implements AutoCloseable {

  private final ReceivingConnections connections;
  private final ContainerTasks tasks;
  private final DestinationNaming naming;
  private final List<Activation> active = new CopyOnWriteArrayList<>();

  Activations(ReceivingConnections connections, ContainerTasks tasks, DestinationNaming naming) {
    this.connections = connections;
    this.tasks = tasks;
    this.naming = naming;
  }

  public static Activations over(ReceivingConnections connections, ContainerTasks tasks) {
    return new Activations(connections, tasks, DestinationNaming.ofServer());
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
    Activation activation =
        new Activation(
            endpoints,
            spec,
            settings,
            connections,
            EndpointDelivery.to(endpoints, settings.destination().toString()),
            tasks);
    active.add(activation);
    activation.start();
  }

  /** When it returns, the beans are not called any more. Unknown ones are none of ours. */
  public void deactivate(MessageEndpointFactory endpoints, ActivationSpec spec) {
    Optional<Activation> found =
        active.stream().filter(activation -> activation.isOf(endpoints, spec)).findFirst();
    if (found.isPresent() && active.remove(found.get())) {
      found.get().stop();
    }
  }

  /** For beans that the server did not deactivate. */
  @Override
  public void close() {
    active.forEach(Activation::stop);
    active.clear();
  }
}
