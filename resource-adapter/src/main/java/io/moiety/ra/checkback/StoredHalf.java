package io.moiety.ra.checkback;

import io.moiety.client.HalfMessage;

/**
 * A half message that is durable at its broker.
 *
 * @param storeUuid names the broker's store
 */
record StoredHalf(String storeUuid, HalfMessage half) {}
