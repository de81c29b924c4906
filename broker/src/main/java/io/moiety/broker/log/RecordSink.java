package io.moiety.broker.log;

import io.moiety.protocol.RecordView;

/** Takes the records of a replay, in log order. */
@FunctionalInterface
public interface RecordSink {

  /**
   * Takes the next record.
   *
   * @param record valid only during the call: its bytes are overwritten by the following records
   */
  void accept(RecordView record);
}
