package io.moiety.broker.log;

/** How a put ended. The names and meanings are those of RocketMQ's message store. */
public enum PutStatus {
  /** Stored, as durable and as replicated as the configuration asks for. */
  PUT_OK,
  /** Appended, but the force did not finish in time; it may still succeed. */
  FLUSH_DISK_TIMEOUT,
  /** Durable here, but the replica did not confirm in time. */
  FLUSH_SLAVE_TIMEOUT,
  /** Durable here, but no replica was close enough to be asked. */
  SLAVE_NOT_AVAILABLE,
  /** Refused: the message itself cannot be stored (too large, malformed). */
  MESSAGE_ILLEGAL,
  /** Refused: there is no room prepared for it, usually since the disk is full. */
  CREATE_MAPPED_FILE_FAILED,
  /** Refused: the log takes no appends, since it failed or was closed. */
  SERVICE_NOT_AVAILABLE,
  /** Refused: the store is behind and asks to be tried later. */
  OS_PAGE_CACHE_BUSY,
  /** Anything else. */
  UNKNOWN_ERROR
}
