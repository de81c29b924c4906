package io.moiety.broker.delivery;

import java.util.Optional;

/**
 * RocketMQ's NOTIFICATION: whether a POP would find something.
 *
 * @param queueId negative for any queue of the topic
 * @param inOrder as in {@link PopRequest}, with its attempt
 */
public record PopQuestion(
    long connectionId,
    String group,
    String topic,
    int queueId,
    long waitMillis,
    boolean inOrder,
    Optional<String> attemptId) {}
