package io.moiety.broker.server;

import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.traffic.RecentTraffic;
import io.moiety.broker.traffic.RecentTraffic.Recent;
import io.moiety.broker.traffic.RecentTraffic.Span;
import io.moiety.broker.traffic.Traffic.GroupOnTopic;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.BrokerStatsBody;
import io.moiety.protocol.body.JsonBodies;
import java.util.Optional;

/** Counts over the last minute, hour and day, of those that RocketMQ has which are kept here. */
public final class StatsHandlers {

  private static final String TOPIC_PUT_NUMS = "TOPIC_PUT_NUMS";
  private static final String GROUP_GET_NUMS = "GROUP_GET_NUMS";

  private final RecentTraffic recent;
  private final BrokerClock clock;

  public StatsHandlers(RecentTraffic recent, BrokerClock clock) {
    this.recent = recent;
    this.clock = clock;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.VIEW_BROKER_STATS_DATA, this::view);
  }

  private void view(Command request, Connection connection, Reply reply) {
    String name = request.fields().requiredText("statsName");
    String key = request.fields().requiredText("statsKey");
    Optional<Recent> minute = find(name, key, Span.MINUTE);
    Optional<Recent> hour = find(name, key, Span.HOUR);
    Optional<Recent> day = find(name, key, Span.DAY);
    if (minute.isEmpty() || hour.isEmpty() || day.isEmpty()) {
      reply.fail(ResponseCode.SYSTEM_ERROR, "The stats <" + name + "> <" + key + "> not exist");
    } else {
      reply.success(
          Fields.empty(),
          JsonBodies.write(
              new BrokerStatsBody(item(day.get()), item(hour.get()), item(minute.get()))));
    }
  }

  private Optional<Recent> find(String name, String key, Span span) {
    int at = key.lastIndexOf('@');
    if (name.equals(TOPIC_PUT_NUMS)) {
      return recent.in(span, key, clock.nowMillis());
    }
    return name.equals(GROUP_GET_NUMS) && at >= 0
        ? recent.out(
            span, new GroupOnTopic(key.substring(at + 1), key.substring(0, at)), clock.nowMillis())
        : Optional.empty();
  }

  private static BrokerStatsBody.Item item(Recent recent) {
    return new BrokerStatsBody.Item(recent.messages(), recent.perSecond());
  }
}
