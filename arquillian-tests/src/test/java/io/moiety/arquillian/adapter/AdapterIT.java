package io.moiety.arquillian.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyXAConnectionFactory;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.XAConnection;
import jakarta.transaction.UserTransaction;
import java.io.File;
import java.util.UUID;
import javax.transaction.xa.XAResource;
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

/** Enterprise beans and the adapter in a real server: the transaction decides row and messages. */
@ArquillianTest
final class AdapterIT {

  private static final long RECEIVE_MILLIS = 10_000;

  @EJB private Orders orders;
  @EJB private DefinedBean defined;

  @Resource private UserTransaction transaction;

  private ConnectionFactory connectionFactory;
  private final String id = UUID.randomUUID().toString();

  @Deployment(name = "adapter", order = 1, testable = false)
  static ResourceAdapterArchive adapter() {
    return ShrinkWrap.create(ZipImporter.class, "moiety-ra.rar")
        .importFrom(new File(System.getProperty("moiety.rar")))
        .as(ResourceAdapterArchive.class);
  }

  @Deployment(name = "application", order = 2)
  static WebArchive application() {
    return ShrinkWrap.create(WebArchive.class, "adapter-test.war")
        .addPackage(AdapterIT.class.getPackage())
        .addAsWebInfResource("adapter/web.xml", "web.xml")
        .addAsWebInfResource("adapter/jboss-web.xml", "jboss-web.xml")
        .addAsWebInfResource("adapter/jboss-ejb3.xml", "jboss-ejb3.xml")
        .addAsWebInfResource(
            "adapter/jboss-deployment-structure.xml", "jboss-deployment-structure.xml")
        .addAsWebInfResource("adapter/glassfish-web.xml", "glassfish-web.xml")
        .addAsWebInfResource("adapter/glassfish-ejb-jar.xml", "glassfish-ejb-jar.xml")
        .addAsWebInfResource("adapter/glassfish-resources.xml", "glassfish-resources.xml");
  }

  @BeforeEach
  void prepare() throws Exception {
    if (orders != null) {
      orders.createTable();
      connectionFactory = orders.connectionFactory();
    }
  }

  /** A transaction that was decided leaves nothing for recovery to find. */
  @AfterEach
  void nothingIsInDoubt() throws Exception {
    if (orders == null) {
      return;
    }
    try (XAConnection connection =
        new MoietyXAConnectionFactory("127.0.0.1:" + Integer.getInteger("moiety.listenPort"))
            .createXAConnection()) {
      XAResource resource = connection.createXASession().getXAResource();
      assertThat(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)).isEmpty();
    }
  }

  @Test
  @OperateOnDeployment("application")
  void commitDeliversTheMessagesOnceWithTheRow() throws Exception {
    orders.place(id);

    awaitMarker();
    assertThat(Deliveries.of(Orders.ORDERS, id)).hasSize(1);
    assertThat(Deliveries.of(Orders.AUDIT, id)).hasSize(1);
    assertThat(orders.hasRow(id)).isTrue();
  }

  @Test
  @OperateOnDeployment("application")
  void exceptionOfTheBeanDeliversNothing() throws Exception {
    assertThatThrownBy(() -> orders.placeAndThrow(id)).isInstanceOf(EJBException.class);

    assertNothingHappened();
  }

  @Test
  @OperateOnDeployment("application")
  void setRollbackOnlyDeliversNothing() throws Exception {
    orders.placeAndSetRollbackOnly(id);

    assertNothingHappened();
  }

  @Test
  @OperateOnDeployment("application")
  void failingBeanGetsTheMessageAgainUntilItIsADeadLetter() throws Exception {
    orders.send(PoisonBean.QUEUE, id);

    // One of an earlier run may be there still.
    await().until(() -> id.equals(receive("%DLQ%" + PoisonBean.QUEUE)));
    assertThat(Deliveries.of(PoisonBean.QUEUE, id))
        .extracting(Deliveries.Delivery::count)
        .containsExactly(1, 2, 3);
  }

  @Test
  @OperateOnDeployment("application")
  void receivingInsertingAndSendingAreOneTransaction() throws Exception {
    orders.send(StepBean.QUEUE, id);

    await().until(() -> Deliveries.of(Orders.ORDERS, id).size() == 1);
    awaitMarker();
    assertThat(Deliveries.of(StepBean.QUEUE, id))
        .extracting(Deliveries.Delivery::count)
        .containsExactly(1, 2, 3);
    assertThat(Deliveries.of(Orders.ORDERS, id)).hasSize(1);
    assertThat(orders.hasRow(id)).isTrue();
  }

  @Test
  @OperateOnDeployment("application")
  void receivingIsPartOfTheCallersTransaction() throws Exception {
    String queue = "it-received-" + id;
    orders.send(queue, id);

    transaction.begin();
    assertThat(receive(queue)).isEqualTo(id);
    transaction.rollback();
    transaction.begin();
    assertThat(receive(queue)).isEqualTo(id);
    transaction.commit();

    try (JMSContext messaging = connectionFactory.createContext();
        JMSConsumer consumer = messaging.createConsumer(messaging.createQueue(queue))) {
      assertThat(consumer.receiveNoWait()).isNull();
    }
  }

  @Test
  @OperateOnDeployment("application")
  void sendsAtOnceWithoutATransaction() throws Exception {
    String queue = "it-at-once-" + id;
    try (JMSContext messaging = connectionFactory.createContext()) {
      messaging.createProducer().send(messaging.createQueue(queue), id);

      assertThat(receive(queue)).isEqualTo(id);
    }
  }

  @Test
  @OperateOnDeployment("application")
  void servesFactoriesAndQueuesThatTheApplicationDefines() throws Exception {
    transaction.begin();
    defined.send(id);
    transaction.rollback();
    defined.send("second " + id);

    await()
        .until(
            () ->
                Deliveries.of(Orders.ORDERS, "second " + id).size() == 1
                    && Deliveries.of(Orders.AUDIT, "second " + id).size() == 1);
    assertNothingHappened();
  }

  private void assertNothingHappened() throws Exception {
    awaitMarker();
    assertThat(Deliveries.of(Orders.ORDERS, id)).isEmpty();
    assertThat(Deliveries.of(Orders.AUDIT, id)).isEmpty();
    assertThat(orders.hasRow(id)).isFalse();
  }

  /** What was sent before a message that has arrived has arrived too, or never will. */
  private void awaitMarker() throws Exception {
    String marker = "marker-" + id;
    orders.place(marker);
    await()
        .until(
            () ->
                Deliveries.of(Orders.ORDERS, marker).size() == 1
                    && Deliveries.of(Orders.AUDIT, marker).size() == 1);
  }

  private String receive(String queue) {
    try (JMSContext messaging = connectionFactory.createContext();
        JMSConsumer consumer = messaging.createConsumer(messaging.createQueue(queue))) {
      return consumer.receiveBody(String.class, RECEIVE_MILLIS);
    }
  }
}
