package io.moiety.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ByGroupAndTopicTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  @Property(tries = 200)
  @Label("it finds by either what a map of both would")
  void findsWhatAMapWould(@ForAll List<@IntRange(max = 53) Integer> steps) {
    ByGroupAndTopic<Integer> index = new ByGroupAndTopic<>();
    Map<Entry<String, String>, Integer> model = new HashMap<>();
    for (int step : steps) {
      String group = NAMES.get(step % 3);
      String topic = NAMES.get(step / 3 % 3);
      Entry<String, String> both = Map.entry(group, topic);
      switch (step / 9) {
        case 0, 1 -> {
          index.put(group, topic, step);
          model.put(both, step);
        }
        case 2 ->
            assertThat(index.findOrAdd(group, topic, () -> -step))
                .isEqualTo(model.computeIfAbsent(both, absent -> -step));
        case 3 -> {
          index.remove(group, topic);
          model.remove(both);
        }
        case 4 -> {
          index.removeGroup(group);
          model.keySet().removeIf(one -> one.getKey().equals(group));
        }
        default -> {
          index.removeTopic(topic);
          model.keySet().removeIf(one -> one.getValue().equals(topic));
        }
      }
      assertSame(index, model);
    }
  }

  private static void assertSame(
      ByGroupAndTopic<Integer> index, Map<Entry<String, String>, Integer> model) {
    Map<Entry<String, String>, Integer> visited = new HashMap<>();
    index.forEach((group, topic, value) -> visited.put(Map.entry(group, topic), value));
    assertThat(visited).isEqualTo(model);
    assertThat(index.isEmpty()).isEqualTo(model.isEmpty());
    for (String name : NAMES) {
      assertThat(index.ofGroup(name).keySet())
          .containsExactlyInAnyOrderElementsOf(
              model.keySet().stream()
                  .filter(one -> one.getKey().equals(name))
                  .map(Entry::getValue)
                  .toList());
      assertThat(index.groupsOn(name))
          .containsExactlyInAnyOrderElementsOf(
              model.keySet().stream()
                  .filter(one -> one.getValue().equals(name))
                  .map(Entry::getKey)
                  .toList());
    }
  }
}
