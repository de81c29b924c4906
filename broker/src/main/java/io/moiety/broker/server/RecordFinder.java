package io.moiety.broker.server;

import io.moiety.protocol.RecordView;
import java.util.Optional;

/** Looks for a record at a position that a client named, and that need not be one. */
@FunctionalInterface
public interface RecordFinder {

  /** A checked copy of the record that begins there; empty when none does. */
  Optional<RecordView> find(long position);
}
