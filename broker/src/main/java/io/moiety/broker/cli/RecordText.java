package io.moiety.broker.cli;

import io.moiety.broker.log.LogDamage;
import io.moiety.protocol.RecordView;

/** Makes one line of what lies in the log. */
interface RecordText {

  String of(RecordView record);

  String of(LogDamage damage);
}
