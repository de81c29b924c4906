package io.moiety.broker.log;

import java.util.Optional;

/**
 * Who has a store open, as published beside its lock.
 *
 * @param processId the operating system's process id, in the holder's own name space
 * @param address where the holder listens, once it does
 */
public record StoreHolder(long processId, Optional<String> address) {

  private static final String PROCESS = "pid=";
  private static final String ADDRESS = "address=";

  String describe() {
    return "process " + processId + address.map(at -> ", which listens on " + at).orElse("");
  }

  String format() {
    return PROCESS + processId + "\n" + address.map(at -> ADDRESS + at + "\n").orElse("");
  }

  /** Reads what {@link #format} wrote; empty when it is anything else. */
  static Optional<StoreHolder> parse(String text) {
    Optional<Long> processId = Optional.empty();
    Optional<String> address = Optional.empty();
    for (String line : text.split("\n", -1)) {
      if (line.matches(PROCESS + "\\d{1,18}")) {
        processId = Optional.of(Long.parseLong(line.substring(PROCESS.length())));
      } else if (line.startsWith(ADDRESS)) {
        address = Optional.of(line.substring(ADDRESS.length()));
      }
    }
    Optional<String> at = address;
    return processId.map(id -> new StoreHolder(id, at));
  }
}
