package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;

/** One ledger: a consumer group on one queue of a topic. */
record LedgerKey(String group, String topic, int queueId) {
  static LedgerKey of(AckRange range) {
    return new LedgerKey(range.group(), range.topic(), range.queueId());
  }

  AckRange range(long firstOffset, long lastOffset) {
    return new AckRange(group, topic, queueId, firstOffset, lastOffset);
  }

  @Override
  public String toString() {
    return "group " + group + " on topic " + topic + " queue " + queueId;
  }
}
