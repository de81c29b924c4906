package io.moiety.ra.xa;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.transaction.xa.Xid;

/**
 * The name that a transaction manager gives its server, as its Xids carry it. Recovery tells by it
 * which branches are its own, so two servers of one name that share a broker roll back each
 * other's. Stateless.
 */
final class NodeName {

  /** What WildFly calls itself unless its transactions subsystem says otherwise. */
  static final String WILDFLY_DEFAULT = "1";

  /** Of Narayana, WildFly's transaction manager. */
  private static final int NARAYANA_FORMAT = 131_077;

  /** A global id of Narayana's is a unique id of this length, then the name. */
  private static final int UNIQUE_ID_BYTES = 28;

  private NodeName() {}

  /** Empty for the Xids of other transaction managers. */
  static Optional<String> of(Xid xid) {
    byte[] globalId = xid.getGlobalTransactionId();
    if (xid.getFormatId() != NARAYANA_FORMAT || globalId.length <= UNIQUE_ID_BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        new String(
            globalId,
            UNIQUE_ID_BYTES,
            globalId.length - UNIQUE_ID_BYTES,
            StandardCharsets.US_ASCII));
  }
}
