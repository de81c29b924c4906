package io.moiety.ra.outbound;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * A browser as an application has it. When the server has exchanged the connection beneath, it is
 * opened again there. Used by one thread at a time; it may be closed on another.
 */
final class BrowserHandle implements QueueBrowser, SessionHandle.Part {

  private final SessionHandle session;
  private final Queue queue;
  private final @Nullable String selector;
  private volatile @Nullable QueueBrowser current;
  private volatile boolean closed;

  private BrowserHandle(SessionHandle session, Queue queue, @Nullable String selector) {
    this.session = session;
    this.queue = queue;
    this.selector = selector;
  }

  static BrowserHandle open(SessionHandle session, Queue queue, @Nullable String selector)
      throws JMSException {
    BrowserHandle browser = new BrowserHandle(session, queue, selector);
    browser.browser();
    return browser;
  }

  private QueueBrowser browser() throws JMSException {
    MoietyManagedConnection managed = session.managed();
    if (closed) {
      throw Failures.closed("browser");
    }
    QueueBrowser open = current;
    if (open == null) {
      open = managed.session().createBrowser(queue, selector);
      current = open;
      if (closed) {
        // By another thread meanwhile, which did not see this one.
        leave();
        throw Failures.closed("browser");
      }
    }
    return open;
  }

  @Override
  public Queue getQueue() throws JMSException {
    return browser().getQueue();
  }

  @Override
  public @Nullable String getMessageSelector() throws JMSException {
    return browser().getMessageSelector();
  }

  @Override
  @SuppressWarnings("unchecked") // Raw in the interface; a browser's elements are messages.
  public Enumeration<Message> getEnumeration() throws JMSException {
    return browser().getEnumeration();
  }

  @Override
  public void leave() throws JMSException {
    QueueBrowser open = current;
    current = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void release() throws JMSException {
    closed = true;
    leave();
  }

  /** Closed twice without harm. */
  @Override
  public void close() throws JMSException {
    session.remove(this);
    release();
  }
}
