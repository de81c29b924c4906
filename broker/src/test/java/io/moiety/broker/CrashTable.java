package io.moiety.broker;

import io.moiety.broker.TransactionLife.Kind;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.store.StoredFacts;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The crash matrix of docs/transactions.md: what a start makes of what the disk kept last. */
final class CrashTable {
  private static final String HEADING = "## The crash matrix";
  private static final String HEAD = "| life | last record that the disk kept | after the start |";
  private static final String NONE = "none";

  private final Map<String, Map<String, CrashOutcome>> rowsByLife;

  private CrashTable(Map<String, Map<String, CrashOutcome>> rowsByLife) {
    this.rowsByLife = rowsByLife;
  }

  static CrashTable read() {
    try {
      Path inProject = Path.of("docs");
      Path docs = Files.isDirectory(inProject) ? inProject : Path.of("..", "docs");
      List<String> lines = Files.readAllLines(docs.resolve("transactions.md"));
      int begin = lines.subList(lines.indexOf(HEADING), lines.size()).indexOf(HEAD);
      Map<String, Map<String, CrashOutcome>> table = new LinkedHashMap<>();
      lines.stream()
          .skip(lines.indexOf(HEADING) + begin + 2L)
          .takeWhile(line -> line.startsWith("|"))
          .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
          .forEach(
              cells ->
                  table
                      .computeIfAbsent(cells.get(1), life -> new LinkedHashMap<>())
                      .put(cells.get(2).replace("`", ""), CrashOutcome.of(cells.get(3))));
      return new CrashTable(table);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Set<String> lives() {
    return rowsByLife.keySet();
  }

  /** The outcomes of one life, by the last record that the disk kept. */
  Map<String, CrashOutcome> rows(Kind kind) {
    return rowsByLife.getOrDefault(kind.title, Map.of());
  }

  /** The last record of a transaction in a log; all of them lie in one segment, without a gap. */
  static String lastOf(CommitLog log, long beginPosition) {
    String last = NONE;
    long position = beginPosition;
    while (position < log.appendedPosition()) {
      RecordView record = log.find(position).orElseThrow();
      last = label(record).orElse(last);
      position += record.sizeBytes();
    }
    return last;
  }

  /** Where it was sent to, and no copy of a half message. */
  private static boolean isSent(RecordView record) {
    return SysFlag.transactionPart(record.sysFlag()) == SysFlag.TRANSACTION_NONE
        && record.property(PropertyNames.BRANCH_SEQUENCE).isEmpty()
        && record.property(PropertyNames.DUE_OF).isEmpty();
  }

  /** What the document calls a record; empty for one that is not the transaction's. */
  private static Optional<String> label(RecordView record) {
    Optional<String> fact =
        StoredFacts.of(record)
            .map(
                said ->
                    said instanceof BranchDecided decided
                        ? "BranchDecided " + decided.decision()
                        : said.getClass().getSimpleName());
    if (record.topic().equals(SystemTopics.STATE)) {
      return fact.filter(name -> name.startsWith("Branch") || name.equals("HalfChecked"));
    }
    String number =
        record.property(PropertyNames.BRANCH_SEQUENCE).map(sequence -> " " + sequence).orElse("");
    if (record.property(PropertyNames.DUE_OF).isPresent()) {
      return Optional.of("due copy");
    }
    return Optional.of(
        switch (record.topic()) {
              case SystemTopics.HALF -> "half message";
              case SystemTopics.OP_HALF -> "op record";
              case SystemTopics.SCHEDULE, SystemTopics.TIMER -> "copy on the schedule";
              case SystemTopics.CHECK_MAX_TIME -> "copy on " + SystemTopics.CHECK_MAX_TIME;
              default -> isSent(record) ? "message" : "copy";
            }
            + number);
  }
}
