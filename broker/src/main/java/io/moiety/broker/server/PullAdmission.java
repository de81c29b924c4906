package io.moiety.broker.server;

import io.moiety.broker.delivery.GroupReaders;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.HeartbeatBody.MessageModel;
import java.util.Optional;

/**
 * Decides whether a pull may read its queue, and with which filter: the one that it brings, or the
 * one of its client's last heartbeat.
 *
 * <p>Owner: the store turn.
 */
public final class PullAdmission {

  private final TopicTable topics;
  private final GroupTable groups;
  private final ClientRegistry clients;
  private final GroupReaders readers;
  private final SubscriptionReader subscriptions;

  public PullAdmission(
      TopicTable topics,
      GroupTable groups,
      ClientRegistry clients,
      GroupReaders readers,
      SubscriptionReader subscriptions) {
    this.topics = topics;
    this.groups = groups;
    this.clients = clients;
    this.readers = readers;
    this.subscriptions = subscriptions;
  }

  sealed interface Admission {}

  record Admitted(MessageFilter filter) implements Admission {}

  record Refused(int code, String remark) implements Admission {}

  /**
   * @throws io.moiety.broker.filter.BadFilterException when the pull brings a filter that cannot be
   *     understood
   */
  Admission admit(PullRequest pull, Connection connection, long nowMillis) {
    QueueKey queue = pull.queue();
    Optional<TopicConfig> topic = topics.find(queue.topic());
    if (topic.isEmpty()) {
      return new Refused(
          ResponseCode.TOPIC_NOT_EXIST,
          "topic[" + queue.topic() + "] not exist, apply first please!");
    }
    if (!topic.get().readable()) {
      return new Refused(
          ResponseCode.NO_PERMISSION, "the topic " + queue.topic() + " may not be read");
    }
    if (queue.queueId() < 0 || queue.queueId() >= topic.get().readQueues()) {
      return new Refused(
          ResponseCode.INVALID_PARAMETER,
          "queueId "
              + queue.queueId()
              + " is not one of topic "
              + queue.topic()
              + ", which has "
              + topic.get().readQueues()
              + " queues to read");
    }
    Optional<Refused> refusal = refuseGroup(pull.group(), connection);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Admission admission =
        pull.carried().isPresent()
            ? new Admitted(subscriptions.filter(pull.carried().get()))
            : subscribed(pull, connection);
    return admission instanceof Admitted
        ? readers
            .pulls(pull.group(), queue.topic(), connection.id(), nowMillis)
            .<Admission>map(why -> new Refused(DeliveryReplies.codeOf(why.reason()), why.text()))
            .orElse(admission)
        : admission;
  }

  /** As an administrator set it up. */
  private Optional<Refused> refuseGroup(String group, Connection connection) {
    Optional<ClassicSettings> settings = groups.find(group).map(GroupConfig::classic);
    if (settings.filter(known -> !known.consumeEnabled()).isPresent()) {
      return Optional.of(
          new Refused(
              ResponseCode.NO_PERMISSION,
              "subscription group no permission, " + group + ": consumeEnable is false"));
    }
    boolean broadcasting =
        settings.filter(known -> !known.broadcastEnabled()).isPresent()
            && clients
                .consumer(group, connection)
                .filter(member -> member.mode().model() == MessageModel.BROADCASTING)
                .isPresent();
    return broadcasting
        ? Optional.of(
            new Refused(
                ResponseCode.NO_PERMISSION,
                "the consumer group["
                    + group
                    + "] can not consume by broadcast way: consumeBroadcastEnable is false"))
        : Optional.empty();
  }

  private Admission subscribed(PullRequest pull, Connection connection) {
    Optional<Subscription> subscription = lastHeard(pull, connection);
    if (subscription.isEmpty()) {
      return new Refused(
          ResponseCode.SUBSCRIPTION_NOT_EXIST,
          "no heartbeat of this client in group "
              + pull.group()
              + " subscribes to topic "
              + pull.queue().topic());
    }
    if (subscription.get().version() < pull.subscriptionVersion()) {
      return new Refused(
          ResponseCode.SUBSCRIPTION_NOT_LATEST,
          "the last heartbeat's subscription to topic "
              + pull.queue().topic()
              + " is older than this pull's");
    }
    return new Admitted(subscription.get().filter());
  }

  /**
   * The filter of the client's last heartbeat, unless the pull brought its own: what a pull that
   * waits is to be judged by from now on.
   */
  Optional<MessageFilter> filterNow(PullRequest pull, Connection connection) {
    return pull.carried().isPresent()
        ? Optional.empty()
        : lastHeard(pull, connection).map(Subscription::filter);
  }

  private Optional<Subscription> lastHeard(PullRequest pull, Connection connection) {
    return clients
        .consumer(pull.group(), connection)
        .flatMap(member -> Optional.ofNullable(member.subscriptions().get(pull.queue().topic())));
  }
}
