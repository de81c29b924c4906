package io.moiety.broker.cli;

import io.moiety.broker.log.LogDamage;
import io.moiety.broker.store.StateRecords;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import java.time.Instant;
import java.util.Optional;

/** A record as a line of words: position, size, place, times, and what else it has. */
final class LineRecordText implements RecordText {
  private final boolean withBody;

  LineRecordText(boolean withBody) {
    this.withBody = withBody;
  }

  @Override
  public String of(RecordView record) {
    StringBuilder line =
        new StringBuilder()
            .append(record.position())
            .append(' ')
            .append(record.sizeBytes())
            .append(' ')
            .append(record.topic())
            .append('/')
            .append(record.queueId())
            .append('@')
            .append(record.queueOffset())
            .append(" stored=")
            .append(Instant.ofEpochMilli(record.storeTimestampMillis()));
    Optional<String> fact = StateRecords.describe(record);
    if (fact.isPresent()) {
      line.append(' ').append(fact.get());
      add(line, "by", record.property(PropertyNames.DECIDED_BY));
      return line.toString();
    }
    line.append(" born=").append(Instant.ofEpochMilli(record.bornTimestampMillis()));
    add(line, "keys", record.property(PropertyNames.KEYS));
    add(line, "uniq", record.property(PropertyNames.UNIQUE_KEY));
    add(line, "tags", record.property(PropertyNames.TAGS));
    add(line, "transaction", transaction(record));
    add(line, "for", record.property(PropertyNames.REAL_TOPIC));
    add(line, "branch", record.property(PropertyNames.BRANCH_INCARNATION));
    add(line, "carried", record.property(PropertyNames.CARRIED));
    add(line, "by", record.property(PropertyNames.DECIDED_BY));
    line.append(" body=").append(record.body().remaining());
    if (withBody) {
      line.append(' ').append(BodyText.of(record));
    }
    return line.toString();
  }

  /** What the transaction bits say, and of a committed copy where its half message was. */
  static Optional<String> transaction(RecordView record) {
    return switch (SysFlag.transactionPart(record.sysFlag())) {
      case SysFlag.TRANSACTION_PREPARED -> Optional.of("prepared");
      case SysFlag.TRANSACTION_COMMIT ->
          Optional.of("commit-of-" + record.preparedTransactionOffset());
      case SysFlag.TRANSACTION_ROLLBACK -> Optional.of("rollback");
      default -> Optional.empty();
    };
  }

  @Override
  public String of(LogDamage damage) {
    return "DAMAGED " + damage.describe() + "; goes on at " + damage.endPosition();
  }

  private static void add(StringBuilder line, String name, Optional<String> value) {
    value.ifPresent(text -> line.append(' ').append(name).append("=\"").append(text).append('"'));
  }
}
