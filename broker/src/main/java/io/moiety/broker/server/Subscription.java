package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;

/**
 * What a classic consumer wants of one topic.
 *
 * @param expressionType {@code TAG} or {@code SQL92}
 * @param expression as the client wrote it
 * @param version the client's number for this state of its subscription; later ones are larger
 * @param filter the expression, understood
 */
record Subscription(
    String topic, String expressionType, String expression, long version, MessageFilter filter) {}
