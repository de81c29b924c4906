package io.moiety.broker.filter;

import io.moiety.protocol.RecordView;

/** Wants what both of two filters want. */
record BothMatch(MessageFilter first, MessageFilter second) implements MessageFilter {
  @Override
  public boolean mayMatch(long tagsCode) {
    return first.mayMatch(tagsCode) && second.mayMatch(tagsCode);
  }

  @Override
  public boolean matches(RecordView message) {
    return first.matches(message) && second.matches(message);
  }
}
