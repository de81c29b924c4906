package io.moiety.benchmarks.compare;

/**
 * The connection factories of a provider of Jakarta Messaging. Names only, since the other's are
 * not on this class path. Both have a constructor that takes an address.
 *
 * @param factory for what the provider or the application decides
 * @param xaFactory for what a transaction manager decides
 * @param confirming behind the address, what has an {@code AUTO_ACKNOWLEDGE} session wait for the
 *     broker's answer to each acknowledgement
 */
record JmsProvider(String factory, String xaFactory, String confirming) {

  private static final String ARTEMIS = "org.apache.activemq.artemis.jms.client.";

  static JmsProvider of(Peer peer) {
    return switch (peer) {
      case MOIETY ->
          new JmsProvider(
              "io.moiety.jms.MoietyConnectionFactory",
              "io.moiety.jms.MoietyXAConnectionFactory",
              "");
      case ARTEMIS ->
          new JmsProvider(
              ARTEMIS + "ActiveMQConnectionFactory",
              ARTEMIS + "ActiveMQXAConnectionFactory",
              "?blockOnAcknowledge=true");
      case ROCKETMQ, NULL_BROKER ->
          throw new IllegalArgumentException(peer.title() + " has no Jakarta Messaging");
    };
  }
}
