package io.moiety.benchmarks.compare;

/** When a send is answered; the names are RocketMQ's. */
enum FlushMode {
  ASYNC_FLUSH("async flush"),
  SYNC_FLUSH("sync flush");

  private final String title;

  FlushMode(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
