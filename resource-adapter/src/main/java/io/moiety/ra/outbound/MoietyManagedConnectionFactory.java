package io.moiety.ra.outbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.Outlet;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.xa.RecoveryWatch;
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
public final class MoietyManagedConnectionFactory extends FactoryProperties
    implements ManagedConnectionFactory,
        ValidatingManagedConnectionFactory,
        ResourceAdapterAssociation,
        TransactionSupport,
        ConnectionSource {

  private static final long serialVersionUID = 1L;

  private transient @Nullable ResourceAdapter resourceAdapter;
  private transient @Nullable PrintWriter logWriter;

  @Override
  public TransactionSupportLevel getTransactionSupport() {
    return mode().level();
  }

  /** Servers call it when they deploy, so what is wrong with the properties shows then. */
  @Override
  public Object createConnectionFactory(ConnectionManager connectionManager)
      throws ResourceException {
    validate();
    return new ConnectionFactoryHandle(this, connectionManager);
  }

  @Override
  public ConnectionFactory createConnectionFactory() throws ResourceException {
    validate();
    return new ConnectionFactoryHandle(this, new UnmanagedConnectionManager());
  }

  @Override
  public ManagedConnection createManagedConnection(
      @Nullable Subject subject, @Nullable ConnectionRequestInfo info) throws ResourceException {
    MoietyXAConnectionFactory factory = newConnectionFactory();
    factory.setClientId(getClientId());
    factory.shareClientId();
    Credentials who = credentials(subject, info);
    who.requirePassword();
    BrokerAccess adapter = adapter();
    return MoietyManagedConnection.open(
        new ConnectionPlan(
            factory,
            this,
            mode(),
            outlet(who),
            who,
            defaults(),
            adapter,
            adapter.recoveryWatch(options())));
  }

  private Outlet outlet(Credentials who) throws ResourceException {
    if (mode() != TransactionMode.CHECK_BACK) {
      return Outlet.NONE;
    }
    BrokerAccess adapter = adapter();
    return adapter
        .checkBackGroups()
        .outlet(
            checkBackSettings(),
            new CheckBackBroker(adapter, options().as(who.user(), who.password())),
            adapter
                .transactions()
                .orElseThrow(
                    () ->
                        new ResourceAdapterInternalException(
                            "The server gives the resource adapter no"
                                + " TransactionSynchronizationRegistry, which transactionMode"
                                + " CHECK_BACK needs")));
  }

  @Override
  public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
    return adapter().newConnectionFactory(options());
  }

  @Override
  public RecoveryWatch recoveryWatch() throws ResourceException {
    return adapter().recoveryWatch(options());
  }

  /** Itself: equal to one of an application that was deployed again. */
  @Override
  public Object recoveryKey() {
    return this;
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
    if (!(adapter instanceof BrokerAccess.Holder)) {
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

  /** Who a connection is for that is asked for so. */
  Credentials credentials(@Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
    return Credentials.resolve(this, subject, info, new Credentials(getUser(), getPassword()));
  }

  private BrokerAccess adapter() throws ResourceException {
    if (resourceAdapter instanceof BrokerAccess.Holder adapter) {
      return adapter.access();
    }
    throw new ResourceAdapterInternalException(
        "This connection factory has no resource adapter yet; the server sets it before use");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MoietyManagedConnectionFactory that
        && properties().equals(that.properties())
        && Objects.equals(resourceAdapter, that.resourceAdapter);
  }

  @Override
  public int hashCode() {
    return properties().hashCode();
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "[transactionMode="
        + getTransactionMode()
        + (getAddresses().isEmpty() ? "" : ", addresses=" + getAddresses())
        + (getUser().isEmpty() ? "" : ", user=" + getUser())
        + "]";
  }
}
