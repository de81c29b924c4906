package io.moiety.jms;

import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.protocol.RecordView;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a queue's messages without taking them. An enumeration reads page by page up to the end
 * of the queue as it is then; what arrives meanwhile may be seen, what was consumed meanwhile is
 * not. One of an empty queue looks again when it is first asked.
 *
 * <p>Used by one thread at a time, as its session.
 */
final class JmsBrowser implements QueueBrowser {

  private static final int PAGE_MESSAGES = 100;

  private final SessionLife life;
  private final Link link;
  private final Subscription subscription;
  private final int queues;
  private final MessageDecoder decoder;
  private final Clock clock;
  private volatile boolean closed;

  JmsBrowser(
      SessionLife life,
      Link link,
      Subscription subscription,
      int queues,
      MessageDecoder decoder,
      Clock clock) {
    this.life = life;
    this.link = link;
    this.subscription = subscription;
    this.queues = queues;
    this.decoder = decoder;
    this.clock = clock;
  }

  @Override
  public Queue getQueue() throws JMSException {
    requireOpen();
    return (Queue) subscription.destination();
  }

  @Override
  public @Nullable String getMessageSelector() throws JMSException {
    requireOpen();
    return subscription.selector().orElse(null);
  }

  @Override
  public Enumeration<Message> getEnumeration() throws JMSException {
    requireOpen();
    Messages messages = new Messages();
    messages.fetch();
    return messages.page.isEmpty() ? new Messages() : messages;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() throws JMSException {
    life.requireOpen();
    if (closed) {
      throw JmsExceptions.closed("browser");
    }
  }

  /** The messages of all the topic's queues, one queue after the other. */
  @SuppressWarnings("JdkObsolete") // QueueBrowser wants an Enumeration.
  private final class Messages implements Enumeration<Message> {

    private final Deque<RecordView> page = new ArrayDeque<>();
    private int queueId;
    private long fromOffset;

    @Override
    public boolean hasMoreElements() {
      try {
        fetch();
      } catch (JMSException failure) {
        throw JmsExceptions.unchecked(failure);
      }
      return !page.isEmpty();
    }

    @Override
    public Message nextElement() {
      if (!hasMoreElements()) {
        throw new NoSuchElementException("No more messages in " + subscription.destination());
      }
      try {
        return decoder.decodeBrowsed(page.remove(), subscription.destination());
      } catch (JMSException failure) {
        throw JmsExceptions.unchecked(failure);
      }
    }

    void fetch() throws JMSException {
      while (page.isEmpty() && queueId < queues && !closed) {
        BrowsePage next =
            Await.answer(link.browse(request()), "browse " + subscription.destination());
        next.records().stream().filter(this::isAlive).forEach(page::add);
        fromOffset = next.nextOffset();
        if (next.end()) {
          queueId++;
          fromOffset = 0;
        }
      }
    }

    private boolean isAlive(RecordView record) {
      long expirationMillis = MessageDecoder.expirationMillis(record);
      return expirationMillis == 0 || expirationMillis > clock.millis();
    }

    private BrowseRequest request() {
      Optional<String> matching = subscription.selector();
      return new BrowseRequest(
          subscription.topic(), subscription.group(), queueId, fromOffset, PAGE_MESSAGES, matching);
    }
  }
}
