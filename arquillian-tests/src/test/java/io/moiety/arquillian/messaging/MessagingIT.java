package io.moiety.arquillian.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.arquillian.server.ServerKind;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.io.File;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chapter 12 of Jakarta Messaging in a real server: contexts that it injects, and connections. */
@ArquillianTest
final class MessagingIT {

  private static final long RECEIVE_MILLIS = 10_000;

  @EJB private InjectedContexts injected;
  @EJB private OtherInjectedContext other;
  @EJB private Rows rows;

  @Resource private UserTransaction transaction;

  private final String id = UUID.randomUUID().toString();
  private final String queue = "it-messaging-" + id;

  @Deployment(name = "adapter", order = 1, testable = false)
  static ResourceAdapterArchive adapter() {
    return ShrinkWrap.create(ZipImporter.class, "moiety-ra.rar")
        .importFrom(new File(System.getProperty("moiety.rar")))
        .as(ResourceAdapterArchive.class);
  }

  @Deployment(name = "application", order = 2)
  static WebArchive application() {
    WebArchive web =
        ShrinkWrap.create(WebArchive.class, "messaging-test.war")
            .addPackage(MessagingIT.class.getPackage());
    return switch (ServerKind.ofThisRun()) {
      case WILDFLY ->
          web.addAsWebInfResource("messaging/web.xml", "web.xml")
              .addAsWebInfResource(
                  "adapter/jboss-deployment-structure.xml", "jboss-deployment-structure.xml");
      case PAYARA ->
          web.addAsWebInfResource("adapter/glassfish-resources.xml", "glassfish-resources.xml");
    };
  }

  @BeforeEach
  void prepare() throws Exception {
    if (rows != null) {
      rows.createTable();
    }
  }

  @AfterEach
  void endTransaction() throws Exception {
    if (transaction != null && transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
      transaction.rollback();
    }
  }

  /** A part of an application that may throw. */
  private interface Work {
    void run() throws Exception;
  }

  private void commit(Work work) throws Exception {
    transaction.begin();
    work.run();
    transaction.commit();
  }

  private void rollBack(Work work) throws Exception {
    transaction.begin();
    work.run();
    transaction.rollback();
  }

  private void send(JMSContext context, String text) {
    context.createProducer().send(context.createQueue(queue), text);
  }

  private void send(Session session, String text) throws JMSException {
    session.createProducer(session.createQueue(queue)).send(session.createTextMessage(text));
  }

  private String receive(JMSContext context) {
    try (JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
      return consumer.receiveBody(String.class, RECEIVE_MILLIS);
    }
  }

  /** What everybody sees, in order. */
  private List<String> stored() throws JMSException {
    try (JMSContext context = injected.factory().createContext();
        QueueBrowser browser = context.createBrowser(context.createQueue(queue))) {
      List<String> texts = new ArrayList<>();
      for (Enumeration<?> left = browser.getEnumeration(); left.hasMoreElements(); ) {
        texts.add(((TextMessage) left.nextElement()).getText());
      }
      return texts;
    }
  }

  @Test
  @OperateOnDeployment("application")
  void messagesOfInjectedContextsAndRowsAreOneDecision() throws Exception {
    rollBack(
        () -> {
          rows.insert(id);
          send(injected.configured(), "1");
          send(other.configured(), "2");
        });
    assertThat(stored()).isEmpty();
    assertThat(rows.has(id)).isFalse();

    commit(
        () -> {
          rows.insert(id);
          send(injected.configured(), "3");
          send(other.configured(), "4");
          send(injected.configured(), "5");
        });
    assertThat(stored()).containsExactly("3", "4", "5");
    assertThat(rows.has(id)).isTrue();

    rollBack(() -> assertThat(receive(injected.configured())).isEqualTo("3"));
    commit(() -> assertThat(receive(injected.configured())).isEqualTo("3"));
    assertThat(stored()).containsExactly("4", "5");
  }

  /** A temporary queue is its connection's alone, and ends with it. */
  @Test
  @OperateOnDeployment("application")
  void injectedContextsOfOneTransactionShareAConnectionThatEndsWithIt() throws Exception {
    Queue[] replies = new Queue[1];
    commit(
        () -> {
          send(injected.configured(), "1");
          replies[0] = injected.configured().createTemporaryQueue();
          assertThat(other.configured().createConsumer(replies[0]).receiveNoWait()).isNull();
        });

    rollBack(
        () ->
            assertThatThrownBy(() -> other.configured().createConsumer(replies[0]))
                .isInstanceOf(InvalidDestinationRuntimeException.class));
  }

