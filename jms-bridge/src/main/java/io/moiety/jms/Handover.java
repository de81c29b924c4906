package io.moiety.jms;

import io.moiety.client.Delivery;
import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message once the application has it: acknowledged at once, lazily, by the
 * application or with its transaction.
 *
 * <p>Used by one thread at a time, that of a receive or the session's listener thread.
 */
final class Handover {

  private static final System.Logger LOGGER = System.getLogger(Handover.class.getName());

  /** How many messages a lazy session may have to deliver twice. */
  private static final int LAZY_BATCH = 32;

  private final MessageDecoder decoder;
  private final Deliveries deliveries;
  private final TransactionContext transaction;
  private final AcknowledgeMode mode;
  private final JmsMessage.Acknowledgement byApplication;

  /** What the session's listener is in the middle of, which it may receive others in. */
  private volatile @Nullable Delivery listening;

  /**
   * @param byApplication what {@link jakarta.jms.Message#acknowledge} does
   */
  Handover(
      MessageDecoder decoder,
      Deliveries deliveries,
      TransactionContext transaction,
      AcknowledgeMode mode,
      JmsMessage.Acknowledgement byApplication) {
    this.decoder = decoder;
    this.deliveries = deliveries;
    this.transaction = transaction;
    this.mode = mode;
    this.byApplication = byApplication;
  }

  JmsMessage message(Delivery delivery, NamedDestination receivedFrom) throws JMSException {
    return decoder.decode(delivery, receivedFrom, byApplication);
  }

  /** True when a message that an application could not take counts as not delivered. */
  boolean isAcknowledgedByItself() {
    return !transaction.isOpen() && mode != AcknowledgeMode.CLIENT;
  }

  /**
   * The branch in which a receive begins.
   *
   * @throws jakarta.jms.TransactionRolledBackException when it was to be in one that was ended
   */
  Optional<BranchWork> branch() throws JMSException {
    return transaction.beginWork();
  }

  /**
   * Another message may be seen from now on, or none any more: the acknowledgement of the one
   * before is answered by then.
   *
   * @throws JMSException when the broker refused it, so that its message comes again
   */
  void next() throws JMSException {
    try {
      deliveries.awaitAcknowledgement();
    } catch (JMSException failure) {
      deliveries.recoverAfter(failure);
      throw failure;
    }
  }

  /**
   * A receive is about to return. What it brings belongs to the branch that it began in; when the
   * transaction manager ended that while the receive waited, acknowledging it at once would lose
   * it, so it goes back.
   *
   * @param begunIn {@link #branch} before the wait
   * @throws jakarta.jms.TransactionRolledBackException when that has ended
   */
  void taken(Delivery delivery, Optional<BranchWork> begunIn) throws JMSException {
    if (begunIn.isEmpty()) {
      done(delivery, deliveries::beginAcknowledgement);
    } else if (!begunIn.equals(transaction.managedBranch())) {
      deliveries.recover();
      throw JmsExceptions.branchEnded("what was received comes again");
    }
  }

  /** A listener is about to be called; until it has returned, nothing else acknowledges for it. */
  void listening(Delivery delivery) {
    listening = delivery;
  }

  /** It has returned. */
  void listened(Delivery delivery) throws JMSException {
    listening = null;
    done(delivery, deliveries::acknowledgeOrRepeat);
  }

  private interface AutoAcknowledgement {
    void of(Delivery delivery) throws JMSException;
  }

  private void done(Delivery delivery, AutoAcknowledgement acknowledgement) throws JMSException {
    if (transaction.isOpen()) {
      return;
    }
    switch (mode) {
      case AUTO, TRANSACTED -> acknowledgeOrGiveBack(delivery, acknowledgement);
      case DUPS_OK -> {
        if (deliveries.unacknowledgedCount() >= LAZY_BATCH) {
          acknowledgeLazily();
        }
      }
      case CLIENT -> {}
    }
  }

  /** What the broker did not take note of would stay this session's to its end. */
  private void acknowledgeOrGiveBack(Delivery delivery, AutoAcknowledgement acknowledgement)
      throws JMSException {
    try {
      acknowledgement.of(delivery);
    } catch (JMSException failure) {
      deliveries.recoverAfter(failure);
      throw failure;
    }
  }

  /**
   * A listener threw: where the session acknowledges by itself, the message comes again at once.
   */
  void refused() throws JMSException {
    listening = null;
    if (isAcknowledgedByItself()) {
      deliveries.recover();
    }
  }

  /** Nothing is there to deliver at the moment, or ever again; or a consumer is closed. */
  void idle() {
    if (mode == AcknowledgeMode.DUPS_OK && !transaction.isOpen()) {
      acknowledgeLazily();
    }
  }

  /**
   * Before a recover: what a lazy session has consumed does not come again, but for the message
   * that its listener is in the middle of.
   */
  void settle() throws JMSException {
    if (mode == AcknowledgeMode.DUPS_OK && !transaction.isOpen()) {
      try {
        Await.outcome(deliveries.acknowledgeBut(listening));
      } catch (ExecutionException failure) {
        settledNot(failure);
      }
    }
  }

  /** What a loss gave back comes again without being recovered. */
  private void settledNot(ExecutionException failure) throws JMSException {
    if (JmsExceptions.unwrap(failure) instanceof LinkLostException) {
      lazilyFailed(failure);
    } else {
      JMSException thrown = JmsExceptions.of("acknowledge the received messages", failure);
      deliveries.recoverAfter(thrown);
      throw thrown;
    }
  }

  private void acknowledgeLazily() {
    deliveries
        .acknowledgeBut(listening)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                lazilyFailed(failure);
              }
            });
  }

  private static void lazilyFailed(Throwable failure) {
    LOGGER.log(
        System.Logger.Level.DEBUG,
        "A lazy acknowledgement failed; its messages come again",
        failure);
  }
}
