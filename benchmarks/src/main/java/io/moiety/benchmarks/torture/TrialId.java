package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.protocol.BranchXid;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one transaction of a run.
 *
 * @param client the client process that began it; none has the number of an earlier one
 * @param number counts the transactions of that process
 */
record TrialId(int client, int number) {
  private static final int FORMAT_ID = 0x746F7274;
  private static final byte[] QUALIFIER = {1};
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:[.|].*)?");

  String text() {
    return client + "." + number;
  }

  /** What the body of its message with that number, from 1 on, begins with. */
  String message(int ordinal) {
    return text() + "." + ordinal;
  }

  BranchXid xid() {
    return new BranchXid(FORMAT_ID, text().getBytes(US_ASCII), QUALIFIER);
  }

  /** The transaction that a message's name, or all of its body, speaks of. */
  static Optional<TrialId> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new TrialId(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** The transaction of a branch; empty for one that is not of a torture run. */
  static Optional<TrialId> of(BranchXid xid) {
    return xid.getFormatId() == FORMAT_ID
        ? parse(new String(xid.getGlobalTransactionId(), US_ASCII))
        : Optional.empty();
  }
}
