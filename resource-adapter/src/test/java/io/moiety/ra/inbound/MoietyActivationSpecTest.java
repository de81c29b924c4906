package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.MoietyQueue;
import io.moiety.jms.MoietyTopic;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.resource.spi.InvalidPropertyException;
import java.util.Map;
import javax.naming.NameNotFoundException;
import org.junit.jupiter.api.Test;

final class MoietyActivationSpecTest {

  private final MoietyActivationSpec spec = new MoietyActivationSpec();
  private final Map<String, Object> bound =
      Map.of(
          "java:/jms/orders", new MoietyQueue("shop.orders"),
          "java:/jms/news", new MoietyTopic("news"),
          "java:/jms/other", "a string");
  private final DestinationNaming naming =
      new DestinationNaming(
          name -> {
            if (!bound.containsKey(name)) {
              throw new NameNotFoundException(name);
            }
            return bound.get(name);
          });

  @Test
  void wantsADestination() {
    assertThatThrownBy(spec::validate)
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContaining("destinationLookup is missing");
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    spec.setDestinationType("queue");
    spec.setAcknowledgeMode("Client");
    spec.setMaxConcurrency(0);
    spec.setMaxDeliveries(-1);

    assertThatThrownBy(spec::validate)
        .hasMessageContainingAll(
            "destinationLookup",
            "destinationType = queue; allowed: jakarta.jms.Queue, jakarta.jms.Topic",
            "acknowledgeMode = Client; allowed: Auto-acknowledge, Dups-ok-acknowledge",
            "maxConcurrency = 0; allowed: 1..1000",
            "maxDeliveries = -1");
  }

  @Test
  void wantsANameForADurableSubscription() {
    spec.setDestinationLookup("news");
    spec.setDestinationType("jakarta.jms.Topic");
    spec.setSubscriptionDurability("Durable");

    assertThatThrownBy(spec::validate).hasMessageContaining("subscriptionName");

    spec.setSubscriptionName("audit");
    assertThatCode(spec::validate).doesNotThrowAnyException();
  }

  @Test
  void sharesADurableSubscriptionThatHasNoClientId() throws Exception {
    spec.setDestinationLookup("news");
    spec.setDestinationType("jakarta.jms.Topic");
    spec.setSubscriptionDurability("Durable");
    spec.setSubscriptionName("audit");

    assertThat(spec.settings(naming).shared()).isTrue();

    spec.setClientId("office");
    assertThat(spec.settings(naming).shared()).isFalse();
  }

  @Test
  void refusesAHotLoop() {
    spec.setDestinationLookup("java:/jms/orders");
    spec.setMaxDeliveries(0);
    assertThatCode(spec::validate).doesNotThrowAnyException();

    spec.setRedeliveryDelayMillis(0L);
    assertThatThrownBy(spec::validate)
        .hasMessageContainingAll("maxDeliveries = 0", "redeliveryDelayMillis");
  }

  @Test
  void aConsumerGroupNeedsNoSubscription() throws Exception {
    spec.setDestinationLookup("java:/jms/news");
    spec.setConsumerGroup("billing");
    assertThat(spec.settings(naming).consumerGroup()).contains("billing");

    spec.setSubscriptionName("audit");
    assertThatThrownBy(spec::validate).hasMessageContaining("consumerGroup lasts");

    spec.setConsumerGroup("no blanks");
    assertThatThrownBy(spec::validate).hasMessageContaining("consumerGroup = no blanks");
  }

  @Test
  void tagsBecomePartOfTheSelector() throws Exception {
    spec.setDestinationLookup("java:/jms/news");
    spec.setTags("red || o'clock");
    assertThat(spec.settings(naming).selector()).contains("JMS_MOIETY_Tags IN ('red', 'o''clock')");

    spec.setMessageSelector("price > 3");
    assertThat(spec.settings(naming).selector())
        .contains("(price > 3) AND JMS_MOIETY_Tags IN ('red', 'o''clock')");

    spec.setTags("*");
    assertThat(spec.settings(naming).selector()).contains("price > 3");
  }

