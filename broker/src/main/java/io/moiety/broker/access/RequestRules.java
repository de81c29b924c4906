package io.moiety.broker.access;

import static io.moiety.broker.access.Demand.consume;
import static io.moiety.broker.access.Demand.know;
import static io.moiety.broker.access.Demand.send;

import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.BatchAckBody;
import io.moiety.protocol.body.CheckClientConfigBody;
import io.moiety.protocol.body.HeartbeatBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.LockBatchBody;
import io.moiety.protocol.body.QueryAssignmentBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each request needs: nothing at all, a signature, or also permissions that its fields or its
 * body name. A request that is not listed needs an administrator. Immutable; no I/O.
 */
final class RequestRules {

  /** What one kind of request needs. */
  @FunctionalInterface
  interface Rule {

    /** Besides the signature; throws what makes the request an unreadable one. */
    List<Demand> demands(Command request);
  }

  /** Needs no signature: name-server requests, as in RocketMQ, whose clients begin with them. */
  static final Rule OPEN = request -> List.of();

  /** A signature is enough. */
  private static final Rule SIGNED = request -> List.of();

  private static final Rule ADMIN = request -> List.of(Demand.ADMIN);

  private static final String TOPIC = "topic";
  private static final String GROUP = "group";
  private static final String CONSUMER_GROUP = "consumerGroup";

  private final Map<Integer, Rule> rules = new HashMap<>();

  RequestRules() {
    nameServer();
    sending();
    consuming();
    popping();
    asking();
    administration();
    sessions();
    branches();
  }

  Rule of(int requestCode) {
    return rules.getOrDefault(requestCode, ADMIN);
  }

  boolean lists(int requestCode) {
    return rules.containsKey(requestCode);
  }

  private void put(Rule rule, int... codes) {
    for (int code : codes) {
      rules.put(code, rule);
    }
  }

  private void nameServer() {
    put(OPEN, RequestCode.GET_ROUTEINFO_BY_TOPIC, RequestCode.GET_BROKER_CLUSTER_INFO);
  }

  private void sending() {
    put(
        request -> List.of(send(text(request, TOPIC))),
        RequestCode.SEND_MESSAGE,
        RequestCode.SEND_REPLY_MESSAGE,
        RequestCode.RECALL_MESSAGE,
        RequestCode.HALF_OUTCOME,
        RequestCode.SEND_OUTCOME);
    put(
        request -> List.of(send(text(request, "b"))),
        RequestCode.SEND_MESSAGE_V2,
        RequestCode.SEND_BATCH_MESSAGE,
        RequestCode.SEND_REPLY_MESSAGE_V2);
    put(RequestRules::cancelDelayed, RequestCode.DELAYED_CANCEL);
    put(RequestRules::endTransaction, RequestCode.END_TRANSACTION);
    // Members may know of each other; who is one, its handler sees.
    put(SIGNED, RequestCode.GET_PRODUCER_CONNECTION_LIST);
  }

  private void consuming() {
    Rule group = request -> List.of(new Demand.OfGroup(text(request, CONSUMER_GROUP)));
    Rule groupAndTopic =
        request ->
            List.of(
                new Demand.OfGroup(text(request, CONSUMER_GROUP)), consume(text(request, TOPIC)));
    put(
        groupAndTopic,
        RequestCode.PULL_MESSAGE,
        RequestCode.LITE_PULL_MESSAGE,
        RequestCode.QUERY_CONSUMER_OFFSET,
        RequestCode.UPDATE_CONSUMER_OFFSET);
    put(group, RequestCode.GET_CONSUMER_LIST_BY_GROUP);
    put(RequestRules::heartbeat, RequestCode.HEART_BEAT);
    put(RequestRules::unregister, RequestCode.UNREGISTER_CLIENT);
    put(RequestRules::checkConfig, RequestCode.CHECK_CLIENT_CONFIG);
    put(RequestRules::lock, RequestCode.LOCK_BATCH_MQ, RequestCode.UNLOCK_BATCH_MQ);
    // Of which topic the message is, its handler sees.
    put(
        request -> List.of(new Demand.OfGroup(text(request, GROUP))),
        RequestCode.CONSUMER_SEND_MSG_BACK);
  }

