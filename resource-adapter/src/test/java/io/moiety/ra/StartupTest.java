package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StartupTest {

  private final List<String> ended = new ArrayList<>();
  private final Startup startup = new Startup();

  private void begin(String what) {
    startup.began(() -> ended.add(what));
  }

  @Test
  void endsWhatItBeganTheLastFirst() {
    begin("broker");
    begin("threads");

    startup.close();

    assertThat(ended).containsExactly("threads", "broker");
  }

  @Test
  void endsTheRestWhenEndingSomethingFails() {
    begin("broker");
    startup.began(
        () -> {
          throw new IllegalStateException("stuck");
        });
    begin("adapter");

    assertThatThrownBy(startup::close).hasMessage("stuck");
    assertThat(ended).containsExactly("adapter", "broker");
  }

  @Test
  void endsNothingAfterItsSuccess() {
    begin("broker");
    startup.succeeded();

    startup.close();

    assertThat(ended).isEmpty();
  }
}
