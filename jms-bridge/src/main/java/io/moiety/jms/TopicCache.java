package io.moiety.jms;

import io.moiety.client.TopicCreation;
import jakarta.jms.JMSException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topics at the broker that a connection has seen to, with their number of queues. Destinations
 * are made at their first use, with one queue, so that order holds. Thread-safe.
 */
final class TopicCache {

  /** That nobody is asked for: temporary destinations have no other number. */
  static final int QUEUES_OF_NEW_TOPICS = 1;

  private final Link link;
  private final Map<Made, Integer> queuesOfTopic = new ConcurrentHashMap<>();

  /** A queue is more than the topic of its name: its messages are kept for its receivers. */
  private record Made(String topic, boolean asQueue) {}

  TopicCache(Link link) {
    this.link = link;
  }

  /**
   * How many queues a destination has; makes it when it is not there, unless it is temporary.
   * Temporary ones end without notice, so they are asked for each time.
   *
   * @throws jakarta.jms.InvalidDestinationException for a temporary destination that is deleted
   */
  int queues(NamedDestination destination, String topic) throws JMSException {
    Made made = new Made(topic, destination.kind().isQueue());
    Integer known = queuesOfTopic.get(made);
    if (known != null) {
      return known;
    }
    if (destination.kind().isTemporary()) {
      return Await.answer(link.queuesOf(topic), "find " + destination);
    }
    TopicCreation creation =
        Await.answer(
            link.createTopic(topic, QUEUES_OF_NEW_TOPICS, destination.kind()),
            "find or make " + destination);
    queuesOfTopic.put(made, creation.queues());
    return creation.queues();
  }

  void createTemporary(NamedDestination destination, String topic) throws JMSException {
    Await.answer(
        link.createTopic(topic, QUEUES_OF_NEW_TOPICS, destination.kind()), "make " + destination);
  }
}
