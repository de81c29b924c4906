package io.moiety.broker.store;

/**
 * A topic.
 *
 * @param readQueues queues that consumers see
 * @param writeQueues queues that producers see
 * @param permission RocketMQ's bits: 4 read, 2 write, 1 inherit
 * @param temporary deleted when its connection ends, and when the broker starts
 */
public record TopicConfig(
    String name, int readQueues, int writeQueues, int permission, boolean temporary) {
  public static final int PERMISSION_READ = 4;
  public static final int PERMISSION_WRITE = 2;
  public static final int PERMISSION_READ_WRITE = PERMISSION_READ | PERMISSION_WRITE;
  public static final int MAX_QUEUES = 1024;

  public TopicConfig {
    if (readQueues < 1 || readQueues > MAX_QUEUES || writeQueues < 1 || writeQueues > MAX_QUEUES) {
      throw new IllegalArgumentException(
          "topic "
              + name
              + ": 1 to "
              + MAX_QUEUES
              + " queues are allowed, not "
              + readQueues
              + "/"
              + writeQueues);
    }
    if (permission < 0 || permission > 7) {
      throw new IllegalArgumentException(
          "topic " + name + ": permission 0 to 7, not " + permission);
    }
  }

  /** A topic with the same number of queues for both sides. */
  public static TopicConfig of(String name, int queues) {
    return new TopicConfig(name, queues, queues, PERMISSION_READ_WRITE, false);
  }

  public boolean readable() {
    return (permission & PERMISSION_READ) != 0;
  }

  public boolean writable() {
    return (permission & PERMISSION_WRITE) != 0;
  }
}
