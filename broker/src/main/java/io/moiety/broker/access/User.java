package io.moiety.broker.access;

import io.moiety.broker.config.Secret;
import io.moiety.protocol.SystemTopics;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * One user.
 *
 * @param admin may do everything
 * @param sources addresses that the user may come from; empty for all
 */
record User(
    String accessKey,
    Secret secret,
    boolean admin,
    Grants topics,
    Grants groups,
    List<AddressRange> sources) {

  User {
    sources = List.copyOf(sources);
  }

  boolean mayComeFrom(InetAddress address) {
    return sources.isEmpty() || sources.stream().anyMatch(range -> range.contains(address));
  }

  boolean fulfils(Demand demand) {
    if (admin) {
      return true;
    }
    if (demand instanceof Demand.OfTopic topic) {
      Set<Permission> granted = granted(topic.name());
      return topic.kind() == Demand.Kind.ALL
          ? granted.containsAll(topic.permissions())
          : topic.permissions().stream().anyMatch(granted::contains);
    }
    return demand instanceof Demand.OfGroup group
        && groups.of(group.name()).contains(Permission.SUB);
  }

  /** Patterns are for applications' topics: a broker's own one must be named. */
  private Set<Permission> granted(String topic) {
    return SystemTopics.isReserved(topic) || SystemTopics.isInternal(topic)
        ? topics.ofName(topic)
        : topics.of(topic);
  }
}
