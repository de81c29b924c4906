package io.moiety.client;

import io.moiety.protocol.RecordView;
import java.util.concurrent.CompletableFuture;

/** The broker's question what became of a half message. Thread-safe. */
public final class CheckBack {

  private final HalfMessages halfMessages;
  private final HalfMessage half;
  private final RecordView record;
  private final int checkTimes;

  CheckBack(HalfMessages halfMessages, HalfMessage half, RecordView record, int checkTimes) {
    this.halfMessages = halfMessages;
    this.half = half;
    this.record = record;
    this.checkTimes = checkTimes;
  }

  public HalfMessage half() {
    return half;
  }

  /** The message itself, with the topic and queue that it is meant for. */
  public RecordView record() {
    return record;
  }

  /** How often the broker has asked, this time included; 0 when it does not say. */
  public int checkTimes() {
    return checkTimes;
  }

  /** Completes when the broker has taken the answer. */
  public CompletableFuture<Void> answer(Resolution resolution) {
    return halfMessages.end(half, resolution, true, checkTimes);
  }
}
