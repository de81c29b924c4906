package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemTopicsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        SystemTopics.SCHEDULE,
        SystemTopics.TIMER,
        SystemTopics.HALF,
        SystemTopics.OP_HALF,
        SystemTopics.CHECK_MAX_TIME,
        SystemTopics.DEFAULT_TOPIC,
        SystemTopics.STATE,
        "RMQ_SYS_ANYTHING",
        "rmq_sys_anything",
        "Moiety_sys_x"
      })
  void theBrokersTopicsAreReserved(String topic) {
    assertThat(SystemTopics.isReserved(topic)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders", "%RETRY%G", "%DLQ%G", "TBW1020"})
  void othersAreNot(String topic) {
    assertThat(SystemTopics.isReserved(topic)).isFalse();
  }

  @Test
  void derivedTopicsAreNamedAsRocketMqNamesThem() {
    assertThat(SystemTopics.retryTopic("G")).isEqualTo("%RETRY%G");
    assertThat(SystemTopics.deadLetterTopic("G")).isEqualTo("%DLQ%G");
    assertThat(SystemTopics.isRetry("%RETRY%G")).isTrue();
    assertThat(SystemTopics.isDeadLetter("%DLQ%G")).isTrue();
  }

  @Test
  void transactionBitsAreReplacedAlone() {
    int sysFlag = 0x301 | SysFlag.TRANSACTION_PREPARED;
    assertThat(SysFlag.transactionPart(sysFlag)).isEqualTo(4);
    assertThat(SysFlag.withTransactionPart(sysFlag, SysFlag.TRANSACTION_COMMIT)).isEqualTo(0x309);
    assertThat(SysFlag.isCompressed(sysFlag)).isTrue();
  }
}
