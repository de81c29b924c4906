package io.moiety.protocol;

/**
 * Codes of requests: RocketMQ's that are in use here, under RocketMQ's names, and Moiety's own
 * (197xx, docs/wire-protocol.md). None of Moiety's is above 32,767, since the binary header has 16
 * bits for it.
 */
public final class RequestCode {

  public static final int SEND_MESSAGE = 10;
  public static final int PULL_MESSAGE = 11;
  public static final int QUERY_MESSAGE = 12;
  public static final int QUERY_CONSUMER_OFFSET = 14;
  public static final int UPDATE_CONSUMER_OFFSET = 15;
  public static final int UPDATE_AND_CREATE_TOPIC = 17;
  public static final int UPDATE_AND_CREATE_TOPIC_LIST = 18;
  public static final int GET_ALL_TOPIC_CONFIG = 21;
  public static final int UPDATE_BROKER_CONFIG = 25;
  public static final int GET_BROKER_CONFIG = 26;
  public static final int GET_BROKER_RUNTIME_INFO = 28;
  public static final int SEARCH_OFFSET_BY_TIMESTAMP = 29;
  public static final int GET_MAX_OFFSET = 30;
  public static final int GET_MIN_OFFSET = 31;
  public static final int GET_EARLIEST_MSG_STORETIME = 32;
  public static final int VIEW_MESSAGE_BY_ID = 33;
  public static final int HEART_BEAT = 34;
  public static final int UNREGISTER_CLIENT = 35;
  public static final int CONSUMER_SEND_MSG_BACK = 36;
  public static final int END_TRANSACTION = 37;
  public static final int GET_CONSUMER_LIST_BY_GROUP = 38;
  public static final int CHECK_TRANSACTION_STATE = 39;
  public static final int NOTIFY_CONSUMER_IDS_CHANGED = 40;
  public static final int LOCK_BATCH_MQ = 41;
  public static final int UNLOCK_BATCH_MQ = 42;
  public static final int CHECK_CLIENT_CONFIG = 46;
  public static final int GET_KV_CONFIG = 101;
  public static final int DELETE_KV_CONFIG = 102;
  public static final int REGISTER_BROKER = 103;
  public static final int UNREGISTER_BROKER = 104;
  public static final int GET_ROUTEINFO_BY_TOPIC = 105;
  public static final int GET_BROKER_CLUSTER_INFO = 106;
  public static final int UPDATE_AND_CREATE_SUBSCRIPTIONGROUP = 200;
  public static final int GET_ALL_SUBSCRIPTIONGROUP_CONFIG = 201;
  public static final int GET_TOPIC_STATS_INFO = 202;
  public static final int GET_CONSUMER_CONNECTION_LIST = 203;
  public static final int GET_PRODUCER_CONNECTION_LIST = 204;
  public static final int WIPE_WRITE_PERM_OF_BROKER = 205;
  public static final int GET_ALL_TOPIC_LIST_FROM_NAMESERVER = 206;
  public static final int DELETE_SUBSCRIPTIONGROUP = 207;
  public static final int GET_CONSUME_STATS = 208;
  public static final int DELETE_TOPIC_IN_BROKER = 215;
  public static final int DELETE_TOPIC_IN_NAMESRV = 216;
  public static final int GET_KVLIST_BY_NAMESPACE = 219;
  public static final int RESET_CONSUMER_CLIENT_OFFSET = 220;
  public static final int INVOKE_BROKER_TO_RESET_OFFSET = 222;
  public static final int GET_TOPICS_BY_CLUSTER = 224;
  public static final int UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST = 225;
  public static final int QUERY_TOPIC_CONSUME_BY_WHO = 300;
  public static final int GET_SYSTEM_TOPIC_LIST_FROM_NS = 304;
  public static final int GET_SYSTEM_TOPIC_LIST_FROM_BROKER = 305;
  public static final int GET_CONSUMER_RUNNING_INFO = 307;
  public static final int CONSUME_MESSAGE_DIRECTLY = 309;
  public static final int SEND_MESSAGE_V2 = 310;
  public static final int CLONE_GROUP_OFFSET = 314;
  public static final int VIEW_BROKER_STATS_DATA = 315;
  public static final int GET_BROKER_CONSUME_STATS = 317;
  public static final int GET_NAMESRV_CONFIG = 319;
  public static final int SEND_BATCH_MESSAGE = 320;
  public static final int SEND_REPLY_MESSAGE = 324;
  public static final int SEND_REPLY_MESSAGE_V2 = 325;
  public static final int PUSH_REPLY_MESSAGE_TO_CLIENT = 326;
  public static final int ADD_WRITE_PERM_OF_BROKER = 327;
  public static final int GET_ALL_PRODUCER_INFO = 328;
  public static final int QUERY_TOPICS_BY_CONSUMER = 343;
  public static final int GET_TOPIC_CONFIG = 351;
  public static final int GET_SUBSCRIPTIONGROUP_CONFIG = 352;
  public static final int LITE_PULL_MESSAGE = 361;
  public static final int RECALL_MESSAGE = 370;
  public static final int QUERY_ASSIGNMENT = 400;
  public static final int SET_MESSAGE_REQUEST_MODE = 401;
  public static final int POP_MESSAGE = 200_050;
  public static final int ACK_MESSAGE = 200_051;
  public static final int CHANGE_MESSAGE_INVISIBLETIME = 200_053;
  public static final int NOTIFICATION = 200_054;
  public static final int BATCH_ACK_MESSAGE = 200_151;

