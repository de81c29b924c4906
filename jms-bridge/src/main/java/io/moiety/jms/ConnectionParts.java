package io.moiety.jms;

import io.moiety.protocol.UniqueKeys;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the sessions of a connection share.
 *
 * @param clientId the application's or administrator's, for subscriptions
 * @param senderId what noLocal compares; the connection's name at the broker
 * @param failures told of what goes wrong outside of any call
 */
record ConnectionParts(
    Link link,
    ConnectionSettings settings,
    Optional<String> clientId,
    String senderId,
    TopicCache topics,
    ActiveSubscriptions subscriptions,
    TemporaryDestinations temporaries,
    BranchTable branches,
    LostAnswers lostAnswers,
    UniqueKeys messageIds,
    Consumer<JMSException> failures,
    Clock clock) {}
