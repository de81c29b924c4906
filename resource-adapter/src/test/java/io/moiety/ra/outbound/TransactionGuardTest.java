package io.moiety.ra.outbound;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.IllegalStateException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work on a connection that is in no branch, by what the calling thread's transaction does. */
final class TransactionGuardTest {

  private static TransactionGuard guard(int status) {
    return new TransactionGuard(
        Optional.of(
            (TransactionSynchronizationRegistry)
                Proxy.newProxyInstance(
                    TransactionGuardTest.class.getClassLoader(),
                    new Class<?>[] {TransactionSynchronizationRegistry.class},
                    (proxy, method, arguments) -> status)));
  }

  @ParameterizedTest
  @ValueSource(ints = {Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED})
  void letsWorkTakeEffectAtOnceWhereNothingIsDecidedLater(int status) {
    assertThatCode(() -> guard(status).requireNoTransaction()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Status.STATUS_MARKED_ROLLBACK, Status.STATUS_ROLLING_BACK, Status.STATUS_ROLLEDBACK})
  void refusesWorkOfATransactionThatIsRolledBack(int status) {
    assertThatThrownBy(() -> guard(status).requireNoTransaction())
        .isInstanceOf(TransactionRolledBackException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {Status.STATUS_ACTIVE, Status.STATUS_PREPARED, Status.STATUS_COMMITTING})
  void refusesWorkInATransactionThatTheConnectionTakesNoPartIn(int status) {
    assertThatThrownBy(() -> guard(status).requireNoTransaction())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("takes no part in");
  }

  @Test
  void refusesWorkWhileTheOutcomeIsNotKnown() {
    assertThatThrownBy(() -> guard(Status.STATUS_UNKNOWN).requireNoTransaction())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is not known");
  }
}
