package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.MessageProperties;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken into a transaction, and what is not. */
final class TransactionOutletTest {

  private static final OutcomePlace PLACE = new OutcomePlace("jdbc/test", "MOIETY_OUTCOME");
  private static final OutgoingMessage MESSAGE =
      new OutgoingMessage(
          "orders",
          OutgoingMessage.ANY_QUEUE,
          MessageProperties.empty(),
          ByteBuffer.wrap(new byte[] {1}),
          0,
          0,
          0,
          Optional.empty());

  private final AtomicInteger attempts = new AtomicInteger();

  private TransactionOutlet outlet(int status) {
    TransactionSynchronizationRegistry registry =
        (TransactionSynchronizationRegistry)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TransactionSynchronizationRegistry.class},
                (proxy, method, arguments) -> status);
    return new TransactionOutlet(
        PLACE,
        registry,
        () -> {
          attempts.incrementAndGet();
          throw new JMSException("the broker is away");
        });
  }

  @Test
  void leavesMessagesOutsideOfTransactionsToTheSession() throws Exception {
    assertThat(outlet(Status.STATUS_NO_TRANSACTION).take(MESSAGE)).isFalse();
    assertThat(attempts).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Status.STATUS_MARKED_ROLLBACK, Status.STATUS_ROLLING_BACK, Status.STATUS_ROLLEDBACK})
  void refusesWhatCouldOnlyBeRolledBack(int status) {
    assertThatThrownBy(() -> outlet(status).take(MESSAGE))
        .isInstanceOf(TransactionRolledBackException.class);
    assertThat(attempts).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Status.STATUS_PREPARING,
        Status.STATUS_PREPARED,
        Status.STATUS_COMMITTING,
        Status.STATUS_COMMITTED,
        Status.STATUS_UNKNOWN
      })
  void refusesWhatComesTooLate(int status) {
    assertThatThrownBy(() -> outlet(status).take(MESSAGE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("being completed");
    assertThat(attempts).hasValue(0);
  }

  @Test
  void joinsAgainForTheNextMessageAfterAFailure() {
    TransactionOutlet outlet = outlet(Status.STATUS_ACTIVE);

    assertThatThrownBy(() -> outlet.take(MESSAGE)).hasMessageContaining("the broker is away");
    assertThatThrownBy(() -> outlet.take(MESSAGE)).hasMessageContaining("the broker is away");
    assertThat(attempts).hasValue(2);
  }
}