  @Test
  @OperateOnDeployment("application")
  void injectedContextsWorkAtOnceOutsideOfTransactions() throws Exception {
    send(injected.configured(), "1");
    assertThat(stored()).containsExactly("1");
    assertThat(receive(other.configured())).isEqualTo("1");
    assertThat(stored()).isEmpty();

    assertThat(injected.configured().getSessionMode()).isEqualTo(JMSContext.AUTO_ACKNOWLEDGE);
    assertThat(injected.lazilyAcknowledging().getSessionMode())
        .isEqualTo(JMSContext.DUPS_OK_ACKNOWLEDGE);
    assertThat(injected.configured().getTransacted()).isFalse();
    commit(() -> assertThat(injected.lazilyAcknowledging().getTransacted()).isTrue());
  }

  @Test
  @OperateOnDeployment("application")
  void injectedContextsOfDefinedFactoriesFollowTheTransaction() throws Exception {
    rollBack(() -> send(injected.defined(), "1"));
    commit(() -> send(injected.defined(), "2"));
    send(injected.defined(), "3");

    assertThat(stored()).containsExactly("2", "3");
  }

  @Test
  @OperateOnDeployment("application")
  void injectedContextsRefuseWhatIsTheContainers() throws Exception {
    assertRefusesWhatIsTheContainers(injected.configured());
    rollBack(() -> assertRefusesWhatIsTheContainers(injected.configured()));
  }

  private static void assertRefusesWhatIsTheContainers(JMSContext context) {
    Map<String, ThrowingCallable> calls =
        Map.of(
            "close", context::close,
            "start", context::start,
            "stop", context::stop,
            "commit", context::commit,
            "rollback", context::rollback,
            "recover", context::recover,
            "acknowledge", context::acknowledge,
            "setAutoStart", () -> context.setAutoStart(false),
            "setClientID", () -> context.setClientID("mine"),
            "setExceptionListener", () -> context.setExceptionListener(failure -> {}));
    calls.forEach(
        (name, call) ->
            assertThatThrownBy(call).as(name).isInstanceOf(IllegalStateRuntimeException.class));
    assertThatThrownBy(() -> context.createContext(JMSContext.AUTO_ACKNOWLEDGE))
        .isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> context.createProducer().setAsync(null))
        .isInstanceOf(JMSRuntimeException.class);
  }

  @Test
  @OperateOnDeployment("application")
  void connectionsAndContextsRefuseWhatIsForbiddenInAServer() throws Exception {
    try (Connection connection = injected.factory().createConnection();
        Session session = connection.createSession();
        JMSContext context = injected.factory().createContext();
        JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
      List<ThrowingCallable> checked =
          List.of(
              connection::createSession,
              connection::stop,
              () -> connection.setClientID("mine"),
              () -> connection.setExceptionListener(failure -> {}),
              () -> connection.createConnectionConsumer(null, null, null, 1),
              () -> session.setMessageListener(message -> {}),
              session::commit);
      checked.forEach(call -> assertThatThrownBy(call).isInstanceOf(JMSException.class));
      List<ThrowingCallable> unchecked =
          List.of(
              () -> context.createContext(JMSContext.AUTO_ACKNOWLEDGE),
              context::stop,
              () -> context.setClientID("mine"),
              () -> context.setExceptionListener(failure -> {}),
              () -> consumer.setMessageListener(message -> {}),
              () -> context.createProducer().setAsync(null));
      unchecked.forEach(call -> assertThatThrownBy(call).isInstanceOf(JMSRuntimeException.class));
    }
  }

  @Test
  @OperateOnDeployment("application")
  void aSessionServesOneTransactionAfterTheOther() throws Exception {
    transaction.begin();
    try (Connection connection = injected.factory().createConnection();
        Session session = connection.createSession()) {
      send(session, "1");
      transaction.commit();
      rollBack(() -> send(session, "2"));
      commit(() -> send(session, "3"));
    }

    assertThat(stored()).containsExactly("1", "3");
  }

  @Test
  @OperateOnDeployment("application")
  void aSessionFromBeforeTheTransactionTakesPartInIt() throws Exception {
    try (Connection connection = injected.factory().createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      rollBack(() -> send(session, "1"));
      commit(() -> send(session, "2"));
      send(session, "3");
    }

    assertThat(stored()).containsExactly("2", "3");
  }

  @Test
  @OperateOnDeployment("application")
  void twoConnectionsOfOneTransactionAreOneDecision() throws Exception {
    rollBack(() -> sendOverTwoConnections("1"));
    assertThat(stored()).isEmpty();

    commit(() -> sendOverTwoConnections("2"));
    assertThat(stored()).containsExactlyInAnyOrder("2 first", "2 second");
  }

  private void sendOverTwoConnections(String text) throws JMSException {
    try (Connection first = injected.factory().createConnection();
        Connection second = injected.factory().createConnection();
        Session ofFirst = first.createSession();
        Session ofSecond = second.createSession()) {
      send(ofFirst, text + " first");
      send(ofSecond, text + " second");
    }
  }
}