  private void popping() {
    put(
        request ->
            List.of(
                new Demand.OfGroup(text(request, CONSUMER_GROUP)), consume(text(request, TOPIC))),
        RequestCode.POP_MESSAGE,
        RequestCode.NOTIFICATION,
        RequestCode.ACK_MESSAGE,
        RequestCode.CHANGE_MESSAGE_INVISIBLETIME);
    put(RequestRules::batchAck, RequestCode.BATCH_ACK_MESSAGE);
    put(RequestRules::queryAssignment, RequestCode.QUERY_ASSIGNMENT);
  }

  private void asking() {
    put(
        request -> List.of(know(text(request, TOPIC))),
        RequestCode.SEARCH_OFFSET_BY_TIMESTAMP,
        RequestCode.GET_MAX_OFFSET,
        RequestCode.GET_MIN_OFFSET,
        RequestCode.GET_EARLIEST_MSG_STORETIME,
        RequestCode.GET_TOPIC_CONFIG,
        RequestCode.GET_TOPIC_STATS_INFO);
    put(request -> List.of(consume(text(request, TOPIC))), RequestCode.QUERY_MESSAGE);
    // Of which topic the message is, its handler sees.
    put(SIGNED, RequestCode.VIEW_MESSAGE_BY_ID);
    put(
        request -> List.of(new Demand.OfGroup(text(request, CONSUMER_GROUP))),
        RequestCode.GET_CONSUMER_CONNECTION_LIST,
        RequestCode.GET_CONSUME_STATS);
  }

  private void administration() {
    put(
        ADMIN,
        RequestCode.UPDATE_AND_CREATE_TOPIC,
        RequestCode.UPDATE_AND_CREATE_TOPIC_LIST,
        RequestCode.GET_ALL_TOPIC_CONFIG,
        RequestCode.GET_BROKER_CONFIG,
        RequestCode.GET_BROKER_RUNTIME_INFO,
        RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
        RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
        RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
        RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
        RequestCode.DELETE_SUBSCRIPTIONGROUP,
        RequestCode.DELETE_TOPIC_IN_BROKER,
        RequestCode.DELETE_TOPIC_IN_NAMESRV,
        RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
        RequestCode.GET_CONSUMER_RUNNING_INFO,
        RequestCode.CONSUME_MESSAGE_DIRECTLY,
        RequestCode.UPDATE_BROKER_CONFIG,
        RequestCode.GET_KV_CONFIG,
        RequestCode.GET_KVLIST_BY_NAMESPACE,
        RequestCode.DELETE_KV_CONFIG,
        RequestCode.WIPE_WRITE_PERM_OF_BROKER,
        RequestCode.ADD_WRITE_PERM_OF_BROKER,
        RequestCode.GET_TOPICS_BY_CLUSTER,
        RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS,
        RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER,
        RequestCode.GET_NAMESRV_CONFIG,
        RequestCode.QUERY_TOPIC_CONSUME_BY_WHO,
        RequestCode.QUERY_TOPICS_BY_CONSUMER,
        RequestCode.CLONE_GROUP_OFFSET,
        RequestCode.VIEW_BROKER_STATS_DATA,
        RequestCode.GET_BROKER_CONSUME_STATS,
        RequestCode.GET_ALL_PRODUCER_INFO,
        RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG,
        RequestCode.SET_MESSAGE_REQUEST_MODE,
        RequestCode.TRANSACTION_LIST,
        RequestCode.TRANSACTION_SHOW,
        RequestCode.TRANSACTION_DECIDE,
        RequestCode.DELAYED_LIST,
        RequestCode.DELAYED_DELIVER);
  }

