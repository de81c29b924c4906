package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ExceptionNotifierTest {

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final ExceptionNotifier notifier = ExceptionNotifier.on(tasks::add);

  @Test
  void tellsInOneTaskOfTheExecutorWhatCameUpToThen() {
    notifier.setListener(failure -> told.add(failure.getMessage()));
    notifier.tell(new JMSException("first"));
    notifier.tell(new JMSException("second"));
    assertThat(told).isEmpty();
    assertThat(tasks).hasSize(1);

    tasks.remove().run();
    assertThat(told).containsExactly("first", "second");

    notifier.tell(new JMSException("third"));
    tasks.remove().run();
    assertThat(told).endsWith("third");
  }

  @Test
  void goesOnAfterAnExecutorThatRefused() {
    List<Runnable> accepted = new ArrayList<>();
    ExceptionNotifier refusing =
        ExceptionNotifier.on(
            task -> {
              if (told.isEmpty()) {
                told.add("refused");
                throw new RejectedExecutionException("full");
              }
              accepted.add(task);
            });
    refusing.setListener(failure -> told.add(failure.getMessage()));
    refusing.tell(new JMSException("lost"));

    refusing.tell(new JMSException("told"));
    accepted.get(0).run();

    assertThat(told).containsExactly("refused", "told");
  }

  @Test
  void acceptsNothingAfterItsClose() {
    notifier.setListener(failure -> told.add(failure.getMessage()));
    notifier.close();

    notifier.tell(new JMSException("late"));

    assertThat(tasks).isEmpty();
  }
}
