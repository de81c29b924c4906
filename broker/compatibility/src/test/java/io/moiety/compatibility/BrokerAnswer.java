package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.rocketmq.client.exception.MQBrokerException;

/** Refusals by the broker, as the client tells of them. */
final class BrokerAnswer {

  private BrokerAnswer() {}

  /** What is to be refused. */
  interface Attempt {
    Object run() throws Exception;
  }

  /** The broker answers the attempt with this response code. */
  static void assertCode(int code, Attempt attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(MQBrokerException.class)
        .extracting(refused -> ((MQBrokerException) refused).getResponseCode())
        .isEqualTo(code);
  }
}
