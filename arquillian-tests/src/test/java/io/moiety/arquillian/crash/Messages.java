package io.moiety.arquillian.crash;

import io.moiety.jms.MoietyXAConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import jakarta.jms.XAJMSContext;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** The broker as a client from outside sees it. */
final class Messages {
  private final MoietyXAConnectionFactory factory = new MoietyXAConnectionFactory();

  Messages(int port) {
    factory.setAddresses("127.0.0.1:" + port);
  }

  void send(String queue, String text) {
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue(queue), text);
    }
  }

  /** The texts in a queue, which stay there. */
  List<String> in(String queue) throws JMSException {
    try (JMSContext context = factory.createContext();
        QueueBrowser browser = context.createBrowser(context.createQueue(queue))) {
      List<String> texts = new ArrayList<>();
      for (Enumeration<?> left = browser.getEnumeration(); left.hasMoreElements(); ) {
        texts.add(((TextMessage) left.nextElement()).getText());
      }
      return texts;
    }
  }

  int branchesInDoubt() throws XAException {
    try (XAJMSContext context = factory.createXAContext()) {
      return context
          .getXAResource()
          .recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)
          .length;
    }
  }
}
