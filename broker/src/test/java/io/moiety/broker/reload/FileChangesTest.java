package io.moiety.broker.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileChangesTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("file"), "one");
  }

  @Test
  void changeCountsOnceWhenItHasComeToRest() throws IOException {
    FileChanges changes = FileChanges.since(List.of(file));
    assertThat(changes.settled()).isFalse();

    Files.writeString(file, "longer");
    assertThat(changes.settled()).as("just seen").isFalse();
    Files.writeString(file, "longer still");
    assertThat(changes.settled()).as("still written").isFalse();
    assertThat(changes.settled()).isTrue();
    assertThat(changes.settled()).isFalse();
  }

  @Test
  void changeCountsAgainAtEachFifthLookUntilItIsTaken() throws IOException {
    FileChanges changes = FileChanges.since(List.of(file));
    Files.writeString(file, "longer");
    changes.settled();
    assertThat(changes.settled()).isTrue();

    assertThat(looks(changes, 10))
        .containsExactly(false, false, false, false, true, false, false, false, false, true);

    changes.taken();
    assertThat(looks(changes, 10)).containsOnly(false);
  }

  private static List<Boolean> looks(FileChanges changes, int count) {
    return Stream.generate(changes::settled).limit(count).toList();
  }

  @Test
  void reasonIsNewsOncePerChange() throws IOException {
    FileChanges changes = FileChanges.since(List.of(file));
    assertThat(changes.isNews("unreadable")).isTrue();
    assertThat(changes.isNews("unreadable")).isFalse();
    assertThat(changes.isNews("empty")).isTrue();

    Files.writeString(file, "longer");
    assertThat(looks(changes, 2)).containsExactly(false, true);
    assertThat(changes.isNews("empty")).isTrue();
  }

  @Test
  void linkThatLeadsElsewhereIsAChange() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "two");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    FileChanges changes = FileChanges.since(List.of(link));

    Files.delete(link);
    Files.createSymbolicLink(link, other);

    assertThat(changes.settled()).isFalse();
    assertThat(changes.settled()).isTrue();
  }

  @Test
  void fileThatComesOrGoesIsAChange() throws IOException {
    Path later = directory.resolve("later");
    FileChanges changes = FileChanges.since(List.of(file, later));
    Files.writeString(later, "");
    assertThat(changes.settled()).isFalse();
    assertThat(changes.settled()).isTrue();
    Files.delete(file);
    assertThat(changes.settled()).isFalse();
    assertThat(changes.settled()).isTrue();
  }
}
