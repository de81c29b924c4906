package io.moiety.broker.server;

import io.moiety.broker.access.Rights;

/**
 * One client in one producer group.
 *
 * @param rights of who signed its last heartbeat
 */
record ProducerClient(Connection connection, Rights rights) {}
