package io.moiety.broker.access;

/**
 * What the sender of a request may do beyond it: for requests that name a message or a branch only
 * by its place, and for what the broker does for a client later. Answers by the rules that hold
 * when it is asked. Thread-safe.
 */
public interface Rights {

  /** To do everything: where there are no users, anybody has them. */
  Rights ALL = FixedRights.ALL;

  /** To do nothing: of who did not sign. */
  Rights NONE = FixedRights.NONE;

  /** To send to the topic, and so to decide what was sent to it. */
  boolean mayProduce(String topic);

  /** To be given messages of the topic. */
  boolean mayConsume(String topic);

  /** To consume as the group. */
  boolean mayJoin(String group);

  /** True when nothing has to be looked at, since everything is allowed. */
  boolean isUnlimited();

  /** The name of the user; empty where there are none. */
  String user();
}
