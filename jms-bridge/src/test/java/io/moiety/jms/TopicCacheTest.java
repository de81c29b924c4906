package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicCacheTest {

  private final FakeLink link = new FakeLink();
  private final TopicCache topics = new TopicCache(link);

  @Test
  void queueIsMadeAlsoWhereTheTopicOfItsNameIsKnown() throws Exception {
    topics.queues(new MoietyTopic("x"), "x");
    assertThat(link.requests).hasSize(1);
    topics.queues(new MoietyQueue("x"), "x");
    assertThat(link.requests).containsExactly("createTopic", "createTopic");
  }

  @Test
  void eachIsAskedForOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      topics.queues(new MoietyTopic("x"), "x");
      topics.queues(new MoietyQueue("x"), "x");
    }
    assertThat(link.requests).hasSize(2);
  }
}
