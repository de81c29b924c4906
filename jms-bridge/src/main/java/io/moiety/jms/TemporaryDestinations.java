package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The temporary destinations that a connection has made and not deleted. The broker deletes the
 * rest with the connection. Thread-safe.
 */
final class TemporaryDestinations implements TemporaryOwner {

  private final Link link;
  private final TopicCache topics;
  private final ActiveSubscriptions subscriptions;
  private final Set<NamedDestination> alive = ConcurrentHashMap.newKeySet();

  TemporaryDestinations(Link link, TopicCache topics, ActiveSubscriptions subscriptions) {
    this.link = link;
    this.topics = topics;
    this.subscriptions = subscriptions;
  }

  JmsTemporaryQueue createQueue() throws JMSException {
    JmsTemporaryQueue queue = new JmsTemporaryQueue("temp-queue-" + UUID.randomUUID(), this);
    create(queue);
    return queue;
  }

  JmsTemporaryTopic createTopic() throws JMSException {
    JmsTemporaryTopic topic = new JmsTemporaryTopic("temp-topic-" + UUID.randomUUID(), this);
    create(topic);
    return topic;
  }

  private void create(NamedDestination destination) throws JMSException {
    topics.createTemporary(destination, DestinationNames.topic(destination));
    alive.add(destination);
  }

  /**
   * @throws InvalidDestinationException for a temporary destination of another connection, or a
   *     deleted one
   */
  void requireConsumable(NamedDestination destination) throws JMSException {
    if (destination.kind().isTemporary() && !alive.contains(destination)) {
      throw new InvalidDestinationException(
          destination
              + " was deleted, or made by another connection, which alone can consume from it");
    }
  }

  @Override
  public void deleteTemporary(NamedDestination destination) throws JMSException {
    String topic = DestinationNames.topic(destination);
    if (subscriptions.isReceivedFrom(topic)) {
      throw new IllegalStateException(
          destination + " has consumers; close them before deleting it");
    }
    if (!alive.contains(destination)) {
      throw new InvalidDestinationException(destination + " is deleted already");
    }
    if (link.isOpen()) {
      Await.answer(link.deleteTopic(topic), "delete " + destination);
    }
    alive.remove(destination);
  }

  /**
   * Deletes all, so that nobody finds them after the connection is closed; the broker would do so a
   * little later.
   */
  void deleteAll() throws JMSException {
    List<CompletableFuture<Void>> deleted = new ArrayList<>();
    for (NamedDestination destination : alive) {
      deleted.add(link.deleteTopic(DestinationNames.topic(destination)));
    }
    alive.clear();
    Await.answer(
        CompletableFuture.allOf(deleted.toArray(new CompletableFuture<?>[0])),
        "delete the connection's temporary destinations");
  }
}
