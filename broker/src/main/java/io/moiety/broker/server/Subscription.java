package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.protocol.body.SubscriptionBody;

/**
 * What a classic consumer wants of one topic.
 *
 * @param asked as the client wrote it
 * @param filter its expression, understood
 */
record Subscription(SubscriptionBody asked, MessageFilter filter) {

  String topic() {
    return asked.topic();
  }

  /** The client's number for this state of its subscription; later ones are larger. */
  long version() {
    return asked.version();
  }
}
