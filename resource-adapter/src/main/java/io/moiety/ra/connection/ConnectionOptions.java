package io.moiety.ra.connection;

import io.moiety.jms.MoietyXAConnectionFactory;
import java.io.Serializable;

/**
 * How connections are made, as it was configured at one place. Immutable.
 *
 * @param addresses empty: as the resource adapter says
 * @param user empty: as the resource adapter says
 * @param tls goes with the addresses
 * @param connectTimeoutMillis for each address; 0: as the resource adapter says
 * @param requestTimeoutMillis for each answer; 0: as the resource adapter says
 */
public record ConnectionOptions(
    String addresses,
    String user,
    String password,
    TlsOptions tls,
    long connectTimeoutMillis,
    long requestTimeoutMillis)
    implements Serializable {

  /** All that the resource adapter says. */
  public static final ConnectionOptions ADAPTERS =
      new ConnectionOptions("", "", "", new TlsOptions(false, "", "", "", "", true), 0, 0);

  /** These, and the resource adapter's for what is not said here. */
  public ConnectionOptions over(ConnectionOptions adapter) {
    boolean ownBroker = !addresses.isEmpty();
    boolean ownUser = !user.isEmpty();
    return new ConnectionOptions(
        ownBroker ? addresses : adapter.addresses,
        ownUser ? user : adapter.user,
        ownUser ? password : adapter.password,
        ownBroker ? tls : adapter.tls,
        connectTimeoutMillis > 0 ? connectTimeoutMillis : adapter.connectTimeoutMillis,
        requestTimeoutMillis > 0 ? requestTimeoutMillis : adapter.requestTimeoutMillis);
  }

  /** The same for a broker at another place. */
  public ConnectionOptions at(String otherAddresses) {
    return new ConnectionOptions(
        otherAddresses, user, password, tls, connectTimeoutMillis, requestTimeoutMillis);
  }

  /** The same as somebody else, unless that is nobody. */
  public ConnectionOptions as(String otherUser, String otherPassword) {
    return otherUser.isEmpty()
        ? this
        : new ConnectionOptions(
            addresses, otherUser, otherPassword, tls, connectTimeoutMillis, requestTimeoutMillis);
  }

  /** For options that leave nothing to others. */
  public void applyTo(MoietyXAConnectionFactory factory) {
    factory.setAddresses(addresses);
    factory.setUser(user);
    factory.setPassword(password);
    factory.setConnectTimeoutMillis(connectTimeoutMillis);
    factory.setRequestTimeoutMillis(requestTimeoutMillis);
    tls.applyTo(factory);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return addresses + (user.isEmpty() ? "" : " as " + user) + (tls.enabled() ? " by TLS" : "");
  }
}
