package io.moiety.ra.outbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.Outlet;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.xa.RecoveryWatch;

/**
 * How a managed connection is made and what it is part of. Immutable.
 *
 * @param factory of the connection beneath
 * @param owner the managed connection factory, for the watch over recovery
 * @param mode how it takes part in transactions
 * @param outlet takes the messages of transactions, in mode CHECK_BACK
 * @param credentials whom it is for
 * @param defaults how producers send unless they say otherwise
 * @param adapter that it belongs to
 * @param recoveryWatch over connections to its broker
 */
record ConnectionPlan(
    MoietyXAConnectionFactory factory,
    MoietyManagedConnectionFactory owner,
    TransactionMode mode,
    Outlet outlet,
    Credentials credentials,
    SendOptions defaults,
    BrokerAccess adapter,
    RecoveryWatch recoveryWatch) {}
