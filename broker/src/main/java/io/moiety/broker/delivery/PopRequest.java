package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import java.util.Optional;

/**
 * RocketMQ's POP: messages that come back by themselves unless they are acknowledged in time.
 *
 * @param queueId negative for any queue of the topic
 * @param invisibleMillis how long a message is the client's own
 * @param fromEnd a group that comes to the topic first begins behind what is there now, where
 *     something was deleted already
 * @param filter what it does not match, the group is done with
 * @param inOrder nothing of a queue while somebody of the group has a message of it
 * @param attemptId with {@code inOrder}: a request that repeats this one, since the answer was
 *     lost, names the same and gets what this one got
 */
public record PopRequest(
    long connectionId,
    String group,
    String topic,
    int queueId,
    int maxMessages,
    long invisibleMillis,
    long waitMillis,
    boolean fromEnd,
    MessageFilter filter,
    boolean inOrder,
    Optional<String> attemptId) {}
