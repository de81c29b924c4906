package io.moiety.jms;

import io.moiety.client.BrokerAddress;
import io.moiety.client.ClientConfig;
import io.moiety.client.Credentials;
import io.moiety.client.EventLoops;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The properties that both connection factories have, as a bean: set before the first connection is
 * made, by one thread. Connections keep the values of the moment in which they were made.
 */
public abstract sealed class MoietyFactory implements Referenceable, Serializable
    permits MoietyConnectionFactory, MoietyXAConnectionFactory {

  private static final long serialVersionUID = 1L;

  private String addresses = "localhost:" + BrokerAddress.DEFAULT_PORT;
  private String user = "";
  private String password = "";
  private String clientId = "";
  private String trustedClasses = "";
  private int prefetch = 256;
  private int maxDeliveries = 10;
  private long requestTimeoutMillis = 15_000;
  private long connectTimeoutMillis = 5_000;
  private long reconnectTimeoutMillis;
  private boolean tls;
  private String tlsTrustFile = "";
  private String tlsTrustPassword = "";
  private String tlsKeyStore = "";
  private String tlsKeyStorePassword = "";
  private boolean tlsVerifyHostName = true;
  private int branchTimeoutSeconds = 300;
  private boolean clientIdShared;
  private transient @Nullable EventLoops eventLoops;
  private transient @Nullable Executor notifications;
  private transient @Nullable Consumer<Xid> unansweredRollbacks;

  MoietyFactory() {}

  public String getAddresses() {
    return addresses;
  }

  /** {@code host:port}, several separated by commas; the first that answers serves. */
  public void setAddresses(String addresses) {
    BrokerAddress.parseList(addresses);
    this.addresses = addresses;
  }

  public String getUser() {
    return user;
  }

  /** The access key with which requests are signed; empty for brokers that know no users. */
  public void setUser(String user) {
    this.user = user;
  }

  public String getPassword() {
    return password;
  }

  /** The secret key of {@link #setUser}; it is not sent, and never logged. */
  public void setPassword(String password) {
    this.password = password;
  }

  public String getClientId() {
    return clientId;
  }

  /**
   * The client id of the connections, empty for none; with one, only one connection can be open at
   * a time.
   */
  public void setClientId(String clientId) {
    this.clientId = clientId;
  }

  public int getPrefetch() {
    return prefetch;
  }

  /**
   * How many messages a consumer may hold ahead at most, 1..10000. One with a listener begins with
   * 16; with twice as many each time that its listener takes half of them in less than 5 ms, with
   * half as many when it needs more than 20 ms. A receive brings what it returns; only one of many
   * that follow each other closely brings up to 16. What nobody takes, since no other receive
   * follows, the listener was taken away or the connection stopped, goes back after 50 ms,
   * uncounted.
   */
  public void setPrefetch(int prefetch) {
    this.prefetch = prefetch;
  }

  public long getRequestTimeoutMillis() {
    return requestTimeoutMillis;
  }

  /** How long any answer of the broker is waited for. */
  public void setRequestTimeoutMillis(long requestTimeoutMillis) {
    this.requestTimeoutMillis = requestTimeoutMillis;
  }

  public int getBranchTimeoutSeconds() {
    return branchTimeoutSeconds;
  }

  /**
   * After how long the broker rolls back what is not prepared by then, where the transaction
   * manager sets no timeout of its own; 1..86400.
   */
  public void setBranchTimeoutSeconds(int branchTimeoutSeconds) {
    this.branchTimeoutSeconds = branchTimeoutSeconds;
  }

  public long getConnectTimeoutMillis() {
    return connectTimeoutMillis;
  }

  /** How long each address is tried. */
  public void setConnectTimeoutMillis(long connectTimeoutMillis) {
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  public long getReconnectTimeoutMillis() {
    return reconnectTimeoutMillis;
  }

  /**
   * For how long a connection that was lost is tried to be made again, at any of the addresses, 0
   * (not at all) to 86400000. Its sessions, consumers and producers go on then; transactions that
   * were open are rolled back, and what was not acknowledged comes again.
   */
  public void setReconnectTimeoutMillis(long reconnectTimeoutMillis) {
    this.reconnectTimeoutMillis = reconnectTimeoutMillis;
  }

  public int getMaxDeliveries() {
    return maxDeliveries;
  }

  /**
   * After so many deliveries a message of a queue goes to the queue {@code %DLQ%name}, of a durable
   * subscription likewise; 0 never does.
   */
  public void setMaxDeliveries(int maxDeliveries) {
    this.maxDeliveries = maxDeliveries;
  }

  public String getTrustedClasses() {
    return trustedClasses;
  }

  /**
   * Classes ({@code com.acme.Order}) and packages ({@code com.acme.*}) that object messages may
   * bring to life besides numbers, text, times and lists, separated by commas; {@code *} for all.
   */
  public void setTrustedClasses(String trustedClasses) {
    this.trustedClasses = trustedClasses;
  }

  public boolean isTls() {
    return tls;
  }

  /** Whether connections speak TLS. */
  public void setTls(boolean tls) {
    this.tls = tls;
  }

  public String getTlsTrustFile() {
    return tlsTrustFile;
  }

  /**
   * Who may issue the broker's certificate: a PEM file or a key store; empty for those whom the JDK
   * trusts.
   */
  public void setTlsTrustFile(String tlsTrustFile) {
    this.tlsTrustFile = tlsTrustFile;
  }

  public String getTlsTrustPassword() {
    return tlsTrustPassword;
  }

  /** Of {@link #setTlsTrustFile} when it is a key store; never logged. */
  public void setTlsTrustPassword(String tlsTrustPassword) {
    this.tlsTrustPassword = tlsTrustPassword;
  }

  public String getTlsKeyStore() {
    return tlsKeyStore;
  }

  /**
   * A key store with the client's own certificate and key, for brokers that ask for one; empty for
   * none.
   */
  public void setTlsKeyStore(String tlsKeyStore) {
    this.tlsKeyStore = tlsKeyStore;
  }

  public String getTlsKeyStorePassword() {
    return tlsKeyStorePassword;
  }

  /** Of {@link #setTlsKeyStore}; never logged. */
  public void setTlsKeyStorePassword(String tlsKeyStorePassword) {
    this.tlsKeyStorePassword = tlsKeyStorePassword;
  }

  public boolean isTlsVerifyHostName() {
    return tlsVerifyHostName;
  }

  /** Whether the broker's certificate must be for the host that was connected to. */
  public void setTlsVerifyHostName(boolean tlsVerifyHostName) {
    this.tlsVerifyHostName = tlsVerifyHostName;
  }

  /**
   * Lets several connections have the client id at a time, which the specification forbids to
   * applications: for adapters, whose containers make several for one factory and one bean.
   */
  public void shareClientId() {
    clientIdShared = true;
  }

  /**
   * Network threads for all connections of this factory, in place of one thread for each. The
   * caller closes them.
   */
  public void useEventLoops(EventLoops shared) {
    eventLoops = shared;
  }

  /**
   * Where exception listeners are called, in place of a thread of each connection. What it does not
   * run is not told.
   */
  public void useThreadsOf(Executor executor) {
    notifications = executor;
  }

  /**
   * Who is told of each branch that a transaction manager wanted rolled back while the broker could
   * not be reached: some managers do not ask again.
   */
  public void tellUnansweredRollbacks(Consumer<Xid> listener) {
    unansweredRollbacks = listener;
  }

  @Override
  public Reference getReference() {
    return MoietyObjectFactory.reference(this);
  }

  /**
   * For connections without the interfaces of Jakarta Messaging, to the same broker in the same
   * way.
   *
   * @param name what the broker calls the connection, unique among those that are open
   */
  public ClientConfig clientConfig(String name) throws JMSException {
    return settings(null, null, Optional.empty()).clientConfig(name, Optional.empty());
  }

  ConnectionSettings settings() throws JMSException {
    return settings(null, null);
  }

  /** Of one connection, as somebody else than the factory's user, if there is a name. */
  ConnectionSettings settings(@Nullable String userName, @Nullable String secret)
      throws JMSException {
    return settings(
        userName,
        secret,
        clientIdShared ? Optional.empty() : Optional.of(UUID.randomUUID().toString()));
  }

  private ConnectionSettings settings(
      @Nullable String userName, @Nullable String secret, Optional<String> claim)
      throws JMSException {
    return new ConnectionSettings(
        BrokerAddress.parseList(addresses),
        clientId.isEmpty() ? Optional.empty() : Optional.of(clientId),
        claim,
        userName == null || userName.isEmpty()
            ? credentials(user, password)
            : credentials(userName, secret),
        prefetch,
        Duration.ofMillis(requestTimeoutMillis),
        Duration.ofMillis(connectTimeoutMillis),
        Duration.ofMillis(reconnectTimeoutMillis),
        maxDeliveries,
        branchTimeoutSeconds,
        TrustedClasses.parse(trustedClasses),
        new TlsSettings(
                tls,
                tlsTrustFile,
                tlsTrustPassword,
                tlsKeyStore,
                tlsKeyStorePassword,
                tlsVerifyHostName)
            .load(),
        Optional.ofNullable(eventLoops),
        Optional.ofNullable(notifications),
        unansweredRollbacks == null ? branch -> {} : unansweredRollbacks);
  }

  /** Without a secret nothing can be signed, and the broker decides. */
  private static Optional<Credentials> credentials(String name, @Nullable String secret)
      throws JMSSecurityException {
    if (!name.isEmpty() && name.isBlank()) {
      throw new JMSSecurityException(
          "the user's name is blank: give the name of a user, or none for nobody in particular");
    }
    return name.isEmpty() || secret == null || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new Credentials(name, secret));
  }

  JmsConnection connect(Domain domain) throws JMSException {
    return connect(domain, null, null);
  }

  JmsConnection connect(Domain domain, @Nullable String userName, @Nullable String secret)
      throws JMSException {
    ConnectionSettings settings = settings(userName, secret);
    return new JmsConnection(settings, domain, ClientLink.source(settings), Clock.systemUTC());
  }

  JMSContext context(int sessionMode) {
    return context(sessionMode, null, null);
  }

  JMSContext context(int sessionMode, @Nullable String userName, @Nullable String secret) {
    try {
      return JmsContext.open(connect(Domain.COMMON, userName, secret), sessionMode);
    } catch (JMSException failure) {
      throw JmsExceptions.unchecked(failure);
    }
  }

  /** Every property by its bean name. */
  Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("addresses", addresses);
    map.put("user", user);
    map.put("password", password);
    map.put("clientId", clientId);
    map.put("prefetch", Integer.toString(prefetch));
    map.put("requestTimeoutMillis", Long.toString(requestTimeoutMillis));
    map.put("connectTimeoutMillis", Long.toString(connectTimeoutMillis));
    map.put("reconnectTimeoutMillis", Long.toString(reconnectTimeoutMillis));
    map.put("maxDeliveries", Integer.toString(maxDeliveries));
    map.put("trustedClasses", trustedClasses);
    map.put("branchTimeoutSeconds", Integer.toString(branchTimeoutSeconds));
    map.put("tls", Boolean.toString(tls));
    map.put("tlsTrustFile", tlsTrustFile);
    map.put("tlsTrustPassword", tlsTrustPassword);
    map.put("tlsKeyStore", tlsKeyStore);
    map.put("tlsKeyStorePassword", tlsKeyStorePassword);
    map.put("tlsVerifyHostName", Boolean.toString(tlsVerifyHostName));
    return map;
  }

  /** Sets one of {@link #asMap}. */
  void set(String property, String value) {
    switch (property) {
      case "addresses" -> setAddresses(value);
      case "user" -> setUser(value);
      case "password" -> setPassword(value);
      case "clientId" -> setClientId(value);
      case "prefetch" -> setPrefetch(Integer.parseInt(value));
      case "requestTimeoutMillis" -> setRequestTimeoutMillis(Long.parseLong(value));
      case "connectTimeoutMillis" -> setConnectTimeoutMillis(Long.parseLong(value));
      case "reconnectTimeoutMillis" -> setReconnectTimeoutMillis(Long.parseLong(value));
      case "maxDeliveries" -> setMaxDeliveries(Integer.parseInt(value));
      case "trustedClasses" -> setTrustedClasses(value);
      case "branchTimeoutSeconds" -> setBranchTimeoutSeconds(Integer.parseInt(value));
      case "tls" -> setTls(Boolean.parseBoolean(value));
      case "tlsTrustFile" -> setTlsTrustFile(value);
      case "tlsTrustPassword" -> setTlsTrustPassword(value);
      case "tlsKeyStore" -> setTlsKeyStore(value);
      case "tlsKeyStorePassword" -> setTlsKeyStorePassword(value);
      case "tlsVerifyHostName" -> setTlsVerifyHostName(Boolean.parseBoolean(value));
      default ->
          throw new IllegalArgumentException(
              "Property " + property + " is unknown; known are " + asMap().keySet());
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + addresses + "]";
  }
}
