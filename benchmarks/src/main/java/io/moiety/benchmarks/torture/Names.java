package io.moiety.benchmarks.torture;

import java.util.List;

/** The queues of a run. */
final class Names {
  /** Where branches send, and where half messages go when they are committed. */
  static final List<String> OUTPUTS = List.of("torture-0", "torture-1", "torture-2", "torture-3");

  /** Where branches consume from. */
  static final String INPUTS = "torture-inputs";

  private Names() {}
}
