package io.moiety.ra.outbound;

import io.moiety.client.BrokerAddress;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.broker.BrokerAccess;
import jakarta.jms.ConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of one connection factory, and says which of them serve again. A bean: its
 * properties are set by the server before the first connection is made, and not changed after.
 */
public final class MoietyManagedConnectionFactory
    implements ManagedConnectionFactory,
        ValidatingManagedConnectionFactory,
        ResourceAdapterAssociation,
        TransactionSupport {

  private static final long serialVersionUID = 1L;

  private String transactionMode = TransactionMode.XA.name();
  private String addresses = "";
  private String user = "";
  private String password = "";
  private String clientId = "";
  private transient @Nullable ResourceAdapter resourceAdapter;
  private transient @Nullable PrintWriter logWriter;

  public String getTransactionMode() {
    return transactionMode;
  }

  /**
   * {@code XA}: messages are part of the caller's transaction. {@code NONE}: they are sent and
   * received at once.
   */
  public void setTransactionMode(String transactionMode) {
    this.transactionMode = TransactionMode.parse(transactionMode).name();
  }

  public String getAddresses() {
    return addresses;
  }

  /** A broker of this factory's own, as {@code host:port,…}; empty for the adapter's. */
  public void setAddresses(String addresses) {
    if (!addresses.isBlank()) {
      BrokerAddress.parseList(addresses);
    }
    this.addresses = addresses.trim();
  }

  public String getUser() {
    return user;
  }

  /** Who connects when neither container nor application says so; empty for the adapter's user. */
  public void setUser(String user) {
    this.user = user;
  }

  public String getPassword() {
    return password;
  }

  /** Of {@link #setUser}; never logged. */
  public void setPassword(String password) {
    this.password = password;
  }

  public String getClientId() {
    return clientId;
  }

  /**
   * The client id of the connections, for unshared durable subscriptions; empty for none. With one,
   * a pool can only have one connection open.
   */
  public void setClientId(String clientId) {
    this.clientId = clientId;
  }

  @Override
  public TransactionSupportLevel getTransactionSupport() {
    return mode().level();
  }

  @Override
  public Object createConnectionFactory(ConnectionManager connectionManager) {
    return new ConnectionFactoryHandle(this, connectionManager);
  }

  @Override
  public ConnectionFactory createConnectionFactory() {
    return new ConnectionFactoryHandle(this, new UnmanagedConnectionManager());
  }

  @Override
  public ManagedConnection createManagedConnection(
      @Nullable Subject subject, @Nullable ConnectionRequestInfo info) throws ResourceException {
    BrokerAccess broker = broker();
    MoietyXAConnectionFactory factory = broker.newConnectionFactory();
    if (!addresses.isEmpty()) {
      factory.setAddresses(addresses);
    }
    factory.setClientId(clientId);
    return MoietyManagedConnection.open(
        factory, mode(), credentials(subject, info), new TransactionGuard(broker.transactions()));
  }

  @Override
  @SuppressWarnings("rawtypes") // As the interface has it.
  public @Nullable ManagedConnection matchManagedConnections(
      Set connections, @Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
    Credentials wanted = credentials(subject, info);
    for (Object connection : connections) {
      if (connection instanceof MoietyManagedConnection candidate && candidate.serves(wanted)) {
        return candidate;
      }
    }
    return null;
  }

  @Override
  @SuppressWarnings("rawtypes") // As the interface has it.
  public Set<ManagedConnection> getInvalidConnections(Set connections) {
    Set<ManagedConnection> invalid = new HashSet<>();
    for (Object connection : connections) {
      if (connection instanceof MoietyManagedConnection ours && ours.isBroken()) {
        invalid.add(ours);
      }
    }
    return invalid;
  }

  @Override
  public @Nullable ResourceAdapter getResourceAdapter() {
    return resourceAdapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
    if (!(adapter instanceof BrokerAccess)) {
      throw new ResourceAdapterInternalException(
          "This connection factory belongs to Moiety's resource adapter, not to "
              + adapter.getClass().getName());
    }
    resourceAdapter = adapter;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    logWriter = out;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }

  private TransactionMode mode() {
    return TransactionMode.parse(transactionMode);
  }

  private Credentials credentials(@Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
    return Credentials.resolve(this, subject, info, new Credentials(user, password));
  }

  private BrokerAccess broker() throws ResourceException {
    if (resourceAdapter instanceof BrokerAccess broker) {
      return broker;
    }
    throw new ResourceAdapterInternalException(
        "This connection factory has no resource adapter yet; the server sets it before use");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MoietyManagedConnectionFactory that
        && transactionMode.equals(that.transactionMode)
        && addresses.equals(that.addresses)
        && user.equals(that.user)
        && password.equals(that.password)
        && clientId.equals(that.clientId)
        && Objects.equals(resourceAdapter, that.resourceAdapter);
  }

  @Override
  public int hashCode() {
    return Objects.hash(transactionMode, addresses, user, clientId);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "[transactionMode="
        + transactionMode
        + (addresses.isEmpty() ? "" : ", addresses=" + addresses)
        + "]";
  }
}
