package io.moiety.ra.outbound;

import jakarta.jms.ConnectionMetaData;
import jakarta.jms.JMSException;
import jakarta.resource.spi.ManagedConnectionMetaData;

/** What servers show of a connection. */
final class ManagedMetaData implements ManagedConnectionMetaData {

  private static final int UNLIMITED = 0;

  private final String product;
  private final String version;
  private final String user;

  /**
   * @param user who is signed on, whoever said so; empty for nobody in particular
   */
  ManagedMetaData(ConnectionMetaData description, String user) throws JMSException {
    product = description.getJMSProviderName();
    version = description.getProviderVersion();
    this.user = user;
  }

  @Override
  public String getEISProductName() {
    return product;
  }

  @Override
  public String getEISProductVersion() {
    return version;
  }

  @Override
  public int getMaxConnections() {
    return UNLIMITED;
  }

  @Override
  public String getUserName() {
    return user;
  }
}
