package io.moiety.benchmarks.compare;

/**
 * The connection factories of a provider of Jakarta Messaging. Names only, since the other's are
 * not on this class path. Both have a constructor that takes an address.
 *
 * @param factory for what the provider or the application decides
 * @param xaFactory for what a transaction manager decides
 */
record JmsProvider(String factory, String xaFactory) {

  private static final String ARTEMIS = "org.apache.activemq.artemis.jms.client.";

  static JmsProvider of(Peer peer) {
    return switch (peer) {
      case MOIETY ->
          new JmsProvider(
              "io.moiety.jms.MoietyConnectionFactory", "io.moiety.jms.MoietyXAConnectionFactory");
      case ARTEMIS ->
          new JmsProvider(
              ARTEMIS + "ActiveMQConnectionFactory", ARTEMIS + "ActiveMQXAConnectionFactory");
      case ROCKETMQ, NULL_BROKER ->
          throw new IllegalArgumentException(peer.title() + " has no Jakarta Messaging");
    };
  }
}