  /** What a session has in its hands it got by a RECEIVE that was permitted. */
  private void sessions() {
    put(
        SIGNED,
        RequestCode.HELLO,
        RequestCode.SESSION_OPEN,
        RequestCode.SESSION_CLOSE,
        RequestCode.CONSUMER_CLOSE,
        RequestCode.HANDED_OVER,
        RequestCode.RELEASE,
        RequestCode.ACKNOWLEDGE,
        RequestCode.SESSION_RECOVER);
    put(
        request -> List.of(new Demand.OfGroup(text(request, GROUP)), consume(text(request, TOPIC))),
        RequestCode.RECEIVE,
        RequestCode.BROWSE,
        RequestCode.SUBSCRIBE);
    put(request -> List.of(new Demand.OfGroup(text(request, GROUP))), RequestCode.UNSUBSCRIBE);
    put(request -> List.of(know(text(request, TOPIC))), RequestCode.TOPIC_CREATE);
    put(request -> List.of(Demand.both(text(request, TOPIC))), RequestCode.TOPIC_DELETE);
  }

  /** Whose messages are in a branch, its handler sees. */
  private void branches() {
    put(
        SIGNED,
        RequestCode.XA_START,
        RequestCode.XA_END,
        RequestCode.XA_PREPARE,
        RequestCode.XA_COMMIT,
        RequestCode.XA_ROLLBACK,
        RequestCode.XA_RECOVER,
        RequestCode.XA_FORGET,
        RequestCode.XA_OUTCOME);
  }

  private static String text(Command request, String field) {
    return request.fields().requiredText(field);
  }

  /**
   * Clients name the topic, or after a check-back the broker's own, or as older ones none. Of which
   * topic the half message really is, its handler sees.
   */
  private static List<Demand> endTransaction(Command request) {
    return request
        .fields()
        .text(TOPIC)
        .filter(topic -> !topic.isEmpty() && !topic.equals(SystemTopics.HALF))
        .map(topic -> List.of(send(topic)))
        .orElse(List.of());
  }

  /** Its sender names a message by its id; by its position only an administrator may. */
  private static List<Demand> cancelDelayed(Command request) {
    return request.fields().text("position").isPresent()
        ? List.of(Demand.ADMIN)
        : List.of(send(text(request, TOPIC)));
  }

  private static List<Demand> heartbeat(Command request) {
    List<Demand> demands = new ArrayList<>();
    for (HeartbeatBody.Consumer consumer :
        JsonBodies.readRequest(request.body(), HeartbeatBody.class).consumers()) {
      demands.add(new Demand.OfGroup(consumer.groupName()));
      consumer.subscriptions().forEach(one -> demands.add(consume(one.topic())));
    }
    return demands;
  }

  private static List<Demand> unregister(Command request) {
    return request
        .fields()
        .text(CONSUMER_GROUP)
        .map(group -> List.<Demand>of(new Demand.OfGroup(group)))
        .orElse(List.of());
  }

  private static List<Demand> checkConfig(Command request) {
    CheckClientConfigBody body =
        JsonBodies.readRequest(request.body(), CheckClientConfigBody.class);
    return List.of(new Demand.OfGroup(body.group()), consume(body.subscription().topic()));
  }

  private static List<Demand> lock(Command request) {
    LockBatchBody body = JsonBodies.readRequest(request.body(), LockBatchBody.class);
    return List.of(new Demand.OfGroup(body.consumerGroup()));
  }

  private static List<Demand> batchAck(Command request) {
    List<Demand> demands = new ArrayList<>();
    for (BatchAckBody.Ack ack : JsonBodies.readRequest(request.body(), BatchAckBody.class).acks()) {
      demands.add(new Demand.OfGroup(ack.group()));
      demands.add(consume(ack.topic()));
    }
    return demands;
  }

  private static List<Demand> queryAssignment(Command request) {
    QueryAssignmentBody body = JsonBodies.readRequest(request.body(), QueryAssignmentBody.class);
    return List.of(new Demand.OfGroup(body.consumerGroup()), consume(body.topic()));
  }
}
