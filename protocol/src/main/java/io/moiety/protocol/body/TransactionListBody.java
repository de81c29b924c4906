package io.moiety.protocol.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of transactions that wait for a decision. It may have fewer than were asked for, even
 * none, and yet not be the last.
 *
 * @param next where the next page begins; null when this is the last
 */
public record TransactionListBody(List<TransactionBody> transactions, @Nullable String next) {

  public TransactionListBody {
    transactions = Members.list(transactions);
  }
}
