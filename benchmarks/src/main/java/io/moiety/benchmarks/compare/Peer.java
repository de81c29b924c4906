package io.moiety.benchmarks.compare;

/** Whose figure it is: a column of the table. */
enum Peer {
  ROCKETMQ("RocketMQ", "5.5.0"),
  ARTEMIS("Artemis", "2.56.0"),
  MOIETY("Moiety", ""),
  NULL_BROKER("null broker", "");

  private final String productName;
  private final String version;

  Peer(String productName, String version) {
    this.productName = productName;
    this.version = version;
  }

  String productName() {
    return productName;
  }

  String title() {
    return (productName + " " + version).strip();
  }
}
