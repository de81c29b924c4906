package io.moiety.jms;

import jakarta.jms.JMSException;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of the classic interfaces for the simplified ones, whose exceptions are unchecked.
 * Stateless.
 */
final class Unchecked {

  interface Call<T> {
    T call() throws JMSException;
  }

  interface NullableCall<T> {
    @Nullable T call() throws JMSException;
  }

  interface Action {
    void run() throws JMSException;
  }

  private Unchecked() {}

  static <T> T get(Call<T> call) {
    try {
      return call.call();
    } catch (JMSException failure) {
      throw JmsExceptions.unchecked(failure);
    }
  }

  static <T> @Nullable T getNullable(NullableCall<T> call) {
    try {
      return call.call();
    } catch (JMSException failure) {
      throw JmsExceptions.unchecked(failure);
    }
  }

  static void run(Action action) {
    try {
      action.run();
    } catch (JMSException failure) {
      throw JmsExceptions.unchecked(failure);
    }
  }
}
