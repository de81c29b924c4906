package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.delivery.Subscriptions;
import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord.GroupSet;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MalformedBodyException;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.DataVersionBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RetryPolicyBody;
import io.moiety.protocol.body.SubscriptionGroupBody;
import io.moiety.protocol.body.SubscriptionGroupListBody;
import io.moiety.protocol.body.SubscriptionGroupTableBody;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Consumer groups as RocketMQ's tools create, change, delete and show them. */
public final class GroupAdminHandlers {

  private static final int MAX_RETRIES = 100_000;

  /** Kept as text in a fact. */
  private static final int MAX_POLICY_BYTES = 4_096;

  /** Groups in one request. */
  private static final int MAX_LISTED = 1_000;

  private final GroupTable groups;
  private final Subscriptions subscriptions;
  private final Journal journal;
  private final InTurn inTurn;

  public GroupAdminHandlers(
      GroupTable groups, Subscriptions subscriptions, Journal journal, InTurn inTurn) {
    this.groups = groups;
    this.subscriptions = subscriptions;
    this.journal = journal;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, this::set);
    router.register(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, this::setAll);
    router.register(RequestCode.DELETE_SUBSCRIPTIONGROUP, inTurn.handler(this::delete));
    router.register(RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, this::show);
    router.register(RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, this::showAll);
  }

  /** A group as it is to be. */
  private record Wanted(String name, int maxRetries, ClassicSettings settings) {}

  private void set(Command request, Connection connection, Reply reply) {
    set(List.of(JsonBodies.readRequest(request.body(), SubscriptionGroupBody.class)), reply);
  }

  private void setAll(Command request, Connection connection, Reply reply) {
    List<SubscriptionGroupBody> bodies =
        JsonBodies.readRequest(request.body(), SubscriptionGroupListBody.class).groupConfigList();
    if (bodies.size() > MAX_LISTED) {
      throw new BadFieldException(
          "groupConfigList", bodies.size() + " groups", "at most " + MAX_LISTED);
    }
    set(bodies, reply);
  }

  /** None, when one of them cannot be as it is wanted. */
  private void set(List<SubscriptionGroupBody> bodies, Reply reply) {
    Optional<String> malformed = bodies.stream().flatMap(body -> refuse(body).stream()).findFirst();
    if (malformed.isPresent()) {
      reply.fail(ResponseCode.INVALID_PARAMETER, malformed.get());
      return;
    }
    List<Wanted> wanted = bodies.stream().map(GroupAdminHandlers::wanted).toList();
    inTurn.run(reply, () -> setNow(wanted, reply));
  }

  private static Optional<String> refuse(SubscriptionGroupBody body) {
    return TopicCreation.refuseName(body.groupName())
        .or(
            () ->
                body.attributes().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        "attributes of groups are not kept here: " + body.attributes().keySet()));
  }

  private static Wanted wanted(SubscriptionGroupBody body) {
    int maxRetries =
        inRange(
            "retryMaxTimes",
            body.retryMaxTimes(),
            GroupConfig.DEFAULT_MAX_RETRIES,
            -1,
            MAX_RETRIES);
    return new Wanted(body.groupName(), maxRetries, settings(body));
  }

  private void setNow(List<Wanted> all, Reply reply) {
    for (Wanted wanted : all) {
      Optional<String> refusal = groups.refuse(wanted.name());
      if (refusal.isPresent()) {
        reply.fail(ResponseCode.SYSTEM_ERROR, refusal.get());
        return;
      }
      GroupConfig known =
          groups.find(wanted.name()).orElseGet(() -> GroupConfig.plain(wanted.name()));
      journal.record(new GroupSet(known.with(wanted.maxRetries(), wanted.settings())));
    }
    journal.whenServed(
        journal.endPosition(), outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
  }

  private static ClassicSettings settings(SubscriptionGroupBody body) {
    ClassicSettings absent = ClassicSettings.defaults();
    return new ClassicSettings(
        or(body.consumeEnable(), absent.consumeEnabled()),
        or(body.consumeFromMinEnable(), absent.consumeFromMin()),
        or(body.consumeBroadcastEnable(), absent.broadcastEnabled()),
        body.consumeMessageOrderly(),
        or(body.notifyConsumerIdsChangedEnable(), absent.notifiesMembers()),
        inRange(
            "retryQueueNums",
            body.retryQueueNums(),
            absent.retryQueues(),
            0,
            TopicConfig.MAX_QUEUES),
        body.brokerId(),
        or(body.whichBrokerWhenConsumeSlowly(), absent.slowBrokerId()),
        or(body.consumeTimeoutMinute(), absent.consumeTimeoutMinutes()),
        body.groupSysFlag(),
        policyText(body.groupRetryPolicy()));
  }

  private static int inRange(String name, @Nullable Integer value, int absent, int min, int max) {
    int given = or(value, absent);
    if (given < min || given > max) {
      throw new BadFieldException(name, Integer.toString(given), "from " + min + " to " + max);
    }
    return given;
  }

  private static <T> T or(@Nullable T value, T absent) {
    return value == null ? absent : value;
  }

  private static Optional<String> policyText(@Nullable RetryPolicyBody policy) {
    if (policy == null || policy.equals(RetryPolicyBody.byLevels())) {
      return Optional.empty();
    }
    ByteBuffer text = JsonBodies.write(policy);
    if (text.remaining() > MAX_POLICY_BYTES) {
      throw new MalformedBodyException(
          "member 'groupRetryPolicy' has "
              + text.remaining()
              + " bytes; "
              + MAX_POLICY_BYTES
              + " are allowed");
    }
    return Optional.of(UTF_8.decode(text).toString());
  }

  /** Also one that is not there: offsets and request modes of its name go in any case. */
  private void delete(Command request, Connection connection, Reply reply) {
    String group = request.fields().requiredText("groupName");
    Optional<Refusal> refusal =
        subscriptions.delete(
            connection.id(),
            group,
            outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
    refusal.ifPresent(why -> DeliveryReplies.refuse(reply, why));
  }

  private void show(Command request, Connection connection, Reply reply) {
    String name = request.fields().requiredText("group");
    Optional<GroupConfig> group = groups.find(name);
    if (group.isEmpty()) {
      reply.fail(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, "No group in this broker. group: " + name);
    } else {
      reply.success(Fields.empty(), JsonBodies.write(body(group.get())));
    }
  }

  private void showAll(Command request, Connection connection, Reply reply) {
    List<GroupConfig> all = groups.all().stream().sorted(comparing(GroupConfig::name)).toList();
    Map<String, SubscriptionGroupBody> table =
        TablePage.of(request.fields(), "groupSeq", "maxGroupNum", all).stream()
            .collect(toMap(GroupConfig::name, GroupAdminHandlers::body));
    Fields fields = Fields.builder().put("totalGroupNum", all.size()).build();
    reply.success(
        fields,
        JsonBodies.write(
            new SubscriptionGroupTableBody(new DataVersionBody(0, 0, 0), Map.of(), table)));
  }

  private static SubscriptionGroupBody body(GroupConfig group) {
    ClassicSettings settings = group.classic();
    return new SubscriptionGroupBody(
        Map.of(),
        settings.brokerId(),
        settings.broadcastEnabled(),
        settings.consumeEnabled(),
        settings.consumeFromMin(),
        settings.orderly(),
        settings.consumeTimeoutMinutes(),
        group.name(),
        policy(settings),
        settings.sysFlag(),
        settings.notifiesMembers(),
        group.maxRetries(),
        settings.retryQueues(),
        settings.slowBrokerId());
  }

  private static RetryPolicyBody policy(ClassicSettings settings) {
    return settings
        .retryPolicy()
        .map(text -> JsonBodies.read(UTF_8.encode(text), RetryPolicyBody.class))
        .orElseGet(RetryPolicyBody::byLevels);
  }
}
