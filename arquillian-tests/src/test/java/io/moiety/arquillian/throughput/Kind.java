package io.moiety.arquillian.throughput;

/** What a call does besides its insert, and how both are kept together. Also inside the server. */
public enum Kind {
  NO_MESSAGE("insert alone, plain data source"),
  CHECK_BACK("insert, and Moiety CHECK_BACK, plain data source"),
  XA("insert, and Moiety XA, XA data source"),
  ARTEMIS_XA("insert, and the server's own Artemis with XA, XA data source");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
