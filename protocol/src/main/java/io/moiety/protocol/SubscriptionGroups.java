package io.moiety.protocol;

/**
 * How the groups of Jakarta Messaging's subscriptions of topics are named. The receivers of a queue
 * are the group of the queue's own name.
 */
public final class SubscriptionGroups {

  private static final String PREFIX = "jms|";

  /** Of unshared subscriptions that end with their consumer. */
  public static final String TRANSIENT = PREFIX + "n|";

  /** Of durable subscriptions, shared and unshared. */
  public static final String DURABLE = PREFIX + "d|";

  /** Of shared subscriptions that end with their last consumer. */
  public static final String SHARED = PREFIX + "s|";

  private SubscriptionGroups() {}

  /** Whether the name is one of a subscription of a topic. */
  public static boolean isOfTopic(String group) {
    return group.startsWith(PREFIX);
  }
}
