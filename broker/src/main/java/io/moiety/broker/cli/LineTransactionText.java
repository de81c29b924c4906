package io.moiety.broker.cli;

import io.moiety.protocol.body.TransactionBody;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A transaction as lines of text, for persons. Times are UTC. */
final class LineTransactionText implements TransactionText {

  @Override
  public String line(TransactionBody transaction) {
    List<String> words = new ArrayList<>();
    words.add(transaction.id());
    words.add(transaction.kind().toLowerCase(Locale.ROOT));
    words.add(transaction.state());
    if (transaction.sinceMillis() != null) {
      words.add("since " + time(transaction.sinceMillis()));
    }
    add(words, "topic", transaction.topic());
    add(words, "group", transaction.group());
    add(words, "transactionId", transaction.transactionId());
    add(words, "checks", transaction.checks());
    if (transaction.nextCheckMillis() != null) {
      words.add("next check " + time(transaction.nextCheckMillis()));
    }
    add(words, "messages", transaction.messages());
    add(words, "acknowledgements", transaction.acknowledgements());
    if (transaction.decidedMillis() != null) {
      words.add("decided " + time(transaction.decidedMillis()));
    }
    if (transaction.decidedBy() != null) {
      words.add("by " + transaction.decidedBy());
    }
    if (transaction.remark() != null) {
      words.add("(" + transaction.remark() + ")");
    }
    return String.join("  ", words);
  }

  @Override
  public String whole(TransactionBody transaction) {
    StringBuilder text = new StringBuilder(line(transaction));
    List<TransactionBody.Part> parts = transaction.parts();
    if (parts != null) {
      parts.forEach(part -> text.append(System.lineSeparator()).append("  ").append(part(part)));
    }
    return text.toString();
  }

  private static String part(TransactionBody.Part part) {
    return part.group() == null
        ? "sends to %s queue %d: %d bytes at position %d"
            .formatted(part.topic(), part.queueId(), part.sizeBytes(), part.first())
        : "acknowledges for %s on %s queue %d: offsets %d to %d"
            .formatted(part.group(), part.topic(), part.queueId(), part.first(), part.last());
  }

  private static void add(List<String> words, String name, @Nullable Object value) {
    if (value != null) {
      words.add(name + " " + value);
    }
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
