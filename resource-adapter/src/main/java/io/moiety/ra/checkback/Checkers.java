package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.CheckBack;
import io.moiety.client.ClientConfig;
import io.moiety.client.Resolution;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.StoredMessages;
import io.moiety.ra.TransactionChecker;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The beans that answer for producer groups themselves, from activation to deactivation: joined to
 * their groups at the adapter's broker as soon as it can be reached. Thread-safe.
 */
public final class Checkers implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Checkers.class.getName());
  private static final long RETRY_MILLIS = 2_000;

  private final Tasks tasks;
  private final CheckBackGroups.Broker broker;
  private final List<Active> active = new CopyOnWriteArrayList<>();

  public Checkers(Tasks tasks, CheckBackGroups.Broker broker) {
    this.tasks = tasks;
    this.broker = broker;
  }

  /**
   * Begins to answer.
   *
   * @throws ResourceException for a bean that is no checker, or wants a transaction
   */
  public void activate(MessageEndpointFactory endpoints, MoietyCheckerSpec spec)
      throws ResourceException {
    spec.validate();
    try {
      Method check = TransactionChecker.class.getMethod("check", Message.class);
      if (endpoints.isDeliveryTransacted(check)) {
        throw new NotSupportedException(
            "A TransactionChecker is called outside of transactions; give its method check the"
                + " transaction attribute NOT_SUPPORTED");
      }
    } catch (NoSuchMethodException impossible) {
      throw new ResourceException("TransactionChecker has no method check", impossible);
    }
    Active activation = new Active(endpoints, spec);
    active.add(activation);
    tasks.execute(activation::join);
  }

  /** Others of the group are asked from now on. Unknown ones are none of ours. */
  public void deactivate(MessageEndpointFactory endpoints, MoietyCheckerSpec spec) {
    Optional<Active> found =
        active.stream()
            .filter(one -> one.endpoints.equals(endpoints) && one.spec == spec)
            .findFirst();
    if (found.isPresent() && active.remove(found.get())) {
      found.get().close();
    }
  }

  @Override
  public void close() {
    active.forEach(Active::close);
    active.clear();
  }

  /** One bean. Its lock protects whether it was closed and what is to be closed then. */
  private final class Active implements AutoCloseable {

    private final MessageEndpointFactory endpoints;
    private final MoietyCheckerSpec spec;
    private final CheckQueue queue = new CheckQueue(tasks, this::answer);
    private Optional<Membership> membership = Optional.empty();
    private boolean closed;

    Active(MessageEndpointFactory endpoints, MoietyCheckerSpec spec) {
      this.endpoints = endpoints;
      this.spec = spec;
    }

    private synchronized boolean isClosed() {
      return closed;
    }

    private void join() {
      if (isClosed()) {
        return;
      }
      try {
        ClientConfig config = broker.factory().clientConfig("moiety-checker-" + UUID.randomUUID());
        Membership.join(
                config,
                () -> broker.addresses(config.addresses()),
                spec.getProducerGroup(),
                queue::add,
                tasks)
            .whenComplete(
                (joined, failure) -> {
                  if (failure == null) {
                    joined(joined);
                  } else {
                    joinLater(failure);
                  }
                });
      } catch (JMSException | RuntimeException | Error unavailable) {
        // Whatever it is: nobody else tries again.
        joinLater(unavailable);
      }
    }

    private void joined(Membership joined) {
      boolean late;
      synchronized (this) {
        late = closed;
        membership = Optional.of(joined);
      }
      if (late) {
        joined.close();
      }
    }

    private void joinLater(Throwable cause) {
      LOGGER.log(
          WARNING,
          "No answers to {0} at the moment: {1}",
          spec,
          String.valueOf(cause.getMessage()));
      tasks.executeAfter(RETRY_MILLIS, this::join);
    }

    private Resolution answer(CheckBack check) {
      try {
        MoietyXAConnectionFactory factory = broker.factory();
        Message message = StoredMessages.read(check.record(), factory.getTrustedClasses());
        MessageEndpoint endpoint = endpoints.createEndpoint(null);
        try {
          return endpoint instanceof TransactionChecker bean
              ? resolution(bean.check(message))
              : Resolution.UNKNOWN;
        } finally {
          endpoint.release();
        }
      } catch (JMSException | UnavailableException | RuntimeException | Error failure) {
        // Whatever the bean throws: the broker asks again.
        LOGGER.log(WARNING, "No answer to a question about " + spec, failure);
        return Resolution.UNKNOWN;
      }
    }

    private static Resolution resolution(TransactionChecker.Outcome outcome) {
      return switch (outcome) {
        case COMMIT -> Resolution.COMMIT;
        case ROLLBACK -> Resolution.ROLLBACK;
        case UNKNOWN -> Resolution.UNKNOWN;
      };
    }

    @Override
    public void close() {
      Optional<Membership> joined;
      synchronized (this) {
        closed = true;
        joined = membership;
      }
      joined.ifPresent(Membership::close);
    }
  }
}
