package io.moiety.arquillian.orders;

import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.MoietyClient;
import io.moiety.client.TransactionQuery;
import io.moiety.jms.MoietyConnectionFactory;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.protocol.body.TransactionListBody;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The broker as a client from outside sees it. */
public final class Messages {

  private static final int TIMEOUT_SECONDS = 20;

  /** A branch that nobody prepared is nobody's to decide, and goes by itself. */
  private static final Set<String> IN_DOUBT =
      Set.of("OPEN", "PARKED", "PREPARED", "HEURISTIC_COMMIT", "HEURISTIC_ROLLBACK");

  private final String address;
  private final MoietyConnectionFactory factory;

  public Messages(int port) {
    address = "127.0.0.1:" + port;
    factory = new MoietyConnectionFactory(address);
  }

  public void send(String queue, String text) {
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue(queue), text);
    }
  }

  /** The texts in a queue, which stay there. */
  public List<String> in(String queue) throws JMSException {
    try (JMSContext context = factory.createContext();
        QueueBrowser browser = context.createBrowser(context.createQueue(queue))) {
      List<String> texts = new ArrayList<>();
      for (Enumeration<?> left = browser.getEnumeration(); left.hasMoreElements(); ) {
        texts.add(((TextMessage) left.nextElement()).getText());
      }
      return texts;
    }
  }

  /** Half messages and branches that wait for a decision. */
  public List<TransactionBody> inDoubt() throws Exception {
    ClientConfig config =
        ClientConfig.builder()
            .addresses(address)
            .clientId("judge")
            .requestTimeout(Duration.ofSeconds(TIMEOUT_SECONDS))
            .build();
    TransactionQuery query =
        new TransactionQuery(IN_DOUBT, Optional.empty(), Optional.empty(), Duration.ZERO);
    try (MoietyClient client =
        MoietyClient.connect(config, ClientEvents.IGNORED).get(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      List<TransactionBody> all = new ArrayList<>();
      Optional<String> from = Optional.empty();
      do {
        TransactionListBody page =
            client
                .administration()
                .transactions(query, from)
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        all.addAll(page.transactions());
        from = Optional.ofNullable(page.next());
      } while (from.isPresent());
      return all;
    }
  }
}