  @Test
  void namesAConnectionFactoryOrAddressesButNotBoth() {
    spec.setDestinationLookup("java:/jms/news");
    spec.setConnectionFactoryLookup("java:/jms/factory");
    spec.setAddresses("broker:9876");
    spec.setUser("press");
    spec.setPassword("press-secret");
    spec.setConnectTimeoutMillis(1L);
    spec.setRequestTimeoutMillis(1L);

    assertThatThrownBy(spec::validate)
        .hasMessageContainingAll(
            "connectionFactoryLookup and addresses",
            "connectionFactoryLookup and user",
            "connectionFactoryLookup and connectTimeoutMillis",
            "connectionFactoryLookup and requestTimeoutMillis");
  }

  @Test
  void refusesANameForASubscriptionThatHasNone() {
    spec.setDestinationLookup("news");
    spec.setDestinationType("jakarta.jms.Topic");
    spec.setSubscriptionName("audit");

    assertThatThrownBy(spec::validate).hasMessageContaining("neither durable nor shared");
  }

  @Test
  void refusesASubscriptionToAQueueThatOnlyTheServerKnows() {
    spec.setDestinationLookup("java:/jms/orders");
    spec.setShareSubscriptions(true);
    spec.setSubscriptionName("audit");
    assertThatCode(spec::validate).doesNotThrowAnyException();

    assertThatThrownBy(() -> spec.settings(naming)).hasMessageContaining("for topics");
  }

  @Test
  void findsAConnectionFactoryByItsJndiName() throws Exception {
    Object factory = new MoietyManagedConnectionFactory().createConnectionFactory();
    DestinationNaming names = new DestinationNaming(name -> factory);

    assertThat(names.connectionFactory("java:/jms/factory")).isSameAs(factory);
  }

  @Test
  void saysWhatIsUnderTheNameOfAConnectionFactory() {
    assertThatThrownBy(() -> naming.connectionFactory("java:/jms/other"))
        .hasMessageContainingAll("connectionFactoryLookup", "java.lang.String");
    assertThatThrownBy(() -> naming.connectionFactory("java:/jms/none"))
        .hasMessageContaining("nothing under this name");
  }

  @Test
  void refusesASubscriptionToAQueue() {
    spec.setDestinationLookup("orders");
    spec.setDestinationType("jakarta.jms.Queue");
    spec.setSubscriptionDurability("Durable");

    assertThatThrownBy(spec::validate).hasMessageContaining("for topics");
  }

  @Test
  void findsADestinationByItsJndiName() throws Exception {
    spec.setDestinationLookup("java:/jms/orders");

    assertThat(spec.settings(naming).destination()).isEqualTo(new MoietyQueue("shop.orders"));
  }

  @Test
  void takesAnyOtherNameAsTheBrokers() throws Exception {
    spec.setDestinationLookup("orders");
    spec.setDestinationType("jakarta.jms.Queue");

    assertThat(spec.settings(naming).destination()).isEqualTo(new MoietyQueue("orders"));
  }

  @Test
  void wantsTheTypeOfAPlainName() {
    spec.setDestinationLookup("orders");

    assertThatThrownBy(() -> spec.settings(naming)).hasMessageContaining("destinationType");
  }

  @Test
  void doesNotTakeAnUnboundJndiNameForAQueue() {
    spec.setDestinationLookup("java:/jms/missing");
    spec.setDestinationType("jakarta.jms.Queue");

    assertThatThrownBy(() -> spec.settings(naming)).hasMessageContaining("nothing under this name");
  }

  @Test
  void refusesAnObjectThatIsNoDestination() {
    spec.setDestinationLookup("java:/jms/other");

    assertThatThrownBy(() -> spec.settings(naming)).hasMessageContaining("java.lang.String");
  }

  @Test
  void refusesATopicWhereAQueueIsWanted() {
    spec.setDestinationLookup("java:/jms/news");
    spec.setDestinationType("jakarta.jms.Queue");

    assertThatThrownBy(() -> spec.settings(naming)).hasMessageContaining("jakarta.jms.Topic");
  }

  @Test
  void receivesOneMessageAtATimeFromAnUnsharedDurableSubscription() throws Exception {
    spec.setDestinationLookup("java:/jms/news");
    spec.setSubscriptionDurability("Durable");
    spec.setSubscriptionName("audit");
    spec.setClientId("auditor");

    assertThat(spec.settings(naming).maxConcurrency()).isEqualTo(1);
  }
}
