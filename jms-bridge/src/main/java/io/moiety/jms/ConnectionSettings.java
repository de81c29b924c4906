package io.moiety.jms;

import io.moiety.client.BrokerAddress;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientInstance;
import io.moiety.client.ClientTls;
import io.moiety.client.Credentials;
import io.moiety.client.EventLoops;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.transaction.xa.Xid;

/**
 * A factory's properties as they are when it makes a connection. Validated once; immutable.
 *
 * @param addresses tried in turn
 * @param clientId the administered one
 * @param claim with one, the connection has its name at the broker for itself; the same after a
 *     reconnect
 * @param credentials who signs the requests; absent for brokers that know no users
 * @param prefetch how many messages a consumer may hold ahead
 * @param reconnectTimeout for how long a lost connection is tried to be made again; zero: not at
 *     all
 * @param maxDeliveries after so many a message of a queue or durable subscription goes to its dead
 *     letters; 0 = unlimited
 * @param branchTimeoutSeconds of transactions whose manager sets none
 * @param tls absent for plain connections
 * @param eventLoops shared network threads; without them each connection has one of its own
 * @param notifications where exception listeners are called; without it each connection has a
 *     thread for that
 * @param unansweredRollbacks told of each branch that a transaction manager wanted rolled back and
 *     that perhaps was not
 */
record ConnectionSettings(
    List<BrokerAddress> addresses,
    Optional<String> clientId,
    Optional<String> claim,
    Optional<Credentials> credentials,
    int prefetch,
    Duration requestTimeout,
    Duration connectTimeout,
    Duration reconnectTimeout,
    int maxDeliveries,
    int branchTimeoutSeconds,
    TrustedClasses trustedClasses,
    Optional<ClientTls> tls,
    Optional<EventLoops> eventLoops,
    Optional<Executor> notifications,
    Consumer<Xid> unansweredRollbacks) {

  ConnectionSettings {
    addresses = List.copyOf(addresses);
    if (prefetch < 1 || prefetch > 10_000) {
      throw new IllegalArgumentException("prefetch = " + prefetch + " is not in 1..10000");
    }
    if (maxDeliveries < 0) {
      throw new IllegalArgumentException(
          "maxDeliveries = " + maxDeliveries + "; allowed: 0 (unlimited) and more");
    }
    if (reconnectTimeout.isNegative() || reconnectTimeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "reconnectTimeoutMillis = "
              + reconnectTimeout.toMillis()
              + " is not in 0 (off)..86400000");
    }
    if (branchTimeoutSeconds < 1 || branchTimeoutSeconds > 86_400) {
      throw new IllegalArgumentException(
          "branchTimeoutSeconds = " + branchTimeoutSeconds + " is not in 1..86400");
    }
  }

  /**
   * @param name what the broker calls the connection
   * @param instance who connects again and again
   */
  ClientConfig clientConfig(String name, Optional<ClientInstance> instance) {
    ClientConfig.Builder config =
        ClientConfig.builder()
            .addresses(addresses)
            .clientId(name)
            .connectTimeout(connectTimeout)
            .requestTimeout(requestTimeout);
    claim.ifPresent(config::claim);
    credentials.ifPresent(config::credentials);
    instance.ifPresent(config::instance);
    tls.ifPresent(config::tls);
    eventLoops.ifPresent(config::eventLoops);
    return config.build();
  }
}
