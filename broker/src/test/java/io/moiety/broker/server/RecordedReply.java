package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is answered. */
final class RecordedReply implements Reply {

  private final Command request;
  private final List<Command> answers = new ArrayList<>();

  RecordedReply(Command request) {
    this.request = request;
  }

  @Override
  public Command request() {
    return request;
  }

  @Override
  public void send(Command response) {
    answers.add(response);
  }

  boolean isAnswered() {
    return !answers.isEmpty();
  }

  /** The answer; there has to be exactly one. */
  Command answer() {
    if (answers.size() != 1) {
      throw new AssertionError("one answer is expected, not " + answers);
    }
    return answers.get(0);
  }
}
