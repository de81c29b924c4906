package io.moiety.ra.connection;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.resource.ResourceException;

/** Where connections come from: a resource adapter, or one of its connection factories. */
public interface ConnectionSource {

  /**
   * A new factory, whose properties the caller may change.
   *
   * @throws ResourceException when the resource adapter is not started
   */
  MoietyXAConnectionFactory newConnectionFactory() throws ResourceException;

  /**
   * The watch over recovery of the transactions at their broker.
   *
   * @throws ResourceException when the resource adapter is not started
   */
  RecoveryWatch recoveryWatch() throws ResourceException;

  /** Equal for sources whose connections lead to the same broker, as the same user. */
  Object recoveryKey();
}
