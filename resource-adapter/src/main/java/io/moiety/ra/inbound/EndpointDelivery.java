package io.moiety.ra.inbound;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.ra.checkback.ReceivedMessages;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.xa.ObservedXaResource;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.resource.spi.UnavailableException;
import java.util.Optional;
import javax.transaction.xa.XAResource;

/**
 * Gives one message to a bean, in a transaction of the server or outside of one.
 *
 * <p>In a transaction the server starts the branch before the bean is called, and the message's
 * acknowledgement is part of it: whatever makes the transaction fail, up to the bean's own {@code
 * setRollbackOnly}, brings the message back. Stateless.
 */
final class EndpointDelivery {

  /** What came of it. */
  enum Outcome {
    /** The bean took the message, and its transaction, if any, committed. */
    TAKEN,
    /**
     * The same, but the broker did not hear of it, which is not the bean's failure: the message
     * comes again.
     */
    PROCESSED,
    /** The bean threw or its transaction did not commit: the message comes again, counted. */
    FAILED,
    /**
     * The bean was not called, because the server was not ready: the message comes again, not
     * counted.
     */
    UNAVAILABLE
  }

  private final Bean bean;
  private final Settlement settlement;
  private final AdapterMetrics metrics;
  private final RecoveryWatch recovery;
  private final Optional<RecordedDelivery> recorded;

  private EndpointDelivery(
      Bean bean,
      Settlement settlement,
      AdapterMetrics metrics,
      RecoveryWatch recovery,
      Optional<RecordedDelivery> recorded) {
    this.bean = bean;
    this.settlement = settlement;
    this.metrics = metrics;
    this.recovery = recovery;
    this.recorded = recorded;
  }

  /**
   * @param received where a transacted bean records what it processed, in place of XA
   */
  static EndpointDelivery to(
      Bean bean,
      AdapterMetrics metrics,
      RecoveryWatch recovery,
      Optional<ReceivedMessages> received) {
    Settlement settlement = new Settlement(bean.description());
    return new EndpointDelivery(
        bean,
        settlement,
        metrics,
        recovery,
        received
            .filter(in -> bean.transacted())
            .map(in -> new RecordedDelivery(bean, in, settlement)));
  }

  Outcome deliver(InboundReceiver receiver, InboundMessage message) {
    try {
      if (bean.transacted()) {
        bean.thread().requireFree();
      }
    } catch (UnavailableException occupied) {
      return settlement.unavailable(message, occupied);
    }
    if (recorded.isPresent()) {
      return recorded.get().deliver(receiver, message);
    }
    DeliveryBranch branch = new DeliveryBranch(metrics, recovery);
    XAResource resource =
        bean.transacted() ? new ObservedXaResource(receiver.xaResource(), branch) : null;
    BeanCall call;
    try {
      call = BeanCall.create(bean, resource);
    } catch (UnavailableException notReady) {
      return settlement.unavailable(message, notReady);
    }
    try {
      return bean.transacted()
          ? deliverTransacted(message, call, branch)
          : deliverPlain(message, call);
    } finally {
      call.release();
    }
  }

  private Outcome deliverTransacted(InboundMessage message, BeanCall call, DeliveryBranch branch) {
    try {
      call.begin();
    } catch (UnavailableException notStarted) {
      return settlement.unavailable(message, notStarted);
    }
    boolean taken = call.call(message);
    boolean completed = call.complete();
    return taken && completed && !branch.isRolledBack()
        ? Outcome.TAKEN
        : settlement.failed(message);
  }

  private Outcome deliverPlain(InboundMessage message, BeanCall call) {
    return call.call(message) ? settlement.acknowledged(message) : settlement.failed(message);
  }
}
