package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.OutgoingMessage;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.Outlet;
import io.moiety.protocol.MessageProperties;
import io.moiety.ra.TestDatabase;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What could not be opened or joined is tried again, whatever it was. */
@Timeout(120)
final class CheckBackGroupsTest {

  private static final OutcomePlace PLACE =
      new OutcomePlace("jdbc/test", OutcomePlace.DEFAULT_TABLE);

  private final LaterTasks tasks = new LaterTasks();

  /** What naming, and the factory of connections, throw next. */
  private final Queue<Supplier<Error>> namingErrors = new ArrayDeque<>();

  private final Queue<Supplier<RuntimeException>> factoryFailures = new ArrayDeque<>();
  private MemberAtBroker other;
  private PlainDataSource dataSource;
  private CheckBackGroups groups;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    other = MemberAtBroker.join(store);
    dataSource = new PlainDataSource(TestDatabase.h2());
    groups = new CheckBackGroups(tasks, this::find, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    groups.close();
    other.close();
  }

  private DataSource find(String name) {
    Supplier<Error> error = namingErrors.poll();
    if (error != null) {
      throw error.get();
    }
    return dataSource;
  }

  private final class TestBroker implements CheckBackGroups.Broker {

    @Override
    public Object key() {
      return other.addresses();
    }

    @Override
    public MoietyXAConnectionFactory factory() throws JMSException {
      Supplier<RuntimeException> failure = factoryFailures.poll();
      if (failure != null) {
        throw failure.get();
      }
      MoietyXAConnectionFactory factory = new MoietyXAConnectionFactory();
      factory.setAddresses(other.addresses());
      return factory;
    }
  }

  private static TransactionSynchronizationRegistry activeTransaction() {
    return (TransactionSynchronizationRegistry)
        Proxy.newProxyInstance(
            CheckBackGroupsTest.class.getClassLoader(),
            new Class<?>[] {TransactionSynchronizationRegistry.class},
            (proxy, method, arguments) ->
                method.getName().equals("getTransactionStatus") ? Status.STATUS_ACTIVE : null);
  }

  private static void send(Outlet outlet) throws JMSException {
    outlet.take(
        new OutgoingMessage(
            "orders",
            OutgoingMessage.ANY_QUEUE,
            MessageProperties.empty(),
            ByteBuffer.wrap(new byte[] {1}),
            0,
            0,
            0,
            Optional.empty()));
  }

  @Test
  void aTableIsOpenedAgainAfterAnErrorOfItsDriver() throws Exception {
    ReceivedMessages received = groups.received(PLACE, true, activeTransaction());
    dataSource.throwOnce(new NoClassDefFoundError("of the driver"));
    assertThatThrownBy(() -> received.wasProcessed("group", "id"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("of the driver");

    assertThat(received.wasProcessed("group", "id")).isFalse();
  }

  @Test
  void aTableIsOpenedAgainAfterAnErrorOfTheServersNaming() throws Exception {
    ReceivedMessages received = groups.received(PLACE, true, activeTransaction());
    namingErrors.add(() -> new NoClassDefFoundError("of the naming"));
    assertThatThrownBy(() -> received.wasProcessed("group", "id"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("of the naming");

    assertThat(received.wasProcessed("group", "id")).isFalse();
  }

  @Test
  void aGroupIsJoinedAgainAfterAFailureThatNobodyExpects() {
    CheckBackSettings settings =
        new CheckBackSettings(
            PLACE,
            true,
            CheckBackSettings.DEFAULT_FENCE_AFTER_SECONDS,
            CheckBackSettings.DEFAULT_FENCE_RETENTION_DAYS,
            Optional.empty());
    Outlet outlet = groups.outlet(settings, new TestBroker(), activeTransaction());
    factoryFailures.add(() -> new IllegalStateException("of the factory"));
    assertThatThrownBy(() -> send(outlet)).hasMessageContaining("of the factory");

    // The group is joined then, and this data source takes no part in the transaction.
    assertThatThrownBy(() -> send(outlet)).hasMessageContaining("auto-commit mode");
  }

  @Test
  void aBeanThatAnswersJoinsAgainAfterAFailureThatNobodyExpects() throws Exception {
    Checkers checkers = new Checkers(tasks, new TestBroker());
    MoietyCheckerSpec spec = new MoietyCheckerSpec();
    spec.setProducerGroup(MemberAtBroker.GROUP);
    factoryFailures.add(() -> new IllegalStateException("of the factory"));
    checkers.activate(checkerBeans(), spec);
    assertThat(members()).noneMatch(id -> id.startsWith("moiety-checker"));

    tasks.runLater();

    Awaitility.await()
        .until(() -> members().stream().anyMatch(id -> id.startsWith("moiety-checker")));
    checkers.close();
  }

  private Set<String> members() throws Exception {
    return other.membership().members().get(30, TimeUnit.SECONDS);
  }

  /** Of a bean that is not called here, outside of transactions. */
  private static MessageEndpointFactory checkerBeans() {
    Map<String, Object> answers =
        Map.of("isDeliveryTransacted", false, "hashCode", 1, "getEndpointClass", Message.class);
    return (MessageEndpointFactory)
        Proxy.newProxyInstance(
            CheckBackGroupsTest.class.getClassLoader(),
            new Class<?>[] {MessageEndpointFactory.class},
            (proxy, method, arguments) -> answers.get(method.getName()));
  }
}
