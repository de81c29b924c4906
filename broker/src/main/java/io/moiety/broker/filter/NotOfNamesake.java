package io.moiety.broker.filter;

import io.moiety.protocol.DestinationTexts;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;

/**
 * Tells a queue and a topic of Jakarta Messaging apart that have one name, and so one topic here:
 * passes over what was sent to the other one. What does not say where it was sent, as messages of
 * RocketMQ's clients, or was sent elsewhere first, as a dead letter, is for both.
 *
 * @param ofQueue wanted is what is the queue's, else what is the topic's
 */
public record NotOfNamesake(boolean ofQueue, String topic) implements MessageFilter {
  @Override
  public boolean matches(RecordView message) {
    return message.property(PropertyNames.JMS_DESTINATION).filter(this::isNamesake).isEmpty();
  }

  private boolean isNamesake(String destination) {
    return ofQueue
        ? DestinationTexts.isTopic(destination, topic)
        : DestinationTexts.isQueue(destination, topic);
  }
}
