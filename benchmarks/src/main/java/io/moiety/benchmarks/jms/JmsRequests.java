package io.moiety.benchmarks.jms;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;

/**
 * Requests by some threads, each waiting for its reply on a temporary queue of its own; one
 * listener over another connection answers them. Nothing is persistent.
 */
public final class JmsRequests {

  private static final String QUEUE = "requests";
  private static final long REPLY_MILLIS = 5_000;

  private JmsRequests() {}

  /**
   * With {@code factory}, {@code address}, {@code threads}, {@code bytes}, {@code warmUp}, {@code
   * seconds}.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    byte[] body = new byte[arguments.number("bytes")];
    ConnectionFactory factory = Provider.factory(arguments);
    try (Connection responder = factory.createConnection();
        Connection requester = factory.createConnection()) {
      answer(responder);
      requester.start();
      Announcer announcer = new Announcer(System.out);
      announcer.result(
          ClosedLoop.of(arguments, announcer).runEach(() -> operation(requester, body)));
    }
  }

  private static void answer(Connection responder) throws JMSException {
    Session session = responder.createSession(Session.AUTO_ACKNOWLEDGE);
    MessageProducer replies = session.createProducer(null);
    replies.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
    session
        .createConsumer(session.createQueue(QUEUE))
        .setMessageListener(request -> reply(session, replies, request));
    responder.start();
  }

  private static void reply(Session session, MessageProducer replies, Message request) {
    try {
      Message reply = session.createMessage();
      reply.setJMSCorrelationID(request.getJMSMessageID());
      replies.send(request.getJMSReplyTo(), reply);
    } catch (JMSException failure) {
      throw new IllegalStateException("a request was not answered", failure);
    }
  }

  private static ClosedLoop.Operation operation(Connection connection, byte[] body)
      throws Exception {
    Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
    TemporaryQueue replyTo = session.createTemporaryQueue();
    MessageConsumer replies = session.createConsumer(replyTo);
    MessageProducer requests = session.createProducer(session.createQueue(QUEUE));
    requests.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
    return () -> {
      Message request = Provider.message(session, body);
      request.setJMSReplyTo(replyTo);
      requests.send(request);
      Message reply = replies.receive(REPLY_MILLIS);
      if (reply == null || !request.getJMSMessageID().equals(reply.getJMSCorrelationID())) {
        throw new IllegalStateException("not the reply to the request: " + reply);
      }
    };
  }
}
