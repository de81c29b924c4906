package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * A transaction listener that says the same each time, and keeps what it was asked.
 *
 * @param atOnce what it says after the send
 * @param whenChecked what it says when the broker asks
 * @param checks what the broker asked for
 */
record Decisions(
    LocalTransactionState atOnce,
    LocalTransactionState whenChecked,
    BlockingQueue<MessageExt> checks)
    implements TransactionListener {

  static Decisions of(LocalTransactionState atOnce, LocalTransactionState whenChecked) {
    return new Decisions(atOnce, whenChecked, new LinkedBlockingQueue<>());
  }

  @Override
  public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
    return atOnce;
  }

  @Override
  public LocalTransactionState checkLocalTransaction(MessageExt message) {
    checks.add(message);
    return whenChecked;
  }

  /** The next check, which has to come. */
  MessageExt takeCheck() throws InterruptedException {
    MessageExt check = checks.poll(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(check).as("a check within %d s", Inbox.LIMIT_SECONDS).isNotNull();
    return check;
  }

  /** The checks so far that were not taken. */
  List<MessageExt> untaken() {
    return List.copyOf(checks);
  }
}
