package io.moiety.broker.config;

/** Where the broker runs; decides the defaults of what the two ways need differently. */
public enum Profile {
  /** A process of its own: reachable from other machines, segments of 1 GiB. */
  STANDALONE("0.0.0.0", 9876, 1L << 30),
  /** Inside another process: loopback, a free port, segments of 64 MiB. */
  EMBEDDED("127.0.0.1", 0, 64L << 20);

  final String bindAddress;
  final int listenPort;
  final long segmentBytes;

  Profile(String bindAddress, int listenPort, long segmentBytes) {
    this.bindAddress = bindAddress;
    this.listenPort = listenPort;
    this.segmentBytes = segmentBytes;
  }
}
