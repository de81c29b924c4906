package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.WideText;
import jakarta.jms.InvalidDestinationException;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Names that applications choose, and what the broker and other clients see of them. */
class DestinationNamesPropertyTest {

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
            Arbitraries.strings().withChars("ab|_-/ .:").ofMinLength(1).ofMaxLength(30),
            Arbitraries.strings().withChars("aü€🐘 ").ofMinLength(1).ofMaxLength(60))
        .filter(name -> !name.isBlank() && !WideText.isNeededFor(name));
  }

  @Property
  void topicsAreWrittenInTheBrokersCharactersOrRefused(@ForAll("names") String name)
      throws Exception {
    Optional<String> topic = topic(name);
    topic.ifPresent(text -> assertThat(text).matches("[%|a-zA-Z0-9_-]{1,127}"));
  }

  /** Characters whose bytes share digits. */
  @Provide
  Arbitrary<Character> alike() {
    return Arbitraries.of('/', '?', 'O', '.', '>', ' ', '@', 'ü', 'ì');
  }

  @Property
  void differentNamesAreDifferentTopics(
      @ForAll("names") String begin, @ForAll("alike") char end, @ForAll("alike") char otherEnd)
      throws Exception {
    Optional<String> topic = topic(begin + end);
    if (topic.isPresent()) {
      assertThat(topic.equals(topic(begin + otherEnd))).isEqualTo(end == otherEnd);
    }
  }

  private static Optional<String> topic(String name) throws Exception {
    try {
      return Optional.of(DestinationNames.topic(new MoietyQueue(name)));
    } catch (InvalidDestinationException refused) {
      assertThat(refused).hasMessageContaining(name);
      return Optional.empty();
    }
  }

  @Property
  void subscriptionsOfDifferentClientsAndNamesAreDifferentGroups(
      @ForAll("names") String client,
      @ForAll("names") String name,
      @ForAll("names") String otherClient,
      @ForAll("names") String otherName)
      throws Exception {
    String group = DestinationNames.durableGroup(client, name);
    assertThat(DestinationNames.requireGroup(group)).isEqualTo(group);
    assertThat(group.equals(DestinationNames.durableGroup(otherClient, otherName)))
        .isEqualTo(client.equals(otherClient) && name.equals(otherName));
    assertThat(DestinationNames.sharedGroup(client, name)).isNotEqualTo(group);
    assertThat(DestinationNames.durableGroup(null, name)).isNotEqualTo(group);
  }

  @Property
  void destinationsAreReadAsTheyWereWritten(@ForAll("names") String name) {
    for (NamedDestination destination :
        new NamedDestination[] {new MoietyQueue(name), new MoietyTopic(name)}) {
      assertThat(DestinationNames.parse(destination.toText())).contains(destination);
    }
  }
}