  // Moiety's own: sessions and deliveries.
  public static final int HELLO = 19_701;
  public static final int SESSION_OPEN = 19_702;
  public static final int SESSION_CLOSE = 19_703;
  public static final int RECEIVE = 19_704;
  public static final int CONSUMER_CLOSE = 19_705;
  public static final int HANDED_OVER = 19_706;
  public static final int RELEASE = 19_707;
  public static final int ACKNOWLEDGE = 19_708;
  public static final int SESSION_RECOVER = 19_709;

  // Moiety's own: branches of distributed transactions.
  public static final int XA_START = 19_721;
  public static final int XA_END = 19_722;
  public static final int XA_PREPARE = 19_723;
  public static final int XA_COMMIT = 19_724;
  public static final int XA_ROLLBACK = 19_725;
  public static final int XA_RECOVER = 19_726;
  public static final int XA_FORGET = 19_727;
  public static final int XA_OUTCOME = 19_728;

  // Moiety's own: what became of messages whose answers were lost.
  public static final int HALF_OUTCOME = 19_731;
  public static final int SEND_OUTCOME = 19_732;

  // Moiety's own: topics and subscriptions.
  public static final int TOPIC_CREATE = 19_741;
  public static final int TOPIC_DELETE = 19_742;
  public static final int SUBSCRIBE = 19_743;
  public static final int UNSUBSCRIBE = 19_744;
  public static final int BROWSE = 19_745;

  // Moiety's own: what an administrator asks and decides.
  public static final int TRANSACTION_LIST = 19_761;
  public static final int TRANSACTION_SHOW = 19_762;
  public static final int TRANSACTION_DECIDE = 19_763;

  // Moiety's own: messages that wait for their time.
  public static final int DELAYED_LIST = 19_771;
  public static final int DELAYED_CANCEL = 19_772;
  public static final int DELAYED_DELIVER = 19_773;

  private static final int BINARY_CODE_MASK = 0xFFFF;

  private RequestCode() {}

  /**
   * The request code that a binary header's 16 bits stand for. RocketMQ's clients cut POP's codes
   * (200050 and up) to 16 bits; RocketMQ's broker then refuses them as 3442 and so on, while here
   * they are taken for what they were.
   */
  static int ofBinaryHeader(int code16) {
    return switch (code16) {
      case POP_MESSAGE & BINARY_CODE_MASK -> POP_MESSAGE;
      case ACK_MESSAGE & BINARY_CODE_MASK -> ACK_MESSAGE;
      case CHANGE_MESSAGE_INVISIBLETIME & BINARY_CODE_MASK -> CHANGE_MESSAGE_INVISIBLETIME;
      case NOTIFICATION & BINARY_CODE_MASK -> NOTIFICATION;
      case BATCH_ACK_MESSAGE & BINARY_CODE_MASK -> BATCH_ACK_MESSAGE;
      default -> code16;
    };
  }
}
