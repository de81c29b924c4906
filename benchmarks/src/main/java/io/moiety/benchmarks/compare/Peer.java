package io.moiety.benchmarks.compare;

/** Whose figure it is: a column of the table. */
enum Peer {
  ROCKETMQ("RocketMQ 5.5.0"),
  MOIETY("Moiety"),
  NULL_BROKER("null broker");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
